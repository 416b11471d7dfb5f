// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"os/signal"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/queue"
)

// The part of the abuse list (see abuse_test.go) in which the daemon's own machine is at fault: its
// clock, its disk, its broker, its end.

// TestAbuseClockJumps: the host's clock jumps by a day and back while people press.
func TestAbuseClockJumps(t *testing.T) {
	var clock wallClock
	inSmall(t, 20, func(t *testing.T, w *wired) {
		w.lateBy = 72 * time.Hour // by this clock
		answers := map[fwproto.Status]int{}
		for _, days := range []int{0, 1, -1, 1, 0} {
			clock.set(time.Duration(days) * 24 * time.Hour)
			for range 3 {
				r, err := w.press("c1", fwproto.KeyNext)
				if err != nil {
					t.Errorf("clock off by %d days: %v", days, err)
				}
				answers[r.Status]++
				w.rest(20 * time.Second)
			}
		}
		if answers[fwproto.OK] == 0 {
			t.Errorf("answers %v", answers)
		}
	}, func(r *rig) { r.now = clock.now })
}

// TestAbuseDiskFull: the disk takes nothing while somebody presses, and then does again.
func TestAbuseDiskFull(t *testing.T) {
	signal.Ignore(syscall.SIGXFSZ) // outside of the bubble: signals are everybody's
	defer signal.Reset(syscall.SIGXFSZ)
	inSmall(t, 9, func(t *testing.T, w *wired) {
		repair := fullDisk(t)
		defer repair()
		r, err := w.press("c1", fwproto.KeyNext)
		if err == nil {
			t.Errorf("%+v on a full disk", r)
		}
		if got := w.metric(`avanti_warning{name="journal_failing",severity="critical"} `); got != "1" {
			t.Errorf("%q warnings of the journal", got)
		}
		// The second press finds room while it is repeated.
		mended := make(chan struct{})
		go func() {
			defer close(mended)
			pass(2500 * time.Millisecond)
			repair()
		}()
		if r, err := w.press("c1", fwproto.KeyNext); err != nil || r.Status != fwproto.OK {
			t.Errorf("%+v, %v when there is room again", r, err)
		}
		<-mended
		w.rest(time.Second)
		if got := w.metric(`avanti_warning{name="journal_failing",severity="critical"} `); got != "0" {
			t.Errorf("%q warnings of the journal", got)
		}
		w.wantCalls(1)
	})
}

// fullDisk lets every write to a file of this process fail until it is repaired.
func fullDisk(t *testing.T) (repair func()) {
	t.Helper()
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 0, Max: before.Max}); err != nil {
		t.Fatal(err)
	}
	return sync.OnceFunc(func() {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
			t.Error(err)
		}
	})
}

// TestAbuseBrokerRestarts: the broker is started anew every three seconds for ten minutes.
func TestAbuseBrokerRestarts(t *testing.T) {
	inSmall(t, 200, func(t *testing.T, w *wired) {
		w.staleBy = 5 * time.Second // nobody hears of the new content
		called := 0
		done := make(chan struct{})
		go func() {
			defer close(done)
			for end := time.Now().Add(10 * time.Minute); time.Now().Before(end); pass(2 * time.Second) {
				if r, err := w.press("c1", fwproto.KeyNext); err == nil && r.Status == fwproto.OK {
					called++
				}
			}
		}()
		for i := 0; ; i++ {
			w.rest(3 * time.Second)
			select {
			case <-done:
				w.rest(5 * time.Second)
				if called < 20 {
					t.Errorf("%d calls in ten minutes", called)
				}
				return
			default:
				w.breakBroker()
				w.startBroker()
			}
		}
	})
}

// TestAbuseKill: kill -9 between commit and reply. The box goes on asking, and the daemon
// that is started next tells it what has happened.
func TestAbuseKill(t *testing.T) {
	for _, behind := range []bool{false, true} {
		dir := t.TempDir()
		synctest.Test(t, func(t *testing.T) {
			w := newMortalHall(t, dir)
			defer w.end()
			w.start(3)
			pass(2 * time.Second)
			w.journal.dieAt(1, behind, w.kill)
			replied := make(chan fwproto.Reply, 1)
			go func() {
				r, err := w.box.Press(t.Context(), fwproto.KeyNext)
				if err != nil {
					t.Error(err)
				}
				replied <- r
			}()
			pass(1500 * time.Millisecond)
			if !w.journal.dead.Load() {
				t.Fatal("it did not die")
			}
			w.bury()
			w.start(0)
			r := <-replied
			if r.Status != fwproto.OK || r.Number != "A001" {
				t.Errorf("behind the commit %t: %+v", behind, r)
			}
			pass(2 * time.Second)
			if rows, honest := w.panel.Content(); !honest || len(rows) != 1 || rows[0].Number != "A001" {
				t.Errorf("the panel shows %v, %t", rows, honest)
			}
			calls := 0
			for _, rec := range w.records() {
				if e, ok := rec.Event.(queue.TicketCalled); ok {
					calls++
					if want := request("box", w.box.Boot(), r.Seq); rec.By.Request != want {
						t.Errorf("called %+v by %q, want %q", e, rec.By.Request, want)
					}
				}
			}
			if calls != 1 {
				t.Errorf("behind the commit %t: %d calls", behind, calls)
			}
		})
	}
}
