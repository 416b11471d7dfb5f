// SPDX-License-Identifier: EUPL-1.2

package queue_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// TestGroupCommit: what arrives while a commit is under way is committed together,
// and nobody is answered before the journal has it.
func TestGroupCommit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, queuetest.Office(queue.PresetFIFO))
		appends, commits := d.journal.appends, len(d.commits)
		d.journal.gate = make(chan struct{})
		var answered [12]bool
		var wg sync.WaitGroup
		for i := range answered {
			wg.Go(func() {
				c := queue.Command(queue.IssueTicket{Service: "papers"})
				if i == 5 {
					c = queue.Cancel{Ticket: 99}
				}
				_, err := d.Do(t.Context(), queue.Actor{Role: queue.RoleKiosk, Request: queue.RequestID(fmt.Sprint(i))}, c)
				if refused := err != nil; refused != (i == 5) {
					t.Errorf("request %d: %v", i, err)
				}
				answered[i] = true
			})
			synctest.Wait()
		}
		if d.View().Seq() != 2 || answered != [12]bool{} {
			t.Errorf("before the journal has it, the view is at record %d and these are answered: %v", d.View().Seq(), answered)
		}
		d.journal.gate <- struct{}{}
		synctest.Wait()
		if d.View().Seq() != 3 || answered != [12]bool{0: true} {
			t.Errorf("after the first commit, the view is at record %d and these are answered: %v", d.View().Seq(), answered)
		}
		d.journal.gate <- struct{}{}
		wg.Wait()
		want := []queue.Commit{{Requests: 1, Records: 1}, {Requests: 11, Records: 10}}
		if diff := cmp.Diff(want, d.commits[commits:], cmpopts.IgnoreFields(queue.Commit{}, "Took")); diff != "" || d.journal.appends != appends+2 {
			t.Errorf("%d appends; commits (-want +got):\n%s", d.journal.appends-appends, diff)
		}
	})
}

// TestCommitsAreBounded: of a great many that wait, no more than 256 go together.
func TestCommitsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, queuetest.Office(queue.PresetFIFO))
		commits := len(d.commits)
		d.journal.gate = make(chan struct{})
		var wg sync.WaitGroup
		for range 700 {
			wg.Go(func() {
				if _, err := d.Do(t.Context(), manager(), queue.IssueTicket{Service: "papers"}); err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		close(d.journal.gate)
		wg.Wait()
		n := 0
		for _, c := range d.commits[commits:] {
			if n += c.Records; c.Requests > 256 {
				t.Errorf("%d requests in one commit", c.Requests)
			}
		}
		if count := len(d.commits) - commits; n != 700 || count < 3 || count > 5 {
			t.Errorf("%d tickets in %d commits", n, count)
		}
	})
}

// TestDoGivesUp: one who does not wait for the answer can ask for it again.
func TestDoGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, queuetest.Office(queue.PresetFIFO))
		d.journal.gate = make(chan struct{})
		ctx, cancel := context.WithCancel(t.Context())
		by := queue.Actor{Role: queue.RoleKiosk, ID: "hall", Request: "7"}
		failed := make(chan error)
		go func() {
			_, err := d.Do(ctx, by, queue.IssueTicket{Service: "papers"})
			failed <- err
		}()
		synctest.Wait()
		cancel()
		if err := <-failed; !errors.Is(err, context.Canceled) {
			t.Errorf("%v, want context.Canceled", err)
		}
		d.journal.gate <- struct{}{}
		synctest.Wait()
		records, err := d.Do(t.Context(), by, queue.IssueTicket{Service: "papers"})
		if err != nil || len(records) != 1 || records[0].Seq != 3 || d.View().Seq() != 3 {
			t.Errorf("asked again: %v, %v", records, err)
		}
	})
}

// TestDoGoneBefore: a request whose author has gone is at most made, never twice.
func TestDoGoneBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, queuetest.Office(queue.PresetFIFO))
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		by := queue.Actor{Role: queue.RoleKiosk, Request: "7"}
		for range 20 {
			if _, err := d.Do(gone, by, queue.IssueTicket{Service: "papers"}); err != nil && !errors.Is(err, context.Canceled) {
				t.Errorf("%v, want context.Canceled", err)
			}
		}
		synctest.Wait()
		if seq := d.View().Seq(); seq > 3 {
			t.Errorf("record %d: the request was made more than once", seq)
		}
	})
}

// TestStop: a commit under way is carried through; those behind it and those who come
// later are told.
func TestStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, queuetest.Office(queue.PresetFIFO))
		d.journal.gate = make(chan struct{})
		errs := make([]error, 3)
		var wg sync.WaitGroup
		for i := range errs {
			wg.Go(func() { _, errs[i] = d.Do(t.Context(), manager(), queue.IssueTicket{Service: "papers"}) })
			synctest.Wait()
		}
		d.stop()
		close(d.journal.gate)
		if err := <-d.stopped; err != nil {
			t.Errorf("Run: %v", err)
		}
		wg.Wait()
		if errs[0] != nil {
			t.Errorf("the commit under way: %v", errs[0])
		}
		done := queue.Seq(1)
		for _, err := range errs[1:] {
			if err == nil {
				done++
			} else if !errors.Is(err, queue.ErrStopped) {
				t.Errorf("behind it: %v, want ErrStopped or an answer", err)
			}
		}
		if d.View().Seq() != 2+done {
			t.Errorf("%d were told that it is done, the view is at record %d", done, d.View().Seq())
		}
		for range 400 { // more than can wait
			if _, err := d.ask(queue.IssueTicket{Service: "papers"}); !errors.Is(err, queue.ErrStopped) {
				t.Fatalf("afterwards: %v, want ErrStopped", err)
			}
		}
		if err := d.Ping(t.Context()); !errors.Is(err, queue.ErrStopped) {
			t.Errorf("ping: %v, want ErrStopped", err)
		}
	})
}

