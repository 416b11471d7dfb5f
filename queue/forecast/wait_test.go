// SPDX-License-Identifier: EUPL-1.2

package forecast_test

import (
	"testing"
	"time"

	"github.com/avanti-queue/avanti/queue/forecast"
)

func TestRange(t *testing.T) {
	for _, test := range []struct {
		p50, p80, from, to time.Duration
	}{
		{0, 0, 0, 0},
		{0, 20 * time.Second, 0, time.Minute},
		{20 * time.Second, 50 * time.Second, 0, time.Minute},
		{3 * time.Minute, 5 * time.Minute, 3 * time.Minute, 5 * time.Minute},
		{3*time.Minute + 1, 5 * time.Minute, 4 * time.Minute, 5 * time.Minute},
		{9*time.Minute + time.Second, 10 * time.Minute, 9 * time.Minute, 10 * time.Minute},
		{8 * time.Minute, 10*time.Minute + time.Second, 8 * time.Minute, 15 * time.Minute},
		{11 * time.Minute, 17 * time.Minute, 15 * time.Minute, 20 * time.Minute},
		{11 * time.Minute, 14 * time.Minute, 10 * time.Minute, 15 * time.Minute},
		{61 * time.Minute, 100 * time.Minute, 65 * time.Minute, 100 * time.Minute},
	} {
		from, to, ok := forecast.Wait{P50: test.p50, P80: test.p80}.Range()
		if from != test.from || to != test.to || !ok {
			t.Errorf("%v and %v: %v to %v (%v), want %v to %v", test.p50, test.p80, from, to, ok, test.from, test.to)
		}
	}
}

func TestComeBack(t *testing.T) {
	at := time.Date(2026, 11, 23, 9, 2, 30, 0, time.UTC)
	for p05, want := range map[time.Duration]time.Time{
		14 * time.Minute: {},
		16 * time.Minute: time.Date(2026, 11, 23, 9, 15, 0, 0, time.UTC),
		40 * time.Minute: time.Date(2026, 11, 23, 9, 40, 0, 0, time.UTC),
	} {
		by, ok := forecast.Wait{P05: p05, P10: time.Hour}.ComeBack(at)
		if ok == want.IsZero() || !by.Equal(want) {
			t.Errorf("P05 %v: %v, %v, want %v", p05, by, ok, want)
		}
		if ok && by.After(at.Add(p05)) {
			t.Errorf("P05 %v: back by %v, after it", p05, by)
		}
	}
}

func TestProspect(t *testing.T) {
	for today, want := range map[float64]forecast.Prospect{
		1: forecast.ProspectLikely, .95: forecast.ProspectLikely, .94: forecast.ProspectDoubtful,
		.5: forecast.ProspectDoubtful, .49: forecast.ProspectUnlikely, 0: forecast.ProspectUnlikely,
	} {
		if got := (forecast.Wait{Today: today}).Prospect(); got != want {
			t.Errorf("%v: %v, want %v", today, got, want)
		}
	}
}
