// SPDX-License-Identifier: EUPL-1.2

package speech

import "time"

// Loudness is how loud the hall is, by hour.
type Loudness struct {
	Volume int // percent, 0 (silent) to 100
	Hours  []Hours
}

// Hours are a part of every day with a volume of its own.
type Hours struct {
	From, To int // minutes since midnight, From below To
	Volume   int // percent
}

// At returns the volume in percent at an instant of the office's own time. Of hours that
// overlap, the first ones hold.
func (l Loudness) At(at time.Time) int {
	minute := at.Hour()*60 + at.Minute()
	for _, h := range l.Hours {
		if h.From <= minute && minute < h.To {
			return h.Volume
		}
	}
	return l.Volume
}
