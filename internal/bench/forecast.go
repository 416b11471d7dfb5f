// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"time"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/forecast"
)

// benchForecast measures how long it takes to say how long everybody waits: sixty who
// wait and fourteen counters, in first in, first out, and where one in five has
// priority, so that those who may still come count too.
func benchForecast(ctx context.Context, _ options) ([]row, error) {
	var rows []row
	for _, preset := range []queue.Preset{queue.PresetFIFO, queue.PresetTargets} {
		h, err := busyHall(preset)
		if err != nil {
			return nil, err
		}
		f := forecast.New(forecast.Options{})
		refresh := func(int) error {
			f.Forecast(h.state.View(), h.at, h.learner, nil)
			return ctx.Err()
		}
		times, err := measure(200, refresh)
		if err != nil {
			return nil, err
		}
		name := fmt.Sprintf("forecast, 60 waiting, 14 counters, %s", preset)
		rows = append(rows, within(name+", p50", float64(times.at(50).Microseconds())/1000, 20, "ms"),
			within(name+", p99", float64(times.at(99).Microseconds())/1000, 20, "ms"))
		perRun := (h.allocations(220) - h.allocations(20)) / 200
		rows = append(rows, row{
			name: name + ", allocations of a run", figure: fmt.Sprintf("%.2f", perRun), floor: "-", ratio: perRun, aim: "0", met: perRun < .01,
		})
	}
	return rows, nil
}

// allocations returns how often a forecast of so many runs takes memory.
func (h *hallAhead) allocations(runs int) float64 {
	f := forecast.New(forecast.Options{Runs: runs})
	v := h.state.View()
	f.Forecast(v, h.at, h.learner, nil)
	f.Forecast(v, h.at, h.learner, nil)
	const times = 10
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range times {
		f.Forecast(v, h.at, h.learner, nil)
	}
	runtime.ReadMemStats(&after)
	return float64(after.Mallocs-before.Mallocs) / times
}

// hallAhead is an office in memory that a learner follows.
type hallAhead struct {
	state   queue.State
	learner *forecast.Learner
	at      time.Time
	err     error
}

// busyHall returns an office in which sixty wait, after a day of which it has learned.
func busyHall(preset queue.Preset) (*hallAhead, error) {
	s := crowded(14)
	s.Rule.Preset = preset
	s.Classes = append(s.Classes, queue.Class{ID: "priority", Target: 300_000})
	h := &hallAhead{learner: forecast.NewLearner(forecast.Priors{}), at: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	h.do(queue.ChangeSettings{Settings: s}, queue.OpenDay{Clock: h.at})
	for _, c := range s.Counters {
		status, _ := h.state.View().Counter(c.ID)
		h.do(queue.OpenCounter{Counter: c.ID, Seen: status.Seen})
	}
	class := func(i int) queue.ClassID { return s.Classes[i%5/4].ID }
	for i := range 1200 { // each counter serves somebody while the others do
		h.do(queue.IssueTicket{Service: s.Services[i%20].ID, Class: class(i)})
		if i >= 74 {
			h.call(s.Counters[i%14].ID)
			h.at = h.at.Add(time.Duration(5+i*7%60) * time.Second)
		}
	}
	if waiting := slices.Collect(h.state.View().Waiting()); h.err == nil && len(waiting) < 60 {
		h.err = fmt.Errorf("%d wait", len(waiting))
	}
	for t := range h.state.View().Waiting() {
		if n := len(slices.Collect(h.state.View().Waiting())); n > 60 {
			h.do(queue.Cancel{Ticket: t.ID})
		}
	}
	return h, h.err
}

func (h *hallAhead) call(c queue.CounterID) {
	status, _ := h.state.View().Counter(c)
	h.do(queue.CallNext{Counter: c, Seen: status.Seen})
}

func (h *hallAhead) do(commands ...queue.Command) {
	for _, c := range commands {
		if h.err != nil {
			return
		}
		var events []queue.Event
		events, h.err = h.state.Decide(h.at, queue.Actor{Role: queue.RoleSystem}, c)
		for _, e := range events {
			r := queue.Record{Seq: h.state.View().Seq() + 1, At: h.at, Event: e}
			h.state.Apply(r)
			h.learner.Apply(r)
		}
	}
}
