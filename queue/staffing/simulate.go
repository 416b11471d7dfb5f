// SPDX-License-Identifier: EUPL-1.2

package staffing

import (
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// office lets days run by its own calling rule. It keeps its memory from day to day.
type office struct {
	empty, line queue.Line
	counters    int
	turnover    time.Duration
	slack       time.Duration // how long before its end a presence takes nobody any more
	next        []time.Duration
	idle        []bool
	waits       []time.Duration
}

// never is a time that no day has.
const never = 1000 * time.Hour

// newOffice returns the office of a past. A presence is seen to end when a clerk leaves
// after a last citizen; that one was called before. Who would be called closer to it
// than half a service would, as a mean, have the clerk stay too long.
func newOffice(p *Past, days []Day) *office {
	var state queue.State
	state.Apply(queue.Record{Seq: 1, Event: queue.SettingsChanged{Settings: *p.Settings}})
	o := &office{counters: len(p.Settings.Counters), turnover: p.Turnover}
	n := 0
	for _, d := range days {
		for _, v := range d.Visits {
			o.slack += v.Long
			n++
		}
	}
	o.slack /= time.Duration(max(1, 2*n))
	o.empty.Set(state.View().Line())
	o.next, o.idle = make([]time.Duration, o.counters), make([]bool, o.counters)
	return o
}

// instant is a time of a day without a date.
func instant(d time.Duration) time.Time { return time.Unix(0, 0).UTC().Add(d) }

// live lets a day run and returns the wait of each visit, never where nobody calls. The
// result is good until the next call. Whoever is there when the office closes stays
// until all are served.
func (o *office) live(visits []Visit, presence [][]Span, closing time.Duration) []time.Duration {
	o.line.Set(&o.empty)
	o.waits = o.waits[:0]
	for i := range o.next {
		o.next[i], o.idle[i] = o.present(presence[i], 0, closing), false
	}
	for come := 0; ; {
		i, at := 0, never
		for j, x := range o.next {
			if x < at {
				i, at = j, x
			}
		}
		if come < len(visits) && visits[come].At <= at {
			o.come(&visits[come], presence, closing)
			come++
			continue
		}
		if at == never {
			return o.waits
		}
		key, ok := o.line.Call(i, instant(at))
		if !ok {
			o.next[i], o.idle[i] = never, true
			continue
		}
		o.waits[key] = at - visits[key].At
		o.next[i] = o.present(presence[i], at+visits[key].Long+o.turnover, closing)
	}
}

// come lets somebody take a ticket and those look up who have nothing to do.
func (o *office) come(v *Visit, presence [][]Span, closing time.Duration) {
	slot := time.Time{}
	if v.Slot > 0 {
		slot = instant(v.Slot)
	}
	o.line.Join(v.Service, v.Class, instant(v.At), slot)
	o.waits = append(o.waits, never)
	for i := range o.next {
		if o.idle[i] && o.line.Serves(i, v.Service) {
			o.next[i], o.idle[i] = o.present(presence[i], v.At, closing), false
		}
	}
}

// lingers is how long before closing a presence may end that does not end there.
const lingers = 10 * time.Minute

// present returns when a counter is there that would call at a time.
func (o *office) present(spans []Span, at, closing time.Duration) time.Duration {
	for i, s := range spans {
		lingers := i == len(spans)-1 && s.To >= closing-lingers
		switch {
		case at < s.From && (lingers || s.long() > o.slack):
			return s.From
		case at >= s.From && (lingers || at < s.To-o.slack):
			return at
		}
	}
	return never
}
