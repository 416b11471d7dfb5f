// SPDX-License-Identifier: EUPL-1.2

package schedule_test

import (
	"runtime"
	"runtime/debug"
	"sync"
	"testing"
	"time"

	"github.com/avanti-queue/avanti/internal/sim/demand"
	"github.com/avanti-queue/avanti/internal/sim/schedule"
	"github.com/avanti-queue/avanti/queue"
)

// TestPiacenzaAfterAndBefore checks that the two offices wait as the city has told:
// nine minutes in the peak hour with multi-purpose counters, twenty on average with
// specialists. Rare days with many absent and many citizens carry the means: the
// bands are wide, the weeks many.
func TestPiacenzaAfterAndBefore(t *testing.T) {
	t.Parallel()
	if testing.Short() || thorough > 1 {
		demandOf(t, "piacenza", demand.After(), 2) // that it runs; its figures need the weeks
		return
	}
	const weeks = 120
	after := demandOf(t, "piacenza", demand.After(), weeks)
	before := demandOf(t, "piacenza-before", demand.Before(), weeks)
	for name, f := range map[string]*schedule.Figures{"after": after, "before": before} {
		t.Logf("piacenza-%s:", name)
		if err := f.Table(t.Output()); err != nil {
			t.Error(err)
		}
	}
	within(t, "after, 11 to 12", after.Waits(11, 12).Mean.Minutes(), 7, 12)
	within(t, "before, all day", before.Waits(0, 24).Mean.Minutes(), 16, 24)
	within(t, "before to after, 11 to 12", float64(before.Waits(11, 12).Mean)/float64(after.Waits(11, 12).Mean), 1.7, 5)
	if n := after.Ends[queue.EndExpired]; n > after.Tickets/1000 {
		t.Errorf("after: %d of %d citizens are sent home", n, after.Tickets)
	}
}

func within(t *testing.T, what string, got, low, high float64) {
	t.Helper()
	if got < low || got > high {
		t.Errorf("%s: %.2f, want %.1f to %.1f", what, got, low, high)
	}
}

// demandOf runs weeks of an office without faults, each with a seed of its own.
func demandOf(t *testing.T, name string, m demand.Model, weeks int) *schedule.Figures {
	t.Helper()
	settings := office(t, name)
	defer debug.SetGCPercent(debug.SetGCPercent(800))
	var (
		mu    sync.Mutex
		all   = schedule.NewFigures()
		queue = make(chan int)
		cores sync.WaitGroup
	)
	for range runtime.GOMAXPROCS(0) {
		cores.Go(func() {
			for w := range queue {
				result, err := schedule.Run(t.Context(), weekOf(settings, m, w))
				mu.Lock()
				if err != nil {
					t.Error(err)
				} else {
					all.Add(result.Figures)
				}
				mu.Unlock()
			}
		})
	}
	for w := range weeks {
		queue <- w
	}
	close(queue)
	cores.Wait()
	return all
}

func weekOf(s queue.Settings, m demand.Model, w int) schedule.Options {
	monday := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 7*(w%100))
	return schedule.Options{Settings: s, Model: m, Seed: uint64(w), Date: queue.DateOf(monday), Days: week}
}

func BenchmarkMonday(b *testing.B) {
	o := schedule.Options{Settings: office(b, "piacenza"), Model: demand.After(), Date: "2026-11-23", Days: 1}
	records := 0
	b.ReportAllocs()
	for b.Loop() {
		o.Seed++
		result, err := schedule.Run(b.Context(), o)
		if err != nil {
			b.Fatal(err)
		}
		records += int(result.Records)
	}
	b.ReportMetric(float64(records)/float64(b.N), "records/op")
}
