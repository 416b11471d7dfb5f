// SPDX-License-Identifier: EUPL-1.2

package device

// Lamp is a lamp that is wired to the board.
type Lamp interface {
	// Show makes the lamp follow the pattern from now on. It does not block and may be called
	// from any goroutine.
	Show(LampPattern)
}

// LampPattern is how a lamp is lit.
type LampPattern string

// The patterns. All lamps of a board blink in step.
const (
	LampOff   LampPattern = ""      // the zero value
	LampOn    LampPattern = "on"    // lit
	LampSlow  LampPattern = "slow"  // on and off, once a second
	LampBrisk LampPattern = "brisk" // on and off, twice a second
	LampFast  LampPattern = "fast"  // on and off, four times a second
)
