// SPDX-License-Identifier: EUPL-1.2

package figures

import (
	"context"
	"errors"
	"iter"
	"sync"
	"time"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/staffing"
)

// lately is how far back advice looks, from the newest record on: eight weeks and holidays.
const lately = 70 * 24 * time.Hour

// Past is where advice reads from; see the method of the same name of package store.
type Past interface {
	Since(ctx context.Context, at time.Time) (settings []queue.Record, after queue.Seq, err error)
}

// ErrBusy is of a trial while another one runs: each takes a processor.
var ErrBusy = errors.New("figures: another trial is running")

// Advice is what was found to pay, and when.
type Advice struct {
	Made    time.Time // on the office's clock
	Target  staffing.Target
	Reports []staffing.Report // from Monday on
}

// Advisor thinks about how many counters should be open: when a day has ended, and when it
// is asked. It is safe for concurrent use.
type Advisor struct {
	journal Journal
	past    Past
	target  staffing.Target
	asked   chan struct{} // holds one
	trial   sync.Mutex

	mu        sync.Mutex
	collector *staffing.Collector
	heard     queue.Seq
	thinking  bool
	newest    *Advice
}

// NewAdvisor returns an advisor, which knows nothing until [Advisor.Run] runs.
func NewAdvisor(j Journal, past Past, target staffing.Target) *Advisor {
	return &Advisor{journal: j, past: past, target: target, asked: make(chan struct{}, 1)}
}

// Run advises until ctx ends, which gives nil, or the journal cannot be read.
func (a *Advisor) Run(ctx context.Context) error {
	settings, after, err := a.past.Since(ctx, a.journal.View().At().Add(-lately))
	if err != nil {
		return err
	}
	a.mu.Lock()
	a.collector, a.heard = &staffing.Collector{}, after
	for _, r := range settings {
		a.collector.Apply(r)
	}
	a.mu.Unlock()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	failed := make(chan error, 1)
	go func() {
		failed <- a.follow(a.journal.Follow(ctx, after), a.journal.View().Seq())
	}()
	for {
		select {
		case err := <-failed:
			return err
		case <-a.asked:
			a.think()
		}
	}
}

// follow hears what happens. It asks for advice when all of the past is known, and when a day has ended.
func (a *Advisor) follow(records iter.Seq2[queue.Record, error], known queue.Seq) error {
	if known == 0 {
		a.Ask()
	}
	for r, err := range records {
		if err != nil {
			return err
		}
		a.mu.Lock()
		a.collector.Apply(r)
		a.heard = r.Seq
		a.mu.Unlock()
		if _, ended := r.Event.(queue.DayClosed); r.Seq == known || ended && r.Seq > known {
			a.Ask()
		}
	}
	return nil
}

func (a *Advisor) think() {
	a.mu.Lock()
	past := a.collector.Past()
	a.thinking = true
	a.mu.Unlock()
	advice := &Advice{Made: a.journal.View().At(), Target: a.target}
	if past.Settings != nil {
		advice.Reports = staffing.Advise(past, staffing.Options{Target: a.target, Seed: 1})
	}
	a.mu.Lock()
	a.newest, a.thinking = advice, false
	a.mu.Unlock()
}

// Ask has the advisor think again, as soon as it can.
func (a *Advisor) Ask() {
	select {
	case a.asked <- struct{}{}:
	default: // it is going to
	}
}

// Newest returns the newest advice, nil if there is none yet, and whether a newer one is being
// thought about.
func (a *Advisor) Newest() (advice *Advice, thinking bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.newest, a.thinking || len(a.asked) > 0
}

// Try tries a change on the recorded days of a weekday. The error is [ErrBusy] while somebody
// else tries something. ok is false when there are no such days.
func (a *Advisor) Try(w staffing.WhatIf, weekday time.Weekday) (tried staffing.Tried, ok bool, err error) {
	if !a.trial.TryLock() {
		return staffing.Tried{}, false, ErrBusy
	}
	defer a.trial.Unlock()
	a.mu.Lock()
	var past staffing.Past
	if a.collector != nil {
		past = a.collector.Past()
	}
	a.mu.Unlock()
	if past.Settings == nil {
		return staffing.Tried{}, false, nil
	}
	tried, ok = staffing.Try(past, w, a.target, weekday)
	return tried, ok, nil
}
