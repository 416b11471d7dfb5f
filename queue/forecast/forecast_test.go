// SPDX-License-Identifier: EUPL-1.2

package forecast_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/forecast"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

func presets() []queue.Preset {
	return []queue.Preset{
		queue.PresetFIFO, queue.PresetTargets, queue.PresetPriorityCapped, queue.PresetAppointments, queue.PresetOwnClass,
	}
}

// dice lets rapid choose.
type dice struct{ t *rapid.T }

func (d dice) IntN(n int) int { return rapid.IntRange(0, n-1).Draw(d.t, "") }

// sane fails the test if something is said of a wait that cannot be.
func sane(t rapid.TB, name string, w forecast.Wait) {
	t.Helper()
	if !w.Known() {
		if w.Today != 0 && w.Unknown != forecast.UnknownTooFar {
			t.Errorf("%s is not known, and is called today in %v", name, w.Today)
		}
		if d := cmp.Diff(forecast.Wait{Unknown: w.Unknown, Today: w.Today}, w); d != "" {
			t.Errorf("%s is not known, and yet (-want +got):\n%s", name, d)
		}
		return
	}
	p := []time.Duration{0, w.P05, w.P10, w.P50, w.P80, w.P90, 3 * 24 * time.Hour}
	if !slices.IsSorted(p) {
		t.Errorf("%s: the percentiles are %v", name, p)
	}
	if w.Today < 0 || w.Today > 1 {
		t.Errorf("%s: today %v", name, w.Today)
	}
	from, to, ok := w.Range()
	if !ok || from < 0 || from > to || from == to && to > 0 || to < w.P80 {
		t.Errorf("%s: %v is told as %v to %v", name, p, from, to)
	}
}

// TestAnyDay drives random commands through an office and asks for forecasts in every
// situation that comes of it: each is sane, complete, and the same if asked again.
func TestAnyDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := dice{t}
		settings := queuetest.Office(presets()[d.IntN(5)])
		settings.FinishOnNext = d.IntN(2) == 0
		h := newHall(t, settings)
		f := forecast.New(forecast.Options{Runs: 20, Seed: 7})
		for range rapid.IntRange(1, 80).Draw(t, "steps") {
			h.wait(time.Duration(d.IntN(400)) * time.Second)
			_ = h.ask(queuetest.Command(d, h.view(), h.at)) // refusals are a part of life
			if d.IntN(4) > 0 {
				continue
			}
			now := h.forecast(f)
			var ids []queue.TicketID
			for id, w := range now.Waits() {
				ids = append(ids, id)
				sane(t, h.view().Ticket(id).Number, w)
				h.learner.Promise(id, h.at, w)
			}
			var waiting []queue.TicketID
			for x := range h.view().Waiting() {
				waiting = append(waiting, x.ID)
			}
			if _, open := h.view().Day(); open && !slices.Equal(ids, waiting) {
				t.Errorf("%v wait, the forecast is of %v", waiting, ids)
			}
			for _, s := range settings.Services {
				for _, c := range settings.Classes {
					sane(t, string(s.ID+" "), now.Now(s.ID, c.ID))
				}
			}
			again := forecast.New(forecast.Options{Runs: 20, Seed: 7})
			same(t, now, h.forecast(again))
		}
		for _, o := range h.due {
			if o.Actual < 0 || o.Service == "" {
				t.Errorf("outcome %+v", o)
			}
		}
	})
}

func same(t rapid.TB, a, b *forecast.Forecast) {
	t.Helper()
	collect := func(f *forecast.Forecast) map[queue.TicketID]forecast.Wait {
		out := map[queue.TicketID]forecast.Wait{}
		for id, w := range f.Waits() {
			out[id] = w
		}
		return out
	}
	if d := cmp.Diff(collect(a), collect(b)); d != "" {
		t.Errorf("the same forecast twice (-one +other):\n%s", d)
	}
}

// TestRebuilt reads the journal into a second learner and asks it the same.
func TestRebuilt(t *testing.T) {
	h := crowd(t, queue.PresetTargets, 8, 20)
	again := forecast.NewLearner(forecast.Priors{})
	for _, r := range h.records {
		again.Apply(r)
	}
	f := forecast.New(forecast.Options{})
	same(t, h.forecast(f), f.Forecast(h.view(), h.at, again, nil))
}

// TestOrder: with first in, first out nobody who comes later for the same is told a
// shorter wait, in any percentile.
func TestOrder(t *testing.T) {
	h := crowd(t, queue.PresetFIFO, 8, 40)
	newest := map[queue.ServiceID]forecast.Wait{}
	for id, w := range h.forecast(forecast.New(forecast.Options{})).Waits() {
		x := h.view().Ticket(id)
		before := newest[x.Service]
		if w.P05 < before.P05 || w.P10 < before.P10 || w.P50 < before.P50 || w.P80 < before.P80 || w.P90 < before.P90 {
			t.Errorf("%s waits %v, one before it for %s %v", x.Number, w, x.Service, before)
		}
		newest[x.Service] = w
	}
	if len(newest) != 3 {
		t.Errorf("services %v", newest)
	}
}

