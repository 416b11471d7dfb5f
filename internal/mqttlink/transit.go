// SPDX-License-Identifier: EUPL-1.2

package mqttlink

import (
	"cmp"
	"slices"
	"sync"
	"time"
)

// maxRecent is how many heartbeats are remembered.
const maxRecent = 32

// recent are the newest heartbeats of an epoch, by which it can be told how long an
// event was on its way.
type recent struct {
	mu    sync.Mutex
	epoch uint32
	begun time.Time // when the first one went
	list  []sentBeat
}

type sentBeat struct {
	count uint32
	at    time.Time
}

// next gives a heartbeat that goes now its count. That goes on as if none had been left
// out: a device knows by it how late they are.
func (r *recent) next(epoch uint32, every time.Duration) uint32 {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now()
	if epoch != r.epoch {
		r.epoch, r.begun, r.list = epoch, now, nil
	}
	count := uint32(now.Sub(r.begun)/every) + 1
	if n := len(r.list); n > 0 {
		count = max(count, r.list[n-1].count+1)
	}
	r.list = append(r.list[max(0, len(r.list)+1-maxRecent):], sentBeat{count, now})
	return count
}

// Transit returns how long, at most, a message was on its way that was sent so long after
// its sender had heard this heartbeat: it cannot have heard it before it was sent. It is
// false for a heartbeat that is not of this epoch, or that was never sent.
func (l *Link) Transit(epoch, count uint32, since time.Duration) (time.Duration, bool) {
	l.recent.mu.Lock()
	defer l.recent.mu.Unlock()
	list := l.recent.list
	if epoch != l.recent.epoch || len(list) == 0 || count > list[len(list)-1].count {
		return 0, false
	}
	oldest := list[0]
	if count < oldest.count { // it went so many intervals before, and one more at most
		sent := oldest.at.Add(-time.Duration(oldest.count-count+1) * l.opts.Heartbeat)
		return max(0, time.Since(sent)-since), true
	}
	i, found := slices.BinarySearchFunc(list, count, func(b sentBeat, c uint32) int { return cmp.Compare(b.count, c) })
	if !found {
		return 0, false // nobody has heard it
	}
	return max(0, time.Since(list[i].at)-since), true
}
