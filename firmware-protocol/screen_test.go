// SPDX-License-Identifier: EUPL-1.2

package fwproto_test

import (
	"testing"
	"time"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
)

// TestScreen is SPEC 6, step by step.
func TestScreen(t *testing.T) {
	start := time.Date(2026, 11, 23, 8, 15, 0, 0, time.UTC)
	after := func(ms int) time.Time { return start.Add(time.Duration(ms) * time.Millisecond) }
	a017 := fwproto.Set{Epoch: 9, Rev: 1, TTLms: 5000, Rows: []fwproto.Row{{Number: "A017", Desk: "3"}}}
	dark := fwproto.Set{Epoch: 9, Rev: 2, TTLms: 5000, Blank: true}
	next := fwproto.Set{Epoch: 10, Rev: 3, TTLms: 5000}

	var s fwproto.Screen
	at := func(ms int, want fwproto.Blank) {
		t.Helper()
		if _, got := s.Show(after(ms)); got != want {
			t.Errorf("after %d ms the screen is blank for %v, want %v", ms, got, want)
		}
	}
	at(0, fwproto.BlankNoSet)
	s.Want(a017) // retained, maybe from yesterday
	at(0, fwproto.BlankNoHeartbeat)
	s.Hear(fwproto.Heartbeat{Epoch: 9, Count: 1}, after(100))
	at(100, fwproto.NotBlank)
	at(5099, fwproto.NotBlank)
	at(5100, fwproto.BlankNoHeartbeat)
	s.Hear(fwproto.Heartbeat{Epoch: 9, Count: 2}, after(6000))
	at(6000, fwproto.NotBlank)
	s.Want(dark)
	at(6000, fwproto.BlankWanted)
	s.Want(a017)
	s.Hear(fwproto.Heartbeat{Epoch: 10, Count: 1}, after(7000))
	at(7000, fwproto.BlankOldEpoch)
	s.Want(next)
	at(7000, fwproto.NotBlank)
	if got := s.Expires(); !got.Equal(after(12000)) {
		t.Errorf("Expires = %v", got)
	}
}

// TestHeldUpBeat is SPEC 6.5: what was held up does not make old content young.
func TestHeldUpBeat(t *testing.T) {
	start := time.Date(2026, 11, 23, 8, 15, 0, 0, time.UTC)
	var s fwproto.Screen
	s.Want(fwproto.Set{Epoch: 9, Rev: 1, TTLms: 5000})
	for _, step := range []struct {
		epoch, count uint32
		at           int // milliseconds
		expires      int
	}{
		{9, 1, 0, 5000},
		{9, 2, 1000, 6000},
		{9, 3, 9000, 7010}, // seven seconds late
		{9, 3, 9100, 7010}, // and again
		{9, 4, 9200, 8020},
		{9, 10, 9300, 14080}, // that is not: it is the newest
		{9, 11, 10200, 15090},
		{9, 9, 11000, 15090},
		{10, 1, 30000, 35000}, // another epoch begins anew
		{10, 2, 30900, 35900}, // early is on time
		{10, 102, 131400, 136400},
	} {
		s.Hear(fwproto.Heartbeat{Epoch: step.epoch, Count: step.count}, start.Add(time.Duration(step.at)*time.Millisecond))
		if got := s.Expires().Sub(start); got != time.Duration(step.expires)*time.Millisecond {
			t.Errorf("heartbeat %d at %d ms: the content expires at %v, want %d ms", step.count, step.at, got, step.expires)
		}
	}
}

// TestBeat: what a press names is the newest heartbeat, and since when it is there, however old it
// is itself (SPEC 5.1).
func TestBeat(t *testing.T) {
	start := time.Date(2026, 11, 23, 8, 15, 0, 0, time.UTC)
	after := func(ms int) time.Time { return start.Add(time.Duration(ms) * time.Millisecond) }
	var s fwproto.Screen
	at := func(ms int, epoch, count, since uint32) {
		t.Helper()
		if e, c, d := s.Beat(after(ms)); e != epoch || c != count || d != since {
			t.Errorf("after %d ms: heartbeat %d of epoch %d, %d ms ago, want %d of %d, %d ms", ms, c, e, d, count, epoch, since)
		}
	}
	at(0, 0, 0, 0)
	s.Want(fwproto.Set{Epoch: 9, Rev: 1, TTLms: 5000})
	at(70, 0, 0, 0)
	s.Hear(fwproto.Heartbeat{Epoch: 9, Count: 1}, after(100))
	at(100, 9, 1, 0)
	at(900, 9, 1, 800)
	s.Hear(fwproto.Heartbeat{Epoch: 9, Count: 2}, after(9000)) // held up
	s.Hear(fwproto.Heartbeat{Epoch: 9, Count: 2}, after(9100)) // again
	at(9200, 9, 2, 200)
	s.Hear(fwproto.Heartbeat{Epoch: 10, Count: 1}, after(9300))
	at(9301, 10, 1, 1)
	at(1<<40, 10, 1, 1<<31-1)
}

// TestScreenKeepsNoWallClock is SPEC 6.3: whatever time a heartbeat tells, content lives as long.
func TestScreenKeepsNoWallClock(t *testing.T) {
	start := time.Date(2026, 11, 23, 8, 15, 0, 0, time.UTC)
	var s fwproto.Screen
	s.Want(fwproto.Set{Epoch: 9, Rev: 1, TTLms: 5000})
	for i, utc := range []uint64{uint64(start.UnixMilli()), 0, 1, 1 << 62, uint64(start.Add(-48 * time.Hour).UnixMilli()), uint64(start.Add(time.Hour).UnixMilli())} {
		at := start.Add(time.Duration(i) * time.Second)
		s.Hear(fwproto.Heartbeat{Epoch: 9, Count: uint32(i) + 1, UTCms: utc, OffsetMin: int16(i * 60)}, at)
		if left := s.Expires().Sub(at); left != 5*time.Second {
			t.Errorf("heartbeat %d: %v are left", i+1, left)
		}
		if _, count, since := s.Beat(at.Add(700 * time.Millisecond)); count != uint32(i)+1 || since != 700 {
			t.Errorf("heartbeat %d is named as %d, %d ms ago", i+1, count, since)
		}
	}
}
