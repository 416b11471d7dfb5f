// SPDX-License-Identifier: EUPL-1.2

package queuetest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/avanti-queue/avanti/queue"
)

// TestJournal holds an implementation of [queue.Journal] to its contract. Open
// returns a journal that is empty and cleans up after itself when t ends.
func TestJournal(t *testing.T, open func(t *testing.T) queue.Journal) {
	for name, test := range map[string]func(*testing.T, queue.Journal){
		"Empty":        testEmpty,
		"Append":       testAppend,
		"Kinds":        testKinds,
		"Texts":        testTexts,
		"Moved":        testMoved,
		"Order":        testOrder,
		"Cancelled":    testCancelled,
		"Early":        testEarly,
		"Reentrant":    testReentrant,
		"Readers":      testReaders,
		"RecentYoung":  testRecentYoung,
		"RecentWindow": testRecentWindow,
		"RecentEdge":   testRecentEdge,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

// entries returns n entries, one second apart from at on.
func entries(at time.Time, n int) []queue.Entry {
	out := make([]queue.Entry, n)
	for i := range out {
		out[i] = entry(at.Add(time.Duration(i)*time.Second), queue.CounterOpened{Counter: queue.CounterID(fmt.Sprintf("c%d", i))})
		out[i].By.Request = queue.RequestID(fmt.Sprintf("request-%d", i))
	}
	return out
}

func entry(at time.Time, e queue.Event) queue.Entry {
	return queue.Entry{At: at, By: queue.Actor{Role: queue.RoleCounter, ID: "c1"}, Event: e}
}

// log is a journal with a model of what must be in it.
type log struct {
	queue.Journal
	want []queue.Record
}

// add appends a batch that must be taken.
func (l *log) add(t *testing.T, batch ...queue.Entry) {
	t.Helper()
	end, err := l.Append(t.Context(), queue.Seq(len(l.want)), batch)
	if err != nil {
		t.Fatalf("append %d behind %d: %v", len(batch), len(l.want), err)
	}
	for _, e := range batch {
		l.want = append(l.want, queue.Record{Seq: queue.Seq(len(l.want) + 1), At: e.At.UTC(), By: e.By, Event: e.Event})
	}
	if end != queue.Seq(len(l.want)) {
		t.Fatalf("append returned the end %d, want %d", end, len(l.want))
	}
}

// refuse appends a batch that must not be taken and returns the error.
func (l *log) refuse(ctx context.Context, t *testing.T, after queue.Seq, batch ...queue.Entry) error {
	t.Helper()
	end, err := l.Append(ctx, after, batch)
	if err == nil || end != 0 {
		t.Fatalf("append behind %d of %d was taken: end %d, error %v", after, len(l.want), end, err)
	}
	l.check(t, 0)
	return err
}

// check compares what follows after with the model.
func (l *log) check(t *testing.T, after int) {
	t.Helper()
	same(t, l.Records(t.Context(), queue.Seq(after)), l.want[min(after, len(l.want)):])
}

func same(t *testing.T, records iter.Seq2[queue.Record, error], want []queue.Record) {
	t.Helper()
	var got []queue.Record
	for r, err := range records {
		if err != nil {
			t.Fatalf("record behind %d: %v", len(got), err)
		}
		if r.At.Location() != time.UTC {
			t.Fatalf("record %d: time in %v, want UTC", r.Seq, r.At.Location())
		}
		got = append(got, r)
	}
	if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
		t.Fatalf("records differ (-want +got):\n%s", d)
	}
}

// failure returns the error that ends an iteration; what comes before it is ignored.
func failure(t *testing.T, records iter.Seq2[queue.Record, error]) error {
	t.Helper()
	var failed error
	for _, err := range records {
		if failed != nil {
			t.Fatalf("the iteration went on after %v", failed)
		}
		failed = err
	}
	return failed
}

func testEmpty(t *testing.T, j queue.Journal) {
	l := &log{Journal: j}
	l.check(t, 0)
	l.check(t, 9)
	same(t, l.Recent(t.Context()), nil)
	l.add(t) // an empty batch
	if err := l.refuse(t.Context(), t, 1); !errors.Is(err, queue.ErrMoved) {
		t.Errorf("an empty batch behind the end: %v, want ErrMoved", err)
	}
}

func testAppend(t *testing.T, j queue.Journal) {
	l := &log{Journal: j}
	at := Monday()
	for _, n := range []int{1, 3, 0, 64, 700, 1} {
		l.add(t, entries(at, n)...)
		at = at.Add(time.Hour)
		l.check(t, 0)
	}
	for _, after := range []int{1, 4, 67, 255, 256, 257, 511, 512, 767, 768, 769, 1000} {
		l.check(t, after)
	}
}

func testKinds(t *testing.T, j queue.Journal) {
	l := &log{Journal: j}
	for i, e := range Samples() {
		l.add(t, entry(Monday().Add(time.Duration(i)*time.Millisecond), e))
	}
	l.check(t, 0)
}

func testTexts(t *testing.T, j queue.Journal) {
	l := &log{Journal: j}
	for _, s := range []string{"", "\x00", "a\x00b", "'; DROP TABLE event; --", "{\"", "\U0001F3AB ț", "\xff\xfe"} {
		e := entry(Monday(), queue.CounterClosed{Counter: "c1"})
		e.By = queue.Actor{Role: queue.Role(s), ID: s, Request: queue.RequestID(s)}
		l.add(t, e)
	}
	for _, s := range []string{"\x00", "a\x00b", "'; DROP TABLE event; --", "{\"", "\U0001F3AB ț", "<script>"} {
		l.add(t, entry(Monday(), queue.CounterPaused{Counter: queue.CounterID(s), Reason: s}))
	}
	l.check(t, 0)
}

func testMoved(t *testing.T, j queue.Journal) {
	l := &log{Journal: j}
	l.add(t, entries(Monday(), 3)...)
	for _, after := range []queue.Seq{-1, 0, 2, 4} {
		if err := l.refuse(t.Context(), t, after, entries(Monday().Add(time.Hour), 1)...); !errors.Is(err, queue.ErrMoved) {
			t.Errorf("append behind %d of 3: %v, want ErrMoved", after, err)
		}
	}
	l.add(t, entries(Monday().Add(time.Hour), 1)...)
	l.check(t, 0)
}

func testOrder(t *testing.T, j queue.Journal) {
	l := &log{Journal: j}
	l.add(t, entries(Monday(), 2)...)
	newest := Monday().Add(time.Second)
	l.refuse(t.Context(), t, 2, entries(newest.Add(-time.Millisecond), 1)...)
	opened := queue.CounterOpened{Counter: "c1"}
	l.refuse(t.Context(), t, 2, entry(newest.Add(2), opened))
	l.refuse(t.Context(), t, 2, entry(newest, opened), entry(newest.Add(time.Hour), opened), entry(newest.Add(time.Minute), opened))
	l.add(t, entry(newest, opened), entry(newest, opened)) // several facts at one instant
	l.add(t, entry(newest.Add(time.Hour).In(time.FixedZone("hall", 3600)), opened))
	l.check(t, 0)
}

func testCancelled(t *testing.T, j queue.Journal) {
	l := &log{Journal: j}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := failure(t, l.Records(gone, 0)); !errors.Is(err, context.Canceled) {
		t.Errorf("records of an empty journal: %v, want context.Canceled", err)
	}
	l.add(t, entries(Monday(), 600)...)
	if err := l.refuse(gone, t, 600, entries(Monday().Add(time.Hour), 1)...); !errors.Is(err, context.Canceled) {
		t.Errorf("append: %v, want context.Canceled", err)
	}
	if err := failure(t, l.Records(gone, 0)); !errors.Is(err, context.Canceled) {
		t.Errorf("records: %v, want context.Canceled", err)
	}
	if err := failure(t, l.Recent(gone)); !errors.Is(err, context.Canceled) {
		t.Errorf("recent: %v, want context.Canceled", err)
	}
	during, cancel := context.WithCancel(t.Context())
	defer cancel()
	var last error
	for r, err := range l.Records(during, 0) {
		if r.Seq == 5 {
			cancel()
		}
		last = err
	}
	if !errors.Is(last, context.Canceled) {
		t.Errorf("records, cancelled on the way: %v, want context.Canceled", last)
	}
	l.add(t, entries(Monday().Add(time.Hour), 1)...)
	l.check(t, 598)
}

// testEarly stops iterations on the way, more often than a pool has connections.
func testEarly(t *testing.T, j queue.Journal) {
	l := &log{Journal: j}
	l.add(t, entries(Monday(), 300)...)
	for i := range 40 {
		for r, err := range l.Records(t.Context(), queue.Seq(i)) {
			if err != nil || r.Seq != queue.Seq(i+1) {
				t.Fatalf("record %d behind %d: %v", r.Seq, i, err)
			}
			break
		}
		for r, err := range l.Recent(t.Context()) {
			if err != nil || r.Seq != 1 {
				t.Fatalf("recent begins with %d: %v", r.Seq, err)
			}
			break
		}
	}
	l.add(t, entries(Monday().Add(time.Hour), 1)...)
	l.check(t, 0)
}

// testReentrant reads and writes inside an iteration, as one who follows the
// journal and acts does.
func testReentrant(t *testing.T, j queue.Journal) {
	l := &log{Journal: j}
	l.add(t, entries(Monday(), 5)...)
	n := 0
	for r, err := range l.Records(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		n++
		if r.Seq <= 5 {
			l.add(t, entries(Monday().Add(time.Duration(n)*time.Hour), 1)...)
			l.check(t, int(r.Seq))
		}
	}
	if n < 5 || n > 10 {
		t.Errorf("the iteration yielded %d records, want the 5 of its beginning and at most the 5 new ones", n)
	}
	l.check(t, 0)
}

func testReaders(t *testing.T, j queue.Journal) {
	const n, batch = 400, 4
	l := &log{Journal: j}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for at := queue.Seq(0); at < n; {
				for r, err := range j.Records(t.Context(), at) {
					if err != nil || r.Seq != at+1 {
						t.Errorf("record %d behind %d: %v", r.Seq, at, err)
						return
					}
					at = r.Seq
				}
			}
		})
	}
	for i := range n / batch {
		l.add(t, entries(Monday().Add(time.Duration(i)*time.Minute), batch)...)
	}
	wg.Wait()
	l.check(t, 0)
}
