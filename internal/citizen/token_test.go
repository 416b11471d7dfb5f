// SPDX-License-Identifier: EUPL-1.2

package citizen_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/avanti-queue/avanti/internal/citizen"
	"github.com/avanti-queue/avanti/queue"
)

const day = queue.Date("2026-11-23")

func key(b byte) citizen.Key {
	var k citizen.Key
	for i := range k {
		k[i] = b + byte(i)
	}
	return k
}

// TestTokenStays: slips of the morning are still good after an update of the program.
func TestTokenStays(t *testing.T) {
	const want = "0000000S0X8GTH06SMVXZS0J"
	if got := key(1).Token(day, 25); got != want {
		t.Errorf("token %s, want %s", got, want)
	}
}

func TestTokenLeadsToItsTicketAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := queue.TicketID(rapid.Int64Range(0, 1<<40-1).Draw(t, "id"))
		k := key(rapid.Byte().Draw(t, "key"))
		token := k.Token(day, id)
		if len(token) != citizen.Length || strings.ContainsAny(token, "OILU") {
			t.Fatalf("token %s", token)
		}
		for _, read := range []string{token, strings.ToLower(token), strings.NewReplacer("0", "o", "1", "l").Replace(token)} {
			if got, ok := k.Parse(day, read); !ok || got != id {
				t.Fatalf("%s leads to %d, %v; want %d", read, got, ok, id)
			}
		}
		if _, ok := k.Parse("2026-11-24", token); ok {
			t.Fatal("the token is good tomorrow")
		}
		if _, ok := key(k[0]+1).Parse(day, token); ok {
			t.Fatal("the token is good in another office")
		}
		const letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
		i, c := rapid.IntRange(0, len(token)-1).Draw(t, "place"), rapid.SampledFrom([]byte(letters)).Draw(t, "letter")
		if forged := token[:i] + string(c) + token[i+1:]; forged != token {
			if _, ok := k.Parse(day, forged); ok {
				t.Fatalf("%s is as good as %s", forged, token)
			}
		}
	})
}

func FuzzParse(f *testing.F) {
	k := key(1)
	for _, seed := range []string{"", k.Token(day, 25), strings.Repeat("Z", citizen.Length), strings.Repeat("\x00", citizen.Length), "ſſſſſſſſſſſſ"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		id, ok := k.Parse(day, token)
		if ok && !strings.EqualFold(strings.NewReplacer("o", "0", "O", "0", "i", "1", "I", "1", "l", "1", "L", "1").Replace(token), k.Token(day, id)) {
			t.Errorf("%q leads to ticket %d, whose token is %s", token, id, k.Token(day, id))
		}
	})
}
