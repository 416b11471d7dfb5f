// SPDX-License-Identifier: EUPL-1.2

package fleet

// Watched reports whether anybody watches.
func (t *Tracer) Watched() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.watchers) > 0
}
