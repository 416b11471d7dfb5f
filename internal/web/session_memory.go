// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"sync"
	"time"
)

// memory is an scs.Store without a goroutine of its own. When it is full, the
// session that ends first makes room.
type memory struct {
	mu    sync.Mutex
	items map[string]item
}

type item struct {
	data []byte
	ends time.Time
}

// Find implements scs.Store.
func (m *memory) Find(token string) (data []byte, found bool, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	it, ok := m.items[token]
	if !ok || time.Now().After(it.ends) {
		return nil, false, nil
	}
	return it.data, true, nil
}

// Commit implements scs.Store.
func (m *memory) Commit(token string, data []byte, ends time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, known := m.items[token]; !known && len(m.items) >= maxSessions {
		first := ""
		for t, it := range m.items {
			if first == "" || it.ends.Before(m.items[first].ends) {
				first = t
			}
		}
		delete(m.items, first)
	}
	m.items[token] = item{data, ends}
	return nil
}

// Delete implements scs.Store.
func (m *memory) Delete(token string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.items, token)
	return nil
}
