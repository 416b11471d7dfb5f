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
	heardAt time.Time
}

// Want takes the newest content.
func (s *Screen) Want(set Set) { s.set, s.wanted = set, true }

// Hear takes a heartbeat that the device heard at the given time of its own
// clock.
func (s *Screen) Hear(hb Heartbeat, at time.Time) { s.epoch, s.heardAt = hb.Epoch, at }

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
