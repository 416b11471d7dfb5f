// SPDX-License-Identifier: EUPL-1.2

package hall

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/avanti-queue/avanti/internal/sim/box"
	"github.com/avanti-queue/avanti/internal/sim/demand"
	"github.com/avanti-queue/avanti/internal/sim/paper"
	"github.com/avanti-queue/avanti/queue"
)

// Options say whom to play and how the daemon is reached.
type Options struct {
	Day    demand.Day
	NoShow queue.NoShow // the office's rule, by which clerks go

	Client *http.Client
	Base   string                     // scheme and host of the pages
	Kiosk  string                     // token of the kiosk
	Desks  map[queue.CounterID]string // tokens of the counters
	Boxes  map[queue.CounterID]*box.Box

	Pulls   []Pull         // of the printer's plug, in the order of their times; none: it stays in
	Printer *paper.Printer // required with Pulls

	Now   func() time.Time // the office's time
	Speed float64          // seconds of the office in a real one; above zero
	Poll  time.Duration    // office time between two looks of an idle clerk
	Log   *slog.Logger
}

// turnover is the time in which a clerk makes ready for the next citizen.
const turnover = 45 * time.Second

// Hall is the people of one day.
type Hall struct {
	o Options

	mu       sync.Mutex
	visits   map[string]demand.Arrival // by the number that the citizen holds
	outside  int                       // citizens who have not come yet
	sentHome int
	refused  int // of them: because no paper would have come out
}

// New returns people who do nothing until [Hall.Run].
func New(o Options) *Hall {
	return &Hall{o: o, visits: map[string]demand.Arrival{}, outside: len(o.Day.Arrivals)}
}

// SentHome returns how many citizens got no ticket, for the office does not give any
// at that hour.
func (h *Hall) SentHome() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.sentHome
}

// Refused returns how many of those who were sent home got no ticket because no paper would
// have come out.
func (h *Hall) Refused() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.refused
}

// Run plays the day until the last clerk has closed, or ctx ends. The error names a
// counter that could not be worked at all.
func (h *Hall) Run(ctx context.Context) error {
	var people sync.WaitGroup
	defer people.Wait()
	pulling, stop := context.WithCancel(ctx)
	defer stop() // when everybody has gone home
	people.Go(func() { h.pull(pulling) })
	for i, a := range h.o.Day.Arrivals {
		people.Go(func() { h.visit(ctx, i, a) })
	}
	var clerks sync.WaitGroup
	failed := make(chan error, len(h.o.Day.Shifts))
	for _, s := range h.o.Day.Shifts {
		token, ok := h.o.Desks[s.Counter]
		if !ok {
			return fmt.Errorf("hall: no token for counter %s", s.Counter)
		}
		c := &clerk{hall: h, shift: s, page: page{h.o.Client, h.o.Base, token}, box: h.o.Boxes[s.Counter]}
		clerks.Go(func() {
			if err := c.work(ctx); err != nil && ctx.Err() == nil {
				failed <- fmt.Errorf("counter %s: %w", s.Counter, err)
			}
		})
	}
	clerks.Wait()
	select {
	case err := <-failed:
		return err
	default:
		return nil
	}
}

// pause sleeps for a span of office time; false when ctx has ended.
func (h *Hall) pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(time.Duration(float64(d) / h.o.Speed))
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

// until sleeps until an instant of office time.
func (h *Hall) until(ctx context.Context, at time.Time) bool {
	return h.pause(ctx, max(0, at.Sub(h.o.Now())))
}

// holder returns who holds a number.
func (h *Hall) holder(number string) (demand.Arrival, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	a, ok := h.visits[number]
	return a, ok
}

// empty reports whether no citizen of the day is still to come.
func (h *Hall) empty() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.outside == 0
}
