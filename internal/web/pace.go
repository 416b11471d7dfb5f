// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"maps"
	"sync"
	"time"
)

// maxVotes is how many votes a tablet or a kiosk may take in a minute: a citizen needs some seconds for
// one, a child that plays with it needs none.
const maxVotes = 12

// pace bounds how often each of a few devices does something in a minute.
type pace struct {
	most int
	mu   sync.Mutex
	by   map[string]window
}

func newPace(most int) *pace { return &pace{most: most, by: map[string]window{}} }

// note counts once more for a device and returns how long it is to wait, 0: not at all.
func (p *pace) note(device string) time.Duration {
	now := time.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	maps.DeleteFunc(p.by, func(_ string, w window) bool { return now.Sub(w.began) >= time.Minute })
	w := p.by[device]
	if now.Sub(w.began) >= time.Minute {
		w = window{began: now}
	}
	w.n++
	p.by[device] = w
	if w.n <= p.most {
		return 0
	}
	return w.began.Add(time.Minute).Sub(now)
}
