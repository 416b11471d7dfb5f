// SPDX-License-Identifier: EUPL-1.2

package queue_test

import (
	"context"
	"errors"
	"math"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// follower collects what it is given.
type follower struct {
	records []queue.Record
	err     error
	done    chan struct{}
}

// follow starts a follower that ends with ctx, or when take says so.
func (d *desk) follow(ctx context.Context, after queue.Seq, take func(queue.Record) bool) *follower {
	f := &follower{done: make(chan struct{})}
	go func() {
		defer close(f.done)
		for r, err := range d.Follow(ctx, after) {
			if f.err = err; err != nil {
				continue // it must be the last
			}
			f.records = append(f.records, r)
			if !take(r) {
				return
			}
		}
	}()
	return f
}

func everything(queue.Record) bool { return true }

// is holds what a follower got against the journal.
func (f *follower) is(t *testing.T, d *desk, from, to queue.Seq) {
	t.Helper()
	var want []queue.Record
	for r, err := range d.journal.Memory.Records(t.Context(), from-1) {
		if err != nil {
			t.Fatal(err)
		}
		if r.Seq <= to {
			want = append(want, r)
		}
	}
	if diff := cmp.Diff(want, f.records); diff != "" || f.err != nil {
		t.Errorf("records %d to %d, %v (-journal +followed):\n%s", from, to, f.err, diff)
	}
}

// TestFollow: from the beginning, from the middle, from now on, and across a restart.
func TestFollow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, queuetest.Office(queue.PresetFIFO))
		d.must(queue.OpenCounter{Counter: "c1"})
		followers := func() map[queue.Seq]*follower {
			out := map[queue.Seq]*follower{}
			for _, from := range []queue.Seq{1, 2, 3, 4, 6} { // the last one begins with what is not there yet
				out[from] = d.follow(t.Context(), from-1, everything)
			}
			synctest.Wait()
			return out
		}
		check := func(all map[queue.Seq]*follower) {
			t.Helper()
			synctest.Wait()
			for from, f := range all {
				f.is(t, d, from, d.View().Seq())
			}
		}
		all := followers()
		check(all)
		for range 3 {
			d.must(queue.IssueTicket{Service: "papers"})
			check(all)
		}
		d.must(queue.CloseDay{}) // four records in one commit
		check(all)
		d.stop()
		<-d.stopped
		d.start()
		again := followers() // there is no tail: all comes from the journal
		check(again)
		d.must(queue.OpenDay{Clock: d.Now()})
		check(again)
	})
}

// TestFollowSlowly: one who falls behind further than the tail reaches loses nothing
// and delays nobody.
func TestFollowSlowly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, queuetest.Office(queue.PresetFIFO))
		resume := make(chan struct{})
		slow := d.follow(t.Context(), 0, func(r queue.Record) bool {
			if r.Seq == 5 || r.Seq == 6000 {
				<-resume
			}
			return true
		})
		quick := d.follow(t.Context(), 0, everything)
		more := func(n int) {
			t.Helper()
			for range n {
				d.must(queue.StepClock{By: 1})
			}
			synctest.Wait()
		}
		more(9000)
		if len(slow.records) != 5 || len(quick.records) != 9002 {
			t.Errorf("the slow one has %d, the quick one %d", len(slow.records), len(quick.records))
		}
		late := d.follow(t.Context(), 4000, everything)
		resume <- struct{}{}
		synctest.Wait()
		if len(slow.records) != 6000 {
			t.Errorf("the slow one has %d", len(slow.records))
		}
		more(9000)
		resume <- struct{}{}
		synctest.Wait()
		for from, f := range map[queue.Seq]*follower{1: slow, 4001: late} {
			if n := 18_002 - int(from) + 1; len(f.records) != n || f.err != nil {
				t.Fatalf("from %d: %d records, %v, want %d", from, len(f.records), f.err, n)
			}
			for i, r := range f.records {
				if r.Seq != from+queue.Seq(i) {
					t.Fatalf("from %d: record %d is %d", from, i, r.Seq)
				}
			}
		}
	})
}

