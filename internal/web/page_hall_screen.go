// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"time"

	"github.com/avanti-queue/avanti/display"
	"github.com/avanti-queue/avanti/internal/speech"
	"github.com/avanti-queue/avanti/queue"
)

// Hall is what the screens of the hall show and play. The zero value is one silent screen.
type Hall struct {
	Screens  []HallScreen    // the first one is that of an address that names none; none: one of 55 inches, seen from 8 m
	Strip    Strip           // "": StripWaits
	Sounds   *speech.Speaker // nil: calls are not heard
	Loudness speech.Loudness
	Spoken   bool          // calls are spoken, where something speaks; else they have the chime alone
	Both     bool          // in the citizen's language too, where it is not the office's own
	Repeat   time.Duration // after which one who has not come is called once more; 0: never
}

// HallScreen is a screen on a wall.
type HallScreen struct {
	display.Screen
	ID     string
	Light  bool                              // dark letters on a light ground
	Silent bool                              // another one near it makes the sound
	Arrows map[queue.CounterID]display.Arrow // where counters are as seen from it
}

// Strip is what a hall tells of those who wait.
type Strip string

// The strips.
const (
	StripWaits   Strip = "waits"
	StripNumbers Strip = "numbers" // besides, the number of each group that was called last
	StripOff     Strip = "off"
)

// arrow returns the name of a counter's arrow, "" if it has none.
func (s HallScreen) arrow(id queue.CounterID) string {
	switch s.Arrows[id] {
	case display.Up:
		return "up"
	case display.Down:
		return "down"
	case display.Left:
		return "left"
	case display.Right:
		return "right"
	}
	return ""
}
