// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"sync"
	"time"
)

const (
	maxFailed    = 10 // wrong tokens that an address has free in a window
	failedWindow = time.Minute
	maxRemotes   = 4096
)

// attempts counts wrong tokens, or something else that has a bound, by address. Tokens
// cannot be guessed; the bound keeps logs and processor quiet. Right tokens are never held up by it.
type attempts struct {
	most int // that an address has free in a window
	mu   sync.Mutex
	from map[string]window
}

type window struct {
	began time.Time
	n     int
}

func newAttempts(most int) *attempts { return &attempts{most: most, from: map[string]window{}} }

// note counts once more and returns how long the address is to wait now.
func (a *attempts) note(address string) time.Duration {
	now := time.Now()
	a.mu.Lock()
	defer a.mu.Unlock()
	if _, known := a.from[address]; !known && len(a.from) >= maxRemotes {
		a.forget(now)
	}
	w := a.from[address]
	if now.Sub(w.began) >= failedWindow {
		w = window{began: now}
	}
	w.n++
	a.from[address] = w
	if w.n <= a.most {
		return 0
	}
	return w.began.Add(failedWindow).Sub(now)
}

// forget makes room: of those whose window is over, or else of all.
func (a *attempts) forget(now time.Time) {
	for address, w := range a.from {
		if now.Sub(w.began) >= failedWindow {
			delete(a.from, address)
		}
	}
	if len(a.from) >= maxRemotes {
		clear(a.from)
	}
}
