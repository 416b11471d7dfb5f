// SPDX-License-Identifier: EUPL-1.2

package store_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/stats"
)

// TestVotes: a ballot counts once, also after a restart; the reason comes once, for red faces only;
// of the moment the hour is kept and of the wait its band; a vote that cannot be committed is none.
func TestVotes(t *testing.T) {
	dir := t.TempDir()
	s := open(t, store.Options{Dir: dir})
	at := time.Date(2026, 11, 23, 9, 41, 17, 0, time.UTC)
	give := func(day queue.Date, ballot string, v stats.Vote) int64 {
		t.Helper()
		id, err := s.AddVote(t.Context(), at, day, ballot, v)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	explain := func(id int64, want bool) {
		t.Helper()
		if ok, err := s.ExplainVote(t.Context(), id, "waiting"); err != nil || ok != want {
			t.Errorf("reason of vote %d: %v, %v", id, ok, err)
		}
	}
	red := give("2026-11-23", "one", stats.Vote{Group: "desk", Wait: 12*time.Minute + time.Second, Face: stats.FaceRed})
	green := give("2026-11-23", "two", stats.Vote{Group: "cards", Wait: 50 * time.Minute, Face: stats.FaceGreen})
	if red == 0 || green == 0 {
		t.Fatalf("votes %d and %d", red, green)
	}
	if id := give("2026-11-23", "one", stats.Vote{Group: "desk", Face: stats.FaceGreen}); id != 0 {
		t.Errorf("the ballot counts twice: %d", id)
	}
	explain(red, true)
	explain(red, false)
	explain(green, false)
	explain(99, false)
	store.FailCommits(s, true)
	if id, err := s.AddVote(t.Context(), at, "2026-11-23", "three", stats.Vote{Face: stats.FaceGreen}); err == nil || id != 0 {
		t.Errorf("kept as %d, although nothing can be committed", id)
	}
	store.FailCommits(s, false)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, store.Options{Dir: dir})
	if id := give("2026-11-23", "two", stats.Vote{Face: stats.FaceRed}); id != 0 {
		t.Error("after a restart the ballot counts again")
	}
	if id := give("2026-11-24", "two", stats.Vote{Wait: stats.WaitUnknown, Face: stats.FaceYellow}); id == 0 {
		t.Error("on another day it is another ballot")
	}
	hour := at.Truncate(time.Hour)
	want := []store.Vote{
		{Hour: hour, Vote: stats.Vote{Group: "desk", Wait: 15 * time.Minute, Face: stats.FaceRed, Reason: "waiting"}},
		{Hour: hour, Vote: stats.Vote{Group: "cards", Wait: time.Hour, Face: stats.FaceGreen}},
		{Hour: hour, Vote: stats.Vote{Wait: stats.WaitUnknown, Face: stats.FaceYellow}},
	}
	got, err := s.Votes(t.Context(), hour, hour.Add(time.Hour))
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v, votes (-want +got):\n%s", err, diff)
	}
	if got, err := s.Votes(t.Context(), hour.Add(time.Hour), hour.Add(2*time.Hour)); err != nil || got != nil {
		t.Errorf("an hour later: %v, %v", got, err)
	}
	if err := s.Backup(t.Context(), filepath.Join(t.TempDir(), "copy.db")); err != nil {
		t.Error(err)
	}
}