// TestFollowEnds: with its context, quietly, wherever it is; or when one has enough.
func TestFollowEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, queuetest.Office(queue.PresetFIFO))
		ctx, cancel := context.WithCancel(t.Context())
		waits := d.follow(ctx, 0, everything)
		first := d.follow(t.Context(), 0, func(r queue.Record) bool { return r.Seq < 1 })
		inTheTail := d.follow(t.Context(), 2, func(r queue.Record) bool { return r.Seq < 4 })
		own, end := context.WithCancel(t.Context())
		ended := d.follow(own, 0, func(r queue.Record) bool {
			if r.Seq == 3 {
				end()
			}
			return true
		})
		d.must(queue.OpenCounter{Counter: "c1"})
		d.must(queue.OpenCounter{Counter: "c2"})
		d.must(queue.OpenCounter{Counter: "c3"})
		synctest.Wait()
		cancel()
		for f, to := range map[*follower]queue.Seq{waits: 5, first: 1, ended: 3} {
			<-f.done
			f.is(t, d, 1, to)
		}
		<-inTheTail.done
		inTheTail.is(t, d, 3, 4)
		gone := d.follow(ctx, 0, everything)
		<-gone.done
		if len(gone.records) != 0 || gone.err != nil {
			t.Errorf("one who had gone before gets %d records, %v", len(gone.records), gone.err)
		}
		d.stop()
		<-d.stopped
		d.start()
		inThePast := d.follow(t.Context(), 0, func(r queue.Record) bool { return r.Seq < 2 })
		<-inThePast.done
		inThePast.is(t, d, 1, 2)
	})
}

// TestFollowRunsNotAhead: what the journal has and the view has not is not given out.
func TestFollowRunsNotAhead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, queuetest.Office(queue.PresetFIFO))
		d.stop()
		<-d.stopped
		d.start()
		d.journal.end = make(chan struct{})
		go d.ask(queue.OpenCounter{Counter: "c1"})
		synctest.Wait()
		f := d.follow(t.Context(), 0, func(r queue.Record) bool {
			if seq := d.View().Seq(); r.Seq > seq {
				t.Errorf("record %d is given out, the view is at %d", r.Seq, seq)
			}
			return true
		})
		synctest.Wait()
		f.is(t, d, 1, 2)
		close(d.journal.end)
		synctest.Wait()
		f.is(t, d, 1, 3)
	})
}

// TestFollowFails: the journal's failure comes once, at the end.
func TestFollowFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, queuetest.Office(queue.PresetFIFO))
		d.stop()
		<-d.stopped
		d.start()
		d.journal.unreadable = errors.New("input/output error")
		f := d.follow(t.Context(), 0, everything)
		<-f.done
		if !errors.Is(f.err, d.journal.unreadable) || len(f.records) != 0 {
			t.Errorf("%d records, %v", len(f.records), f.err)
		}
		now := d.follow(t.Context(), 2, everything)
		d.must(queue.OpenCounter{Counter: "c1"})
		synctest.Wait()
		now.is(t, d, 3, 3) // one who needs nothing of the past does not notice
		d.journal.unreadable = nil
	})
}

// TestFollowFromNowhere: a place before the beginning is the beginning, one far behind
// the end waits; neither asks the journal over and over.
func TestFollowFromNowhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		ctx, cancel := context.WithCancel(t.Context())
		d.journal.onRead = func(n int) {
			if n > 100 {
				cancel()
			}
		}
		early := d.follow(ctx, -7, everything)
		late := d.follow(ctx, math.MaxInt64, everything)
		later := d.follow(ctx, math.MaxInt64-1, everything)
		synctest.Wait()
		d.must(queue.ChangeSettings{Settings: queuetest.Office(queue.PresetFIFO)})
		d.must(queue.OpenDay{Clock: d.Now()})
		synctest.Wait()
		if ctx.Err() != nil {
			t.Fatal("the journal is read without end")
		}
		early.is(t, d, 1, 2)
		if n := len(late.records) + len(later.records); n > 0 {
			t.Errorf("%d records from behind the end", n)
		}
		cancel()
	})
}
