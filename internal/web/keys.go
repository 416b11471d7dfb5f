// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"sync"

	"github.com/avanti-queue/avanti/queue"
)

const maxKeys = 4096

// keys remembers the newest requests that must not be judged again before the
// office has been asked whether it has answered them already.
type keys struct {
	mu    sync.Mutex
	known map[queue.RequestID]bool
	order []queue.RequestID // oldest first
}

func newKeys() *keys { return &keys{known: map[queue.RequestID]bool{}} }

func (k *keys) note(id queue.RequestID) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.known[id] {
		return
	}
	k.known[id] = true
	k.order = append(k.order, id)
	if len(k.order) > maxKeys {
		delete(k.known, k.order[0])
		k.order = k.order[1:]
	}
}

func (k *keys) has(id queue.RequestID) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.known[id]
}
