// SPDX-License-Identifier: EUPL-1.2

package forecast

import "time"

// run lets the office run ahead once, until everybody is called who waits now or is a
// guest. It allocates nothing once its memory has grown.
func (f *Forecaster) run(run int) {
	runs := f.options.Runs
	for key := range f.guests {
		f.calls[key*runs+run] = never
	}
	f.begins()
	for left := f.guests; left > 0; {
		i, at := f.first()
		if j, back := f.nextReturn(); back < at {
			f.comeBack(j)
			continue
		}
		if f.overtaken && f.come.at < at && f.come.at < f.horizon {
			f.arrive()
			continue
		}
		if at >= f.horizon {
			return
		}
		key, ok := f.line.Call(i, time.UnixMilli(at))
		if !ok {
			f.next[i], f.idle[i] = never, true
			continue
		}
		if key < f.guests {
			f.calls[key*runs+run] = at
			left--
		}
		if !f.guest(key) {
			f.keep(i, at, key)
		}
	}
}

// begins takes every run back to the present.
func (f *Forecaster) begins() {
	f.line.Set(&f.base)
	for i := range f.counters {
		f.next[i], f.idle[i] = f.present(i, f.begin(i)), false
	}
	f.service = f.service[:f.guests]
	f.met = 0
	f.come.start(&f.dice, f.at)
	f.startReturns()
}

func (f *Forecaster) guest(key int) bool { return key >= f.waiting && key < f.guests }

// keep lets somebody who was called keep a counter for as long as it takes.
func (f *Forecaster) keep(i int, at int64, key int) {
	f.next[i] = f.present(i, at+f.visits.draw(&f.dice, f.service[key])+f.turnover.draw(&f.dice))
}

// first returns the counter that calls next, and when.
func (f *Forecaster) first() (i int, at int64) {
	at = never
	for j, x := range f.next {
		if x < at {
			i, at = j, x
		}
	}
	return i, at
}

// arrive lets somebody come and those look up who have nothing to do.
func (f *Forecaster) arrive() {
	at := f.come.at
	m := f.come.what(&f.dice)
	slot := time.Time{}
	if m.booked {
		slot = time.UnixMilli(at + m.early)
	}
	f.line.Join(m.service, m.class, time.UnixMilli(at), slot)
	f.service = append(f.service, m.service)
	f.wake(m.service, at)
	f.come.draw(&f.dice)
}

// wake lets those look up who had nothing to do and may serve somebody who joins.
func (f *Forecaster) wake(service int, at int64) {
	for i := range f.counters {
		if f.idle[i] && f.line.Serves(i, service) {
			f.next[i], f.idle[i] = f.present(i, at), false
		}
	}
}
