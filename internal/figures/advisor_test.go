// SPDX-License-Identifier: EUPL-1.2

package figures_test

import (
	"testing"
	"time"

	"github.com/avanti-queue/avanti/internal/figures"
	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/staffing"
)

// What is tried on recorded days: nothing changes nothing, fewer counters make people wait longer,
// and Days of a store that is only read are those of a keeper.
func TestTryOnRecordedDays(t *testing.T) {
	dir, records := t.TempDir(), lived(t, 11)
	write(t, dir, records)
	s, err := store.Open(t.Context(), store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	days := 0
	for d, err := range figures.Days(t.Context(), s, "2026-01-01", "2026-12-31") {
		if err != nil || d == nil {
			t.Fatal(err)
		}
		days++
	}
	if want := len(collected(records)); days != want {
		t.Errorf("%d days, want %d", days, want)
	}
	engine, err := queue.Open(t.Context(), s, queue.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	a := figures.NewAdvisor(engine, s, staffing.Target{Within: 15 * time.Minute, Share: .8})
	ended, stop := running(t, engine.Run, a.Run)
	defer stop()
	for {
		if advice, _ := a.Newest(); advice != nil {
			break
		}
		select {
		case err := <-ended:
			t.Fatal(err)
		case <-time.After(10 * time.Millisecond):
		}
	}
	same, ok, err := a.Try(staffing.WhatIf{}, time.Friday)
	if err != nil || !ok || same.Days != 2 || same.AllBefore != same.AllAfter || same.AllBefore.Mean == 0 {
		t.Errorf("nothing changed: %+v %v %v", same.AllBefore, ok, err)
	}
	fewer, ok, err := a.Try(staffing.WhatIf{Counters: -6, From: 18, To: 26}, time.Friday)
	if err != nil || !ok || fewer.AllAfter.Mean <= fewer.AllBefore.Mean {
		t.Errorf("six counters fewer: %+v, then %+v, %v", fewer.AllBefore, fewer.AllAfter, err)
	}
	if _, ok, err := a.Try(staffing.WhatIf{Counters: 1, From: 18, To: 26}, time.Sunday); ok || err != nil {
		t.Errorf("a Sunday: %v %v", ok, err)
	}
	later, ok, err := a.Try(staffing.WhatIf{Close: time.Hour}, time.Friday)
	if err != nil || !ok || later.AllAfter.Mean > later.AllBefore.Mean {
		t.Errorf("an hour longer: %+v, then %+v, %v", later.AllBefore, later.AllAfter, err)
	}
}
