// SPDX-License-Identifier: EUPL-1.2

package web

import "sync"

const (
	// maxStreams is how many may be open at once: those of 500 pages of a full hall, and as many more.
	maxStreams = 1024
	// forOffice is how many of them strangers cannot take: a hall must not go dark because
	// somebody's phone opens one after the other.
	forOffice = 256
	// maxOfAddress is how many strangers of one address may have: a hall full of phones comes from
	// one, and still leaves some to others. A page that gets none asks from time to time.
	maxOfAddress = 512
)

// rooms count the streams that are open. The zero value has none.
type rooms struct {
	mu             sync.Mutex
	all, strangers int
	from           map[string]int // of strangers, by address
}

// enter takes a room for a stranger's address, "" is somebody of the office. It reports whether there is one.
func (r *rooms) enter(address string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.all >= maxStreams {
		return false
	}
	if address != "" {
		if r.strangers >= maxStreams-forOffice || r.from[address] >= maxOfAddress {
			return false
		}
		if r.from == nil {
			r.from = map[string]int{}
		}
		r.strangers++
		r.from[address]++
	}
	r.all++
	return true
}

// leave gives back what enter took.
func (r *rooms) leave(address string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all--
	if address == "" {
		return
	}
	r.strangers--
	if r.from[address]--; r.from[address] == 0 {
		delete(r.from, address)
	}
}
