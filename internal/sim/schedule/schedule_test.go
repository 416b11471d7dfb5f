// SPDX-License-Identifier: EUPL-1.2

package schedule_test

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"testing"

	"github.com/avanti-queue/avanti/internal/sim/schedule"
)

var (
	firstSeed = flag.Uint64("seed", 1, "first seed of the fault schedules")
	soak      = flag.Bool("soak", false, "run the fault schedules fifty times as long")
)

// week is how many calendar days a run has: six office days and a Sunday.
const week = 7

// TestSchedulesPure is the first rung: 20,000 office days on the pure core.
func TestSchedulesPure(t *testing.T) {
	t.Parallel()
	piacenza := office(t, "piacenza")
	h := hunt{rung: "pure", days: 20_000, run: func(seed uint64, days int) (schedule.Result, error) {
		return schedule.Run(t.Context(), rough(piacenza, seed, days))
	}}
	h.start(t)
	if testing.Short() {
		return // too short for rare things
	}
	for _, r := range h.sometimes.Never() {
		t.Errorf("%v: it never came to that", r)
	}
}

// TestSameSeedSameRun runs the same seeds twice.
func TestSameSeedSameRun(t *testing.T) {
	t.Parallel()
	piacenza := office(t, "piacenza")
	digests := map[uint64]bool{}
	for seed := range uint64(16) {
		first, err := schedule.Run(t.Context(), rough(piacenza, seed, week))
		if err != nil {
			t.Fatal(err)
		}
		second, err := schedule.Run(t.Context(), rough(piacenza, seed, week))
		if err != nil {
			t.Fatal(err)
		}
		if first.Digest != second.Digest || first.Records != second.Records || first.Sometimes != second.Sometimes {
			t.Errorf("seed %d: %d records with digest %x, then %d with %x",
				seed, first.Records, first.Digest, second.Records, second.Digest)
		}
		digests[first.Digest] = true
	}
	if len(digests) != 16 {
		t.Errorf("16 seeds make %d different runs", len(digests))
	}
}

// hunt runs seeds on all cores until enough office days have passed.
type hunt struct {
	rung string
	days int // office days
	run  func(seed uint64, days int) (schedule.Result, error)

	mu        sync.Mutex
	next      uint64
	figures   *schedule.Figures
	sometimes schedule.Sometimes
	failed    int
}

func (h *hunt) start(t *testing.T) {
	t.Helper()
	h.next, h.figures = *firstSeed, schedule.NewFigures()
	if h.days /= thorough; testing.Short() {
		h.days /= 40
	}
	if *soak {
		h.days *= 50
	}
	for seed, days := range regressions(t, h.rung) {
		if _, err := h.run(seed, days); err != nil {
			t.Error(err)
		}
	}
	// A run leaves little behind and makes much: few collections, on a heap that
	// stays small, are the better half of its speed.
	defer debug.SetGCPercent(debug.SetGCPercent(800))
	var hunters sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		hunters.Go(func() {
			for h.one(t) {
			}
		})
	}
	hunters.Wait()
	t.Logf("%s: seeds %d to %d, %d office days", h.rung, *firstSeed, h.next-1, h.figures.Days)
	for i, n := range h.sometimes {
		t.Logf("%v: %d", schedule.Rarity(i), n)
	}
	if err := h.figures.Table(t.Output()); err != nil {
		t.Error(err)
	}
}

// one runs the next seed, and reports whether there are more to run.
func (h *hunt) one(t *testing.T) bool {
	h.mu.Lock()
	seed := h.next
	enough := h.figures.Days >= h.days || h.failed >= 5
	if !enough {
		h.next++
	}
	h.mu.Unlock()
	if enough {
		return false
	}
	result, err := h.run(seed, week)
	h.mu.Lock()
	defer h.mu.Unlock()
	if err != nil {
		h.failed++
		t.Errorf("%v\nkeep it: echo '%s %d %d what broke' >> testdata/seeds/regressions.txt", err, h.rung, seed, week)
		return true
	}
	h.figures.Add(result.Figures)
	h.sometimes.Add(result.Sometimes)
	return true
}

// regressions reads the seeds of a rung that once failed, with their days.
func regressions(t *testing.T, rung string) map[uint64]int {
	t.Helper()
	file, err := os.Open("../../../testdata/seeds/regressions.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	seeds := map[uint64]int{}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		line := lines.Text()
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		var name string
		var seed uint64
		var days int
		if _, err := fmt.Sscan(line, &name, &seed, &days); err != nil {
			t.Fatalf("regressions.txt: %q: %v", line, err)
		}
		if name == rung {
			seeds[seed] = days
		}
	}
	return seeds
}
