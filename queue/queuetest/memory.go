// SPDX-License-Identifier: EUPL-1.2

package queuetest

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"sync"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// Memory is a [queue.Journal] that lasts as long as the process. The zero value is
// an empty journal. It keeps the events that it is given, not copies of them.
type Memory struct {
	mu      sync.Mutex
	records []queue.Record // what has been appended never changes
}

// Append implements [queue.Journal].
func (m *Memory) Append(ctx context.Context, after queue.Seq, batch []queue.Entry) (queue.Seq, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	end := queue.Seq(len(m.records))
	if after != end {
		return 0, queue.ErrMoved
	}
	var newest time.Time
	if end > 0 {
		newest = m.records[end-1].At
	}
	added := make([]queue.Record, 0, len(batch))
	for i, e := range batch {
		at := e.At.UTC()
		switch {
		case !at.Equal(at.Truncate(time.Millisecond)):
			return 0, fmt.Errorf("queuetest: entry %d: %v is not in whole milliseconds", i, at)
		case end+queue.Seq(i) > 0 && at.Before(newest):
			return 0, fmt.Errorf("queuetest: entry %d: %v lies before the newest record's %v", i, at, newest)
		}
		newest = at
		added = append(added, queue.Record{Seq: end + 1 + queue.Seq(i), At: at, By: e.By, Event: e.Event})
	}
	m.records = append(m.records, added...)
	return end + queue.Seq(len(added)), nil
}

// Records implements [queue.Journal].
func (m *Memory) Records(ctx context.Context, after queue.Seq) iter.Seq2[queue.Record, error] {
	return func(yield func(queue.Record, error) bool) {
		records := m.snapshot()
		from := min(max(after, 0), queue.Seq(len(records)))
		emit(ctx, records[from:], yield)
	}
}

// Recent implements [queue.Journal].
func (m *Memory) Recent(ctx context.Context) iter.Seq2[queue.Record, error] {
	return func(yield func(queue.Record, error) bool) {
		records := m.snapshot()
		from := window(records)
		for _, r := range slices.Backward(records[:from]) {
			if _, ok := r.Event.(queue.SettingsChanged); ok {
				if ctx.Err() == nil && !yield(r, nil) {
					return
				}
				break
			}
		}
		emit(ctx, records[from:], yield)
	}
}

func (m *Memory) snapshot() []queue.Record {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.records
}

// window returns the index at which the recent window begins.
func window(records []queue.Record) int {
	if len(records) == 0 {
		return 0
	}
	limit := records[len(records)-1].At.Add(-24 * time.Hour)
	for i, r := range slices.Backward(records) {
		if _, ok := r.Event.(queue.DayOpened); ok && !r.At.After(limit) {
			return i
		}
	}
	return 0
}

func emit(ctx context.Context, records []queue.Record, yield func(queue.Record, error) bool) {
	for _, r := range records {
		if err := ctx.Err(); err != nil {
			yield(queue.Record{}, err)
			return
		}
		if !yield(r, nil) {
			return
		}
	}
	if err := ctx.Err(); err != nil {
		yield(queue.Record{}, err)
	}
}