func TestPing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		if err := d.Ping(t.Context()); err != nil {
			t.Errorf("without settings: %v", err)
		}
		d.must(queue.ChangeSettings{Settings: queuetest.Office(queue.PresetFIFO)})
		d.must(queue.OpenDay{Clock: d.Now()})
		seq := d.View().Seq()
		for range 3 {
			if err := d.Ping(t.Context()); err != nil {
				t.Error(err)
			}
		}
		if d.View().Seq() != seq {
			t.Error("a ping left something in the journal")
		}
		d.journal.gate = make(chan struct{})
		go d.ask(queue.IssueTicket{Service: "papers"})
		synctest.Wait()
		ctx, cancel := context.WithCancel(t.Context())
		answer := make(chan error)
		go func() { answer <- d.Ping(ctx) }()
		synctest.Wait()
		cancel()
		if err := <-answer; !errors.Is(err, context.Canceled) {
			t.Errorf("while the journal hangs: %v", err)
		}
		close(d.journal.gate)
	})
}

// TestFullDisk: requests fail with the journal's words, and the hall goes on when
// there is room again.
func TestFullDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, queuetest.Office(queue.PresetFIFO))
		commits := len(d.commits)
		d.journal.fail = errors.New("no space left on device")
		before := d.View()
		for range 2 {
			if records, err := d.ask(queue.IssueTicket{Service: "papers"}); !errors.Is(err, d.journal.fail) || len(records) > 0 {
				t.Errorf("%v, %v; want the journal's failure", records, err)
			}
		}
		if d.View() != before {
			t.Error("there is a new view")
		}
		d.refusedAs(queue.Cancel{Ticket: 99}, queue.RefusedUnknownTicket)
		for i, c := range d.commits[commits:] {
			if !errors.Is(c.Err, d.journal.fail) || c.Records != 0 || c.Requests != 1 {
				t.Errorf("commit %d: %+v", i, c)
			}
		}
		if n := len(d.commits) - commits; n != 2 {
			t.Errorf("OnCommit was told of %d commits, want 2", n)
		}
		d.journal.fail = nil
		if records := d.must(queue.IssueTicket{Service: "papers"}); records[0].Seq != 3 {
			t.Errorf("record %d, want 3", records[0].Seq)
		}
	})
}

// TestEngineMoved: an engine that meets a second writer ends and says so.
func TestEngineMoved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, queuetest.Office(queue.PresetFIFO))
		other := &hall{t: t, journal: &d.journal.coded, at: queuetest.Monday()}
		other.reopen()
		other.do(queue.IssueTicket{Service: "papers"})
		if _, err := d.ask(queue.IssueTicket{Service: "papers"}); !errors.Is(err, queue.ErrMoved) {
			t.Errorf("Do: %v, want ErrMoved", err)
		}
		if err := <-d.stopped; !errors.Is(err, queue.ErrMoved) {
			t.Errorf("Run: %v, want ErrMoved", err)
		}
		if _, err := d.ask(queue.IssueTicket{Service: "papers"}); !errors.Is(err, queue.ErrStopped) {
			t.Errorf("afterwards: %v, want ErrStopped", err)
		}
	})
}

// TestOpenFails: without the past there is no present.
func TestOpenFails(t *testing.T) {
	j := &coded{unreadable: errors.New("input/output error")}
	if _, err := queue.Open(t.Context(), j, queue.Options{}); !errors.Is(err, j.unreadable) {
		t.Errorf("%v, want the journal's failure", err)
	}
}

// TestViewNeverBlocks: not while the journal hangs, not while a follower does; and a
// view does not change.
func TestViewNeverBlocks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, queuetest.Office(queue.PresetFIFO))
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go func() {
			for range d.Follow(ctx, 0) {
				<-ctx.Done() // takes one record and then no more
			}
		}()
		d.must(queue.IssueTicket{Service: "papers"})
		before := d.View()
		d.journal.gate = make(chan struct{})
		go d.ask(queue.Cancel{Ticket: 3})
		synctest.Wait()
		if d.View() != before {
			t.Error("the view shows what the journal has not")
		}
		close(d.journal.gate)
		synctest.Wait()
		if after := d.View(); after.Seq() != 4 || after.Ticket(3).Alive() || !before.Ticket(3).Alive() {
			t.Errorf("after: record %d, %+v; before: %+v", after.Seq(), after.Ticket(3), before.Ticket(3))
		}
	})
}
