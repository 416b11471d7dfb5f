// SPDX-License-Identifier: EUPL-1.2

package gpio

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/avanti-queue/avanti/device"
)

// contact is the level of a contact over time: it turns at each of these times, and is open at
// first. Of some turns no edge is told.
type contact struct {
	turns []time.Duration
	told  []bool
}

// press closes the contact for a while, with bounces at both ends.
func (c *contact) press(t *rapid.T, from, to time.Duration) {
	c.turn(t, from)
	c.turn(t, to)
}

func (c *contact) turn(t *rapid.T, at time.Duration) {
	bounces := 2 * rapid.IntRange(0, 3).Draw(t, "bounces")
	for range bounces + 1 {
		c.turns = append(c.turns, at)
		c.told = append(c.told, rapid.IntRange(0, 3).Draw(t, "edge") > 0)
		at += time.Duration(rapid.IntRange(10, 900).Draw(t, "bounce")) * time.Microsecond
	}
}

func (c *contact) down(at time.Duration) bool {
	n, _ := slices.BinarySearch(c.turns, at+1)
	return n%2 == 1
}

// edge returns the first edge that is told after a time.
func (c *contact) edge(after time.Duration) (time.Duration, bool) {
	n, _ := slices.BinarySearch(c.turns, after+1)
	for ; n < len(c.turns); n++ {
		if c.told[n] {
			return c.turns[n], true
		}
	}
	return 0, false
}

// watch samples the contact as a Button does.
func watch(t *rapid.T, k *key, c *contact, until time.Duration) []device.ButtonEvent {
	start := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	var out []device.ButtonEvent
	for at := time.Duration(0); at < until; {
		next := at + k.wait(start.Add(at))
		edge, ok := c.edge(at)
		if ok = ok && edge < next; ok {
			next = max(edge, at+minWait)
		}
		next += time.Duration(rapid.IntRange(0, 2000).Draw(t, "late")) * time.Microsecond
		at = next
		out = append(out, k.sample(c.down(at), ok, start.Add(at))...)
	}
	return out
}

func kinds(events []device.ButtonEvent) []device.ButtonEventKind {
	var out []device.ButtonEventKind
	for _, e := range events {
		out = append(out, e.Kind)
	}
	return out
}

// Each press of a person is one press, whatever bounces and whichever edges are lost.
func TestPressesAreCounted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := &contact{}
		at := 100 * time.Millisecond
		presses := rapid.IntRange(0, 5).Draw(t, "presses")
		for range presses {
			end := at + time.Duration(rapid.IntRange(50, 900).Draw(t, "down"))*time.Millisecond
			c.press(t, at, end)
			at = end + time.Duration(rapid.IntRange(80, 900).Draw(t, "up"))*time.Millisecond
		}
		k := &key{stuck: time.Minute}
		if rapid.Bool().Draw(t, "with a long press") {
			k.long = 1500 * time.Millisecond
		}
		want := []device.ButtonEventKind{device.ButtonWell}
		for range presses {
			want = append(want, device.ButtonPressed)
		}
		got := watch(t, k, c, at+100*time.Millisecond)
		if !slices.Equal(kinds(got), want) {
			t.Errorf("%d presses gave %v", presses, kinds(got))
		}
		for i, e := range got[1:] {
			if int(e.Seq) != i+1 {
				t.Errorf("press %d has the number %d", i+1, e.Seq)
			}
		}
	})
}

// What is shorter than any press is none, as long as its edges are told.
func TestDisturbancesAreNoPresses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := &contact{}
		at := 100 * time.Millisecond
		for range rapid.IntRange(1, 20).Draw(t, "pulses") {
			end := at + time.Duration(rapid.IntRange(1, 7000).Draw(t, "µs"))*time.Microsecond
			c.turns = append(c.turns, at, end)
			c.told = append(c.told, true, true)
			at = end + time.Duration(rapid.IntRange(1, 60000).Draw(t, "pause µs"))*time.Microsecond
		}
		got := watch(t, &key{}, c, at+100*time.Millisecond)
		if slices.Contains(kinds(got), device.ButtonPressed) {
			t.Errorf("got %v", kinds(got))
		}
	})
}

// Samples of any kind never give a press to a key that was not seen open and at rest before, nor
// two states in one breath.
func TestNoPressFromNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := &key{long: time.Duration(rapid.IntRange(0, 1).Draw(t, "long")) * 300 * time.Millisecond, stuck: time.Second}
		at := time.Unix(0, 0)
		openFor := time.Time{}
		armed := false
		for range rapid.IntRange(1, 400).Draw(t, "samples") {
			down := rapid.Bool().Draw(t, "down")
			edge := rapid.IntRange(0, 9).Draw(t, "edge") == 0
			at = at.Add(time.Duration(rapid.IntRange(1, 120).Draw(t, "ms")) * time.Millisecond)
			states := 0
			for _, e := range k.sample(down, edge, at) {
				switch e.Kind {
				case device.ButtonPressed, device.ButtonHeld:
					if !armed {
						t.Fatalf("%s at %v, never seen open", e.Kind, at)
					}
					if e.At.After(at) {
						t.Fatalf("%s in the future", e.Kind)
					}
				default:
					states++
				}
			}
			if states > 1 {
				t.Fatal("two states at once")
			}
			if down || edge {
				openFor = time.Time{}
			} else if openFor.IsZero() {
				openFor = at
			}
			armed = armed || !openFor.IsZero()
		}
	})
}

// A program that stood still for a while has not heard any noise.
func TestStandstillIsNoNoise(t *testing.T) {
	k := &key{}
	at := time.Unix(0, 0)
	var got []device.ButtonEvent
	see := func(down, edge bool, pass time.Duration) {
		at = at.Add(pass)
		got = append(got, k.sample(down, edge, at)...)
	}
	see(false, false, 0)
	see(false, false, time.Second)
	for range 200 { // with some bounces each
		see(true, true, time.Millisecond)
		see(true, true, time.Millisecond)
		see(true, false, 50*time.Millisecond)
		see(false, true, 50*time.Millisecond)
		see(false, false, 50*time.Millisecond)
	}
	see(true, true, time.Minute)
	see(true, false, 50*time.Millisecond)
	if n := len(got); n != 202 || slices.Contains(kinds(got), device.ButtonNoisy) {
		t.Errorf("%d events, %v", n, kinds(got)[max(0, n-3):])
	}
}

// However often one looks.
func TestLateBouncesAreNoPresses(t *testing.T) {
	k := &key{}
	start := time.Unix(0, 0)
	var got []device.ButtonEvent
	for ms := range 400 {
		down := ms >= 100 && ms < 115 || ms >= 125 && ms < 300 || ms >= 310 && ms < 320
		got = append(got, k.sample(down, false, start.Add(time.Duration(ms)*time.Millisecond))...)
	}
	if want := []device.ButtonEventKind{device.ButtonWell, device.ButtonPressed}; !slices.Equal(kinds(got), want) {
		t.Errorf("%v", kinds(got))
	}
}
