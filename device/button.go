// SPDX-License-Identifier: EUPL-1.2

package device

import (
	"context"
	"time"
)

// Button is a key that is wired to the board.
type Button interface {
	// Run watches the key until ctx ends, and returns nil then. It may be called once. The
	// function is called by Run, one call after another, and must not block.
	Run(ctx context.Context, tell func(ButtonEvent)) error
}

// ButtonEvent is something that became known of a key.
type ButtonEvent struct {
	Kind ButtonEventKind
	// At is when it happened; of a press, when the contact closed. A press that is told late
	// bears an old time: what it may still do is the receiver's decision.
	At     time.Time
	Seq    uint32 // of ButtonPressed and ButtonHeld: counts up from 1 in one Run; else 0
	Detail string // what was seen, in English, for technicians; may be empty
}

// ButtonEventKind is what became known of a key.
type ButtonEventKind string

// The events. The last four are the states of a key: it is in one of them from the first time
// that one is told, and ButtonWell is told first of all unless something is wrong.
const (
	ButtonPressed ButtonEventKind = "pressed" // a press; of a key with a long press, when it was released in time
	ButtonHeld    ButtonEventKind = "held"    // a long press, told while the key is still down
	ButtonWell    ButtonEventKind = "well"    // the key works
	ButtonStuck   ButtonEventKind = "stuck"   // down for longer than anybody presses
	ButtonNoisy   ButtonEventKind = "noisy"   // the contact does not come to rest
	ButtonLost    ButtonEventKind = "lost"    // its line cannot be read
)
