// SPDX-License-Identifier: EUPL-1.2

package schedule

import (
	"slices"
	"time"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// planFaults puts on the agenda what goes wrong today.
func (h *hall) planFaults(opening time.Time) {
	faults := &h.o.Faults
	strike := func(mean float64, k kind) {
		for range h.dice.times(mean) {
			from, length := opening.Add(-30*time.Minute), h.closing.Sub(opening)+90*time.Minute
			h.on(from.Add(h.dice.between(0, length)), deed{kind: k})
		}
	}
	strike(faults.Crashes, daemonDies)
	strike(faults.ClockSteps, clockIsSet)
	strike(faults.Changes, settingsChange)
	strike(faults.Meddling, somebodyMeddles)
	strike(faults.PaperOuts, paperEnds)
	if h.dice.chance(faults.EarlyClose) {
		h.on(opening.Add(h.dice.between(30*time.Minute, h.closing.Sub(opening))), deed{kind: dayClosesEarly})
	}
	if h.dice.chance(faults.Abandon) {
		h.on(h.closing.Add(-h.dice.between(0, time.Hour)), deed{kind: clerksLeave})
	}
}

func (h *hall) fault(d deed) {
	switch d.kind {
	case daemonDies:
		h.dies()
	case daemonStarts:
		h.start()
	case clockIsSet:
		h.setClock(d)
	case settingsChange:
		h.ask(queue.RoleManager, "manager", queue.ChangeSettings{Settings: h.changed()})
	case somebodyMeddles:
		h.meddle()
	case paperEnds:
		h.noPaper = true
		h.after(h.dice.between(time.Minute, 40*time.Minute), deed{kind: paperIsBack})
	case paperIsBack:
		h.noPaper = false
	default: // not a fault
	}
}

// dies ends the daemon now, or in the middle of the next commit.
func (h *hall) dies() {
	switch {
	case h.down:
	case h.dice.chance(.5):
		h.sometimes[DiedIdle]++
		h.death(noMishap)
	default:
		h.doom = pickOf(h.dice, []mishap{diesUnstored, diesStored})
	}
}

// struck goes on after a commit that failed.
func (h *hall) struck(results []queue.Result) {
	h.disk.struck = false
	told := slices.ContainsFunc(results, func(r queue.Result) bool { return r.Err != nil && refused(r.Err) == "" })
	if seq := h.writer.View().Seq(); seq != h.checked {
		h.fail(violated("I3", "a commit failed and the state moved from record %d to %d", h.checked, seq))
	}
	switch {
	case !told:
		h.fail(violated("I3", "a commit failed and nobody was told"))
	case h.disk.last == diskFull:
		h.sometimes[AppendFailed]++
	default:
		h.death(h.disk.last)
	}
}

// death ends the daemon; it starts again soon.
func (h *hall) death(how mishap) {
	h.sometime(DiedUnstored, how == diesUnstored)
	h.sometime(DiedStored, how == diesStored)
	for s := range h.view.Counters() {
		h.sometime(DiedWithCitizenAtCounter, s.Ticket != 0)
	}
	h.losesPapers()
	h.down, h.died, h.doom = true, how, noMishap
	if err := h.o.Storage.Crash(); err != nil {
		h.fail(err)
	}
	h.after(h.dice.between(2*time.Second, 2*time.Minute), deed{kind: daemonStarts})
}

// start opens the journal and checks that it tells what was acknowledged, and
// nothing else but the commit that was under way.
func (h *hall) start() {
	journal, err := h.o.Storage.Open(h.ctx)
	if err != nil {
		h.fail(err)
		return
	}
	h.disk = &disk{Journal: journal}
	if h.writer, err = h.o.Open(h.ctx, h.disk); err != nil {
		h.fail(err)
		return
	}
	was := h.view
	h.view = h.writer.View()
	h.down = false
	h.life++
	switch seq := h.view.Seq(); {
	case seq < h.checked:
		h.fail(violated("I3", "record %d was acknowledged, the journal ends at %d", h.checked, seq))
	case seq > h.checked && h.died != diesStored:
		h.fail(violated("I3", "the journal ends at record %d, the last one that anybody asked for is %d", seq, h.checked))
	case seq == h.checked:
		if d := was.Difference(h.view); d != "" {
			h.fail(violated("I9", "live and replayed state differ: %s", d))
		}
	}
	h.catchUp()
	h.clock.believe(h.now, h.view.At())
	if _, open := h.view.Day(); open {
		h.settlesPapers()
	}
	for i := range h.clerks {
		h.plan(i, h.dice.between(3*time.Second, 20*time.Second))
	}
}

// catchUp takes the records that were durable before anybody was told.
func (h *hall) catchUp() {
	for r, err := range h.disk.Records(h.ctx, h.checked) {
		if err != nil {
			h.fail(err)
			return
		}
		h.take([]queue.Record{r})
	}
}

// setClock sets the wall clock, or sets it right again.
func (h *hall) setClock(d deed) {
	if d.try > 0 {
		h.clock.wall = 0
		return
	}
	by := h.dice.between(3*time.Second, 2*time.Hour)
	switch h.dice.IntN(4) {
	case 0:
		by = -by
	case 1:
		by = -10 * 365 * 24 * time.Hour
	}
	h.clock.wall += by
	h.sometime(ClockSetBack, by < 0)
	h.after(h.dice.between(5*time.Minute, 2*time.Hour), deed{kind: clockIsSet, try: 1})
}

// meddle lets somebody give one to three random commands in one commit.
func (h *hall) meddle() {
	if h.down {
		return
	}
	var batch []queue.Request
	for range 1 + h.dice.IntN(3) {
		c := queuetest.Command(h.dice, h.view, h.view.At())
		switch c.(type) {
		case queue.OpenDay, queue.CloseDay, queue.StepClock, queue.ReportSlip: // the office's, the clock's and the printer's own
			continue
		}
		batch = append(batch, queue.Request{By: h.by(queue.RoleManager, "manager"), Command: c})
	}
	if len(batch) > 0 {
		h.write(batch...)
	}
}

// changed returns the run's settings with one thing changed. With the next change all
// is as before, but a series stays short: one that has begun anew must not grow.
func (h *hall) changed() queue.Settings {
	s := h.o.Settings
	switch h.dice.IntN(9) {
	case 0:
		s.Rule.Preset = pickOf(h.dice, []queue.Preset{
			queue.PresetFIFO, queue.PresetTargets, queue.PresetPriorityCapped, queue.PresetAppointments, queue.PresetOwnClass,
		})
	case 1:
		s.Rule.Target, s.Rule.Cap = s.Rule.Target/2, s.Rule.Cap*2/3
	case 2:
		s.NoShow.Calls, s.NoShow.After = 1+h.dice.IntN(3), queue.Millis(h.dice.IntN(60_000))
	case 3:
		s.Services = slices.Clone(s.Services)
		x := &s.Services[h.dice.IntN(len(s.Services))]
		x.Quota = 1 + h.dice.IntN(40)
	case 4: // a service goes: refused while it has tickets
		s = without(s, s.Services[h.dice.IntN(len(s.Services))].ID)
	case 5: // a counter comes
		s.Counters = append(slices.Clone(s.Counters), queue.Counter{ID: "extra", Label: "X", Preferred: s.Counters[0].Preferred})
	case 6: // a counter goes: refused while it is open
		s.Counters = slices.Delete(slices.Clone(s.Counters), 0, 1)
	case 7: // a series gets short
		s.Series = slices.Clone(s.Series)
		x := &s.Series[h.dice.IntN(len(s.Series))]
		x.Last = min(x.Last, x.First+8+h.dice.IntN(8))
	case 8:
		s.Slips.OnUnknown = pickOf(h.dice, []queue.UnknownSlip{queue.UnknownKeep, queue.UnknownCopy, queue.UnknownVoid})
		s.Slips.CopyFor = max(s.Slips.CopyFor, 60_000)
		s.FinishOnNext = !s.FinishOnNext
	}
	return s
}

// without returns settings in which a service and what refers to it are missing,
// unless a counter would have nothing to do.
func without(s queue.Settings, id queue.ServiceID) queue.Settings {
	gone := func(x queue.ServiceID) bool { return x == id }
	out := s
	out.Services = slices.DeleteFunc(slices.Clone(s.Services), func(x queue.Service) bool { return x.ID == id })
	out.Counters = slices.Clone(s.Counters)
	for i := range out.Counters {
		c := &out.Counters[i]
		c.Preferred = slices.DeleteFunc(slices.Clone(c.Preferred), gone)
		c.Overflow = slices.DeleteFunc(slices.Clone(c.Overflow), gone)
		if len(c.Preferred) == 0 {
			return s
		}
	}
	return out
}
