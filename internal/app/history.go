// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"iter"

	"github.com/avanti-queue/avanti/queue"
)

// history is the journal for those who learn from the past when the daemon starts. They read it one
// after the other: a small board has few processors, and who takes a number now needs one.
type history struct {
	*queue.Engine
	turn chan struct{} // holds one
}

func newHistory(e *queue.Engine) history { return history{e, make(chan struct{}, 1)} }

// Follow is that of the engine, and waits for its turn with what has already happened.
func (h history) Follow(ctx context.Context, after queue.Seq) iter.Seq2[queue.Record, error] {
	return func(yield func(queue.Record, error) bool) {
		past := h.View().Seq()
		reading := after < past
		if reading {
			select {
			case h.turn <- struct{}{}:
			case <-ctx.Done():
				return
			}
		}
		defer func() {
			if reading {
				<-h.turn
			}
		}()
		for r, err := range h.Engine.Follow(ctx, after) {
			if !yield(r, err) {
				return
			}
			if reading && err == nil && r.Seq >= past {
				reading = false
				<-h.turn
			}
		}
	}
}
