// SPDX-License-Identifier: EUPL-1.2

package health

import (
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Board holds the warnings that stand. All methods may be called by many
// goroutines at once and none of them blocks on another party.
type Board struct {
	log     *slog.Logger
	metrics *metrics

	mu       sync.Mutex
	standing map[key]Warning
	watchers map[chan struct{}]struct{}
}

type key struct{ name, subject string }

// NewBoard returns a board without warnings. It logs when one is raised, changes
// its severity or is cleared.
func NewBoard(reg prometheus.Registerer, log *slog.Logger) *Board {
	return &Board{
		log:      log,
		metrics:  newMetrics(reg),
		standing: map[key]Warning{},
		watchers: map[chan struct{}]struct{}{},
	}
}

// Raise puts a warning on the board. If it stands already, its severity, cause and
// hint are renewed and it goes on since when it began.
func (b *Board) Raise(w Warning) {
	if w.Since.IsZero() {
		w.Since = time.Now()
	}
	if b.put(w) {
		b.log.Warn("warning raised", slog.String("name", w.Name), slog.String("subject", w.Subject),
			slog.String("severity", string(w.Severity)), slog.String("cause", w.Cause), slog.String("hint", w.Hint))
	}
}

// put reports whether the warning is a new one or of a new severity.
func (b *Board) put(w Warning) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	k := key{w.Name, w.Subject}
	old, stands := b.standing[k]
	if stands {
		w.Since = old.Since
		if w == old {
			return false
		}
		b.metrics.count(old, -1)
	}
	b.standing[k] = w
	b.metrics.count(w, +1)
	b.changed()
	return !stands || w.Severity != old.Severity
}

// Clear takes a warning off the board. It does nothing if there is none.
func (b *Board) Clear(name, subject string) {
	if w, stood := b.take(key{name, subject}); stood {
		b.log.Info("warning cleared", slog.String("name", name), slog.String("subject", subject), slog.Duration("after", time.Since(w.Since)))
	}
}

func (b *Board) take(k key) (w Warning, stood bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	w, stood = b.standing[k]
	if stood {
		delete(b.standing, k)
		b.metrics.count(w, -1)
		b.changed()
	}
	return w, stood
}

// List returns the warnings that stand, the worst first, then by name and subject.
func (b *Board) List() []Warning {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := make([]Warning, 0, len(b.standing))
	for _, w := range b.standing {
		list = append(list, w)
	}
	slices.SortFunc(list, byWeight)
	return list
}

// Watch returns a channel that holds a value when the board has changed since the
// channel was last read; many changes may give one value. Call stop when done with
// it: the channel is closed then.
func (b *Board) Watch() (changes <-chan struct{}, stop func()) {
	c := make(chan struct{}, 1)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.watchers[c] = struct{}{}
	return c, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		if _, watching := b.watchers[c]; watching {
			delete(b.watchers, c)
			close(c)
		}
	}
}

// changed tells the watchers. A full channel says already what there is to say.
func (b *Board) changed() {
	for c := range b.watchers {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}
