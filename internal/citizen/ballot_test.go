// SPDX-License-Identifier: EUPL-1.2

package citizen_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/avanti-queue/avanti/internal/citizen"
	"github.com/avanti-queue/avanti/queue"
)

// TestBallots count for the one who gave them out, on the day, under the office's key; so do receipts,
// and neither passes for the other.
func TestBallots(t *testing.T) {
	const day = queue.Date("2026-11-23")
	key := citizen.Key{1}
	ballot, receipt := key.Ballot(day, "tablet"), key.Receipt(day, "tablet", 41)
	if ballot == key.Ballot(day, "tablet") {
		t.Error("two ballots are the same")
	}
	if vote, ok := key.Vote(day, "tablet", receipt); !key.Counts(day, "tablet", ballot) || !ok || vote != 41 {
		t.Errorf("they do not count: %v, %v", vote, ok)
	}
	for name, k := range map[string]struct {
		key             citizen.Key
		day             queue.Date
		holder          string
		ballot, receipt string
	}{
		"another day":    {key, "2026-11-24", "tablet", ballot, receipt},
		"another holder": {key, day, "kiosk", ballot, receipt},
		"another key":    {citizen.Key{2}, day, "tablet", ballot, receipt},
		"no key":         {citizen.Key{}, day, "tablet", ballot, receipt},
		"exchanged":      {key, day, "tablet", receipt, ballot},
		"nothing":        {key, day, "tablet", "", ""},
		"cut off":        {key, day, "tablet", ballot[:20], receipt[:10]},
	} {
		if _, ok := k.key.Vote(k.day, k.holder, k.receipt); ok || k.key.Counts(k.day, k.holder, k.ballot) {
			t.Errorf("%s: counts", name)
		}
	}
}

// TestNobodyMakesABallot: one letter that is changed is one too many.
func TestNobodyMakesABallot(t *testing.T) {
	key := citizen.Key{1}
	rapid.Check(t, func(rt *rapid.T) {
		vote := rapid.Int64Min(0).Draw(rt, "vote")
		receipt := []byte(key.Receipt("2026-11-23", "x", vote))
		i := rapid.IntRange(0, len(receipt)-2).Draw(rt, "letter") // the last one has bits that say nothing
		other := rapid.SampledFrom([]byte("0123456789ABCDEFGHJKMNPQRSTVWXYZ")).Draw(rt, "instead")
		if other == receipt[i] {
			return
		}
		receipt[i] = other
		if _, ok := key.Vote("2026-11-23", "x", string(receipt)); ok {
			rt.Fatalf("%s is taken", receipt)
		}
	})
}

func FuzzReceipt(f *testing.F) {
	key := citizen.Key{1}
	f.Add(key.Receipt("2026-11-23", "x", 7))
	f.Add("")
	f.Add("0000\xff")
	f.Fuzz(func(t *testing.T, text string) {
		if vote, ok := key.Vote("2026-11-23", "x", text); ok && vote != 7 {
			t.Fatalf("%q is a receipt of vote %d", text, vote)
		}
		if key.Counts("2026-11-23", "x", text) {
			t.Fatalf("%q is a ballot", text)
		}
	})
}

// TestOneSpelling: a ballot and a receipt are good as they were given out, and in no other way: who
// counts ballots tells them apart by how they are written.
func TestOneSpelling(t *testing.T) {
	const day = queue.Date("2026-11-23")
	key := citizen.Key{1}
	ballot, receipt := key.Ballot(day, "x"), key.Receipt(day, "x", 41)
	for _, change := range []func(string) string{
		strings.ToLower, func(s string) string { return s + "\n" }, func(s string) string { return s[:4] + "\r\n" + s[4:] }, func(s string) string { return s[:len(s)-1] + "1" },
	} {
		b, r := change(ballot), change(receipt)
		if b != ballot && key.Counts(day, "x", b) {
			t.Errorf("%q counts", b)
		}
		if _, ok := key.Vote(day, "x", r); r != receipt && ok {
			t.Errorf("%q is taken", r)
		}
	}
}
