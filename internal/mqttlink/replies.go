// SPDX-License-Identifier: EUPL-1.2

package mqttlink

import (
	"sync"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
)

const (
	maxReplies = 256 // that wait in all
	maxShare   = 32  // of them, those for one device
)

type reply struct {
	device string
	fwproto.Reply
}

// replies wait to be sent. A device that asks without end fills its own share and
// nobody else's.
type replies struct {
	mu    sync.Mutex
	list  []reply
	count map[string]int // of each device
}

// add reports whether there was room; full is true when the device's own share is what
// was lacking.
func (q *replies) add(r reply) (ok, full bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case q.count[r.device] >= maxShare:
		return false, true
	case len(q.list) >= maxReplies:
		return false, false
	}
	q.list = append(q.list, r)
	q.count[r.device]++
	return true, false
}

// take empties the queue.
func (q *replies) take() []reply {
	q.mu.Lock()
	defer q.mu.Unlock()
	list := q.list
	q.list = nil
	clear(q.count)
	return list
}