// TestGuestsTakeNobodysTime compares what one is told who might come with what one is
// told who has come.
func TestGuestsTakeNobodysTime(t *testing.T) {
	h := crowd(t, queue.PresetFIFO, 8, 40)
	f := forecast.New(forecast.Options{Runs: 2000})
	told := h.forecast(f)
	guest := told.Now("papers", "")
	x := h.issue("papers", "")
	if got := told.Of(x); got != guest {
		t.Errorf("one who came after the forecast is told %v, want %v", got, guest)
	}
	came := h.forecast(f).Ticket(x.ID)
	near(t, "P50", came.P50, guest.P50, guest.P50/20)
	near(t, "P90", came.P90, guest.P90, guest.P90/20)
	for id, w := range told.Waits() {
		after := h.forecast(f).Ticket(id)
		near(t, h.view().Ticket(id).Number, after.P50, w.P50, w.P50/20+5*time.Second)
		break
	}
}

func near(t *testing.T, what string, got, want, within time.Duration) {
	t.Helper()
	if (got - want).Abs() > within {
		t.Errorf("%s is %v, want %v +- %v", what, got, want, within)
	}
}

// TestNothingIsKnown: what cannot be said is not said, and why.
func TestNothingIsKnown(t *testing.T) {
	h := newHall(t, queuetest.Office(queue.PresetFIFO))
	f := forecast.New(forecast.Options{})
	x := h.issue("papers", "")
	expect := func(what string, w forecast.Wait, reason forecast.Reason) {
		t.Helper()
		if w.Unknown != reason {
			t.Errorf("%s: %q, want %q", what, w.Unknown, reason)
		}
		prospect := forecast.ProspectUnknown
		if reason == forecast.UnknownTooFar {
			prospect = forecast.ProspectUnlikely
		}
		if _, _, ok := w.Range(); ok || w.Prospect() != prospect {
			t.Errorf("%s: something is told", what)
		}
		if _, ok := w.ComeBack(h.at); ok {
			t.Errorf("%s: told to come back", what)
		}
	}
	expect("no counter is open", h.forecast(f).Ticket(x.ID), forecast.UnknownNobody)
	h.do(queue.OpenCounter{Counter: "c3"}) // serves papers and cards
	expect("nobody serves taxes", h.forecast(f).Now("taxes", ""), forecast.UnknownNobody)
	expect("no such service", h.forecast(f).Now("beer", ""), forecast.UnknownService)
	expect("no such class", h.forecast(f).Now("papers", "royal"), forecast.UnknownService)
	h.do(queue.CallNext{Counter: "c3"})
	expect("called", h.forecast(f).Ticket(x.ID), forecast.UnknownNotWaiting)
	if w := h.forecast(f).Now("cards", ""); !w.Known() || w.P50 < time.Minute {
		t.Errorf("the counter is busy, the wait is %+v", w)
	}
	h.do(queue.OpenCounter{Counter: "c2"})
	if w := h.forecast(f).Now("cards", ""); !w.Known() || w.P90 != 0 {
		t.Errorf("a counter is idle, the wait is %+v", w)
	}
	expect("called", h.forecast(f).Of(h.view().Ticket(x.ID)), forecast.UnknownNotWaiting)
	for range 600 {
		x = h.issue("papers", "")
	}
	expect("600 before and two counters", h.forecast(f).Ticket(x.ID), forecast.UnknownTooFar)
	h.do(queue.CloseDay{Force: true})
	expect("closed", h.forecast(f).Now("papers", ""), forecast.UnknownClosed)
	expect("closed", h.forecast(f).Ticket(x.ID), forecast.UnknownNotWaiting)
	if w := f.Forecast(&queue.View{}, h.at, h.learner, nil).Now("papers", ""); w.Unknown != forecast.UnknownClosed {
		t.Errorf("an office without settings: %+v", w)
	}
}

// TestNoAllocationPerRun compares forecasts of few and of many runs.
func TestNoAllocationPerRun(t *testing.T) {
	for _, preset := range []queue.Preset{queue.PresetFIFO, queue.PresetTargets, queue.PresetAppointments} {
		h := crowd(t, preset, 14, 60)
		count := func(runs int) float64 {
			f := forecast.New(forecast.Options{Runs: runs})
			h.forecast(f)
			return testing.AllocsPerRun(5, func() { h.forecast(f) })
		}
		if few, many := count(20), count(220); many > few+2 {
			t.Errorf("%s: %v allocations in 20 runs, %v in 220", preset, few, many)
		}
	}
}
