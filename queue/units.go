// SPDX-License-Identifier: EUPL-1.2

package queue

import "time"

// Millis is a span of time in whole milliseconds, the unit of the journal.
type Millis int64

// MillisOf rounds d towards zero.
func MillisOf(d time.Duration) Millis { return Millis(d / time.Millisecond) }

// Duration returns the span as Go counts it.
func (m Millis) Duration() time.Duration { return time.Duration(m) * time.Millisecond }

// elapsed returns the span from a to b, never below zero: a clock that was set
// back must not make a wait negative.
func elapsed(a, b time.Time) Millis {
	if a.IsZero() {
		return 0
	}
	return max(0, MillisOf(b.Sub(a)))
}

// Texts holds one text in several languages, by language tag ("it", "ro").
type Texts map[string]string

// In returns the text in the first of the languages that has one, else any by
// the order of the tags, else "".
func (t Texts) In(languages ...string) string {
	for _, l := range languages {
		if s, ok := t[l]; ok {
			return s
		}
	}
	best := ""
	for l := range t {
		if best == "" || l < best {
			best = l
		}
	}
	return t[best]
}
