// SPDX-License-Identifier: EUPL-1.2

package panel

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/avanti-queue/avanti/device"
)

// Whatever is asked for, fails and takes time: what is written is the newest content of its panel,
// or the mark when nobody has said it for long enough; and nobody waits for ever.
func TestScheduleWritesTheNewest(t *testing.T) {
	const (
		refresh = time.Second
		hold    = 5 * time.Second
	)
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 5).Draw(t, "panels")
		s := &schedule{refresh: refresh, hold: hold, panels: make([]slot, n)}
		for i := range s.panels {
			s.panels[i].face = Face{Glyphs: GlyphsSigned, Places: 3, Dashes: true}
		}
		now := time.Unix(1000, 0)
		wanted := make([]device.PanelContent, n)
		said := make([]time.Time, n)
		tried := make([]time.Time, n)
		for i := range tried {
			tried[i] = now
		}
		s.lost(now)
		check := func(j job) {
			want, state := "---", device.PanelExpired
			if !said[j.panel].IsZero() && now.Sub(said[j.panel]) < hold {
				number := wanted[j.panel].Number
				want, state = strings.Repeat(" ", max(0, 3-len(number)))+number, device.PanelUnverified
				if len(number) > 3 {
					want, state = "---", device.PanelUnfit
				}
			}
			if j.text != want || j.state != state {
				t.Fatalf("panel %d is to show %q (%s), want %q (%s)", j.panel, j.text, j.state, want, state)
			}
		}
		want := func() {
			i := rapid.IntRange(0, n-1).Draw(t, "panel")
			wanted[i] = device.PanelContent{
				Number: fmt.Sprint(rapid.SampledFrom([]int{1, 20, 300, 4000}).Draw(t, "number")),
				Rev:    uint64(rapid.IntRange(1, 3).Draw(t, "rev")),
			}
			said[i] = now
			s.want(i, wanted[i], now)
		}
		for range rapid.IntRange(1, 200).Draw(t, "steps") {
			switch rapid.IntRange(0, 3).Draw(t, "step") {
			case 0:
				want()
			case 1:
				now = now.Add(time.Duration(rapid.IntRange(1, 3000).Draw(t, "ms")) * time.Millisecond)
			default:
				j, ok, wake := s.next(now)
				if !ok {
					if !wake.After(now) || wake.Sub(now) > refresh {
						t.Fatalf("nothing to do, and again in %v", wake.Sub(now))
					}
					now = wake
					continue
				}
				check(j)
				tried[j.panel] = now
				now = now.Add(time.Duration(rapid.IntRange(0, 100).Draw(t, "writing")) * time.Millisecond)
				if rapid.Bool().Draw(t, "meanwhile") {
					want()
				}
				var failure error
				if rapid.IntRange(0, 2).Draw(t, "fails") == 0 {
					failure = errors.New("no")
				}
				s.done(j, true, failure, now)
				if stale := s.job(j.panel, now) != j; stale && failure == nil && s.panels[j.panel].due.After(now) {
					t.Fatalf("panel %d has changed and waits", j.panel)
				}
			}
		}
		// With nothing but time left, each panel is written within a refresh or the longest rest.
		end := now.Add(20 * time.Second)
		for now.Before(end) {
			j, ok, wake := s.next(now)
			if !ok {
				now = wake
				continue
			}
			check(j)
			if gap := now.Sub(tried[j.panel]); now.Sub(end) > -10*time.Second && gap > refresh+time.Duration(n)*20*time.Millisecond {
				t.Fatalf("panel %d was not written for %v", j.panel, gap)
			}
			tried[j.panel] = now
			now = now.Add(20 * time.Millisecond)
			s.done(j, true, nil, now)
		}
	})
}

// A panel that changed is written before those that are refreshed, and one that is silent holds
// nobody up.
func TestScheduleOrder(t *testing.T) {
	now := time.Unix(1000, 0)
	s := &schedule{refresh: time.Second, hold: time.Hour, panels: make([]slot, 4)}
	for i := range s.panels {
		s.panels[i].face = Face{Glyphs: GlyphsSigned, Places: 3}
	}
	write := func(want int, failure error) {
		t.Helper()
		j, ok, _ := s.next(now)
		if !ok || j.panel != want {
			t.Fatalf("panel %d, %t, want %d", j.panel, ok, want)
		}
		s.done(j, true, failure, now)
	}
	for i := range s.panels {
		s.want(i, device.PanelContent{Number: "1"}, now.Add(time.Duration(i)))
	}
	now = now.Add(time.Minute)
	write(0, nil)
	write(1, nil)
	write(2, nil)
	write(3, nil)
	now = now.Add(10 * time.Second) // all are due
	s.want(2, device.PanelContent{Number: "2"}, now)
	write(2, ErrNoAnswer)
	now = now.Add(tryAgain)
	write(0, nil)
	s.want(3, device.PanelContent{Number: "3"}, now)
	write(3, nil)
	write(1, nil)
	write(2, nil)
	if j, ok, _ := s.next(now); ok {
		t.Errorf("panel %d again", j.panel)
	}
}

func TestSilentPanelsAreAskedLessOften(t *testing.T) {
	var got []time.Duration
	for failures := 1; failures <= 8; failures++ {
		got = append(got, pauseAfter(failures))
	}
	want := []time.Duration{tryAgain, tryAgain, time.Second, 2 * time.Second, 4 * time.Second, lastRest, lastRest, lastRest}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// TestMutePanelLosesItsNumberInTime: a panel that takes what it is sent and cannot say so is rarely
// tried, but its number goes when nobody vouches for it any more.
func TestMutePanelLosesItsNumberInTime(t *testing.T) {
	s := &schedule{refresh: time.Second, hold: 5 * time.Second, panels: []slot{{face: Face{Glyphs: GlyphsSigned, Places: 3, Dashes: true}}}}
	begin := time.Unix(1000, 0)
	s.lost(begin)
	s.want(0, device.PanelContent{Number: "7", Rev: 1}, begin)
	marks := 0
	for now := begin; now.Sub(begin) < 30*time.Second; {
		j, ok, wake := s.next(now)
		if !ok {
			now = wake
			continue
		}
		if j.text == "---" {
			if marks++; marks == 1 && now.Sub(begin) != 5*time.Second {
				t.Errorf("the number goes after %v", now.Sub(begin))
			}
		} else if marks > 0 {
			t.Errorf("%q after the mark", j.text)
		}
		s.done(j, false, ErrNoAnswer, now)
	}
	if marks < 2 || marks > 8 {
		t.Errorf("the mark is written %d times", marks)
	}
}
