// SPDX-License-Identifier: EUPL-1.2

package fwproto

import "time"

// Screen is the rule of the honest display (SPEC 6): content is shown only
// while heartbeats of its own epoch arrive. A device feeds it what it receives
// and asks it what to show. The zero value has received nothing. It is not safe
// for concurrent use.
type Screen struct {
	set     Set
	wanted  bool
	epoch   uint32
	count   uint32    // of the newest heartbeat
	heardAt time.Time // when it came, or should have come
	came    time.Time // when it came
}

const (
	beatsPerTTL = 5          // intervals of heartbeats that content lives (SPEC 5.7.1)
	mostAge     = 0x7fffffff // milliseconds; beyond it a clock of 32 bits cannot tell
)

// Want takes the newest content.
func (s *Screen) Want(set Set) { s.set, s.wanted = set, true }

// Hear takes a heartbeat that the device heard at the given time of its own
// clock. One that was held up on its way counts from when it should have come
// (SPEC 6.5).
func (s *Screen) Hear(hb Heartbeat, at time.Time) {
	came := at
	if hb.Epoch == s.epoch {
		if hb.Count <= s.count {
			return
		}
		interval := s.set.TTLms / beatsPerTTL // milliseconds, and a hundredth more, for clocks do not run alike
		interval += interval / 100
		if beats := hb.Count - s.count; s.wanted && interval > 0 && beats < mostAge/interval {
			due := s.heardAt.Add(time.Duration(beats*interval) * time.Millisecond)
			if due.Before(at) {
				at = due
			}
		}
	}
	s.epoch, s.count, s.heardAt, s.came = hb.Epoch, hb.Count, at, came
}

// Beat is the newest heartbeat that was heard, and how many milliseconds before the
// given time it came, for a press to name (SPEC 5.1.4); zeros: none was.
func (s *Screen) Beat(at time.Time) (epoch, count, since uint32) {
	if s.epoch == 0 {
		return 0, 0, 0
	}
	return s.epoch, s.count, uint32(min(max(at.Sub(s.came).Milliseconds(), 0), mostAge))
}

// Show gives the newest content and why it must not be shown at the given time;
// with [NotBlank] it must.
func (s *Screen) Show(at time.Time) (Set, Blank) {
	switch {
	case !s.wanted:
		return Set{}, BlankNoSet
	case s.epoch == 0, !at.Before(s.Expires()):
		return s.set, BlankNoHeartbeat
	case s.set.Epoch != s.epoch:
		return s.set, BlankOldEpoch
	case s.set.Blank:
		return s.set, BlankWanted
	}
	return s.set, NotBlank
}

// Expires is the time at which the content ends unless a heartbeat comes.
func (s *Screen) Expires() time.Time {
	return s.heardAt.Add(time.Duration(s.set.TTLms) * time.Millisecond)
}
