// SPDX-License-Identifier: EUPL-1.2

package accounts

import (
	"fmt"
	"time"
)

// How wrong secrets slow down what they were tried on.
const (
	freeTries  = 3 // the wait begins with this one
	firstWait  = 5 * time.Second
	pinWait    = 15 * time.Minute // the longest of a clerk: a PIN can be guessed
	secretWait = time.Minute      // the longest of others: nobody shall lock out a manager for long
	remoteFree = 12               // the same of one place: many may sit behind one address
	remoteWait = 5 * time.Minute
	maxTries   = 4096             // names and places that are remembered
	forgiven   = 30 * time.Minute // after the last wrong one of a name or place
)

// ThrottledError is an attempt that was not even looked at.
type ThrottledError struct{ Wait time.Duration } // until the next one is

// Error implements error.
func (e *ThrottledError) Error() string {
	return fmt.Sprintf("too many wrong secrets: wait %v", e.Wait.Round(time.Second))
}

// try is what is known of wrong secrets at one account or from one place.
type try struct {
	failed int
	until  time.Time
	last   time.Time // of a name or place
}

// wait returns how long to wait before the next attempt, at most the longest wait: a
// clock that was set back keeps nobody out.
func (t try) wait(now time.Time, longest time.Duration) time.Duration {
	return min(max(t.until.Sub(now), 0), longest)
}

// fail counts an attempt as a wrong one.
func (t *try) fail(now time.Time, free int, longest time.Duration) {
	t.failed, t.last = t.failed+1, now
	t.until = time.Time{}
	if over := t.failed - free; over >= 0 {
		t.until = now.Add(min(firstWait<<min(over, 16), longest))
	}
}

// tries remembers attempts by name or place, in memory. The zero value is not valid.
type tries map[string]try

// put remembers; where there is no room, those who need not wait are forgotten, or else all.
func (m tries) put(key string, t try, now time.Time) {
	if _, known := m[key]; !known && len(m) >= maxTries {
		for k, old := range m {
			if !old.until.After(now) {
				delete(m, k)
			}
		}
		if len(m) >= maxTries {
			clear(m)
		}
	}
	m[key] = t
}

// of returns what is remembered of a name or place, nothing once it is forgiven.
func (m tries) of(key string, now time.Time) try {
	t := m[key]
	if now.Sub(t.last) > forgiven {
		return try{}
	}
	return t
}

func longest(r Role) time.Duration {
	if r == Clerk {
		return pinWait
	}
	return secretWait
}
