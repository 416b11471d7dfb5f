// SPDX-License-Identifier: EUPL-1.2

package gpio

import (
	"time"

	"github.com/avanti-queue/avanti/device"
)

// The times of a contact.
const (
	pollEvery = 20 * time.Millisecond // a level that no edge told of is seen after this
	restTime  = 8 * time.Millisecond  // a level that lasts this long without an edge is meant
	lockout   = 40 * time.Millisecond // after a change that was meant nothing else is
	minWait   = time.Millisecond      // between two looks, whatever the edges do

	noisyAfter   = 5 * time.Second // without rest,
	noisySamples = 200             // which is no noise if the program itself stood still
)

// key decides from samples of a contact what its key does. It has no clock. The zero value, with
// its times, is a key of which nothing is known: one that is down at first is not pressed until it
// was let go.
type key struct {
	long  time.Duration // held this long it is a long press; 0: none
	stuck time.Duration // held this long it is stuck; 0: never

	seen bool // there was a sample
	raw  bool // the newest one: down
	rest time.Time

	known  bool // a level was meant
	down   bool // the one that was meant
	turned time.Time

	calm   time.Time // when the contact was last at rest
	unrest int       // samples since

	armed bool // it was up and at rest since we know it
	told  bool // being down means nothing more, nor does letting go
	state device.ButtonEventKind
	seq   uint32
}

// sample takes the level at a time that never runs backwards, and whether an edge came since the
// sample before. It returns what became known.
func (k *key) sample(down, edge bool, at time.Time) []device.ButtonEvent {
	if !k.seen {
		k.seen, k.told, k.calm, edge = true, true, at, true
	}
	if edge || down != k.raw {
		k.raw, k.rest = down, at
	}
	var out []device.ButtonEvent
	if k.settled(at) {
		out = k.settle(out, at)
	} else if k.unrest++; k.unrest >= noisySamples && at.Sub(k.calm) >= noisyAfter {
		k.armed, k.told = false, true
		out = k.become(out, device.ButtonNoisy, at)
	}
	return out
}

// settled reports whether the newest level is meant.
func (k *key) settled(at time.Time) bool {
	if k.known && k.raw != k.down && at.Sub(k.turned) < lockout {
		return false
	}
	return at.Sub(k.rest) >= restTime
}

// turns reports whether a sample of this level would be a change that is meant.
func (k *key) turns(down, edge bool, at time.Time) bool {
	return k.seen && !edge && down == k.raw && (!k.known || down != k.down) && k.settled(at)
}

// wait returns after what time the next sample is worth taking if no edge comes.
func (k *key) wait(at time.Time) time.Duration {
	due := k.rest.Add(restTime)
	if k.known && k.raw != k.down {
		if free := k.turned.Add(lockout); free.After(due) {
			due = free
		}
	}
	if !due.After(at) {
		return pollEvery
	}
	return min(pollEvery, max(minWait, due.Sub(at)))
}

// settle takes the newest level for what is meant.
func (k *key) settle(out []device.ButtonEvent, at time.Time) []device.ButtonEvent {
	k.calm, k.unrest = at, 0
	if !k.known || k.raw != k.down {
		out = k.turn(out)
	}
	if k.down {
		return k.hold(out, at)
	}
	k.armed = true
	return k.become(out, device.ButtonWell, at)
}

func (k *key) turn(out []device.ButtonEvent) []device.ButtonEvent {
	closed := k.turned
	k.known, k.down, k.turned = true, k.raw, k.rest
	switch {
	case k.down:
		k.told = !k.armed
		if !k.told && k.long == 0 {
			k.told = true
			out = k.press(out, device.ButtonPressed, k.rest)
		}
	case !k.told:
		out = k.press(out, device.ButtonPressed, closed)
	}
	return out
}

func (k *key) hold(out []device.ButtonEvent, at time.Time) []device.ButtonEvent {
	if !k.told && k.held(k.long, at) {
		k.told = true
		out = k.press(out, device.ButtonHeld, k.turned)
	}
	switch {
	case k.held(k.stuck, at):
		k.told = true
		out = k.become(out, device.ButtonStuck, at)
	case k.state == device.ButtonNoisy:
		out = k.become(out, device.ButtonWell, at)
	}
	return out
}

// held reports whether the key has been down for a time that means something.
func (k *key) held(d time.Duration, at time.Time) bool { return d > 0 && at.Sub(k.turned) >= d }

func (k *key) press(out []device.ButtonEvent, kind device.ButtonEventKind, at time.Time) []device.ButtonEvent {
	k.seq++
	return append(out, device.ButtonEvent{Kind: kind, At: at, Seq: k.seq})
}

func (k *key) become(out []device.ButtonEvent, state device.ButtonEventKind, at time.Time) []device.ButtonEvent {
	if k.state == state {
		return out
	}
	k.state = state
	return append(out, device.ButtonEvent{Kind: state, At: at})
}
