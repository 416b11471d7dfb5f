// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/sim/box"
	"github.com/avanti-queue/avanti/internal/sim/panel"
	"github.com/avanti-queue/avanti/queue"
)

// What devices, networks, disks and people do to a hall, against the real daemon. At the
// end of each (see wired.holds): the calls in SQLite are the distinct accepted presses, and
// every display shows the newest content or the mark.

// TestAbuseFlood: ten thousand presses in a second from one box.
func TestAbuseFlood(t *testing.T) {
	inSmall(t, 9, func(t *testing.T, w *wired) {
		mad := w.raw("box-1", 7)
		go func() { _, _ = io.Copy(io.Discard, mad.Conn) }() // it does not listen
		p := mad.next("c1")
		for i := range uint32(10_000) {
			p.Seq = i + 1
			mad.send(p)
			if i%1000 == 999 {
				pass(100 * time.Millisecond)
			}
		}
		if r, err := w.press("c2", fwproto.KeyNext); err != nil || r.Status != fwproto.OK {
			t.Errorf("the other box: %+v, %v", r, err)
		}
		w.rest(5 * time.Second)
		w.wantCalls(2)
	}, bare("box-1"))
}

// TestAbuseHalfOpen: five hundred connections that say nothing, or begin to and stop.
func TestAbuseHalfOpen(t *testing.T) {
	inSmall(t, 9, func(t *testing.T, w *wired) {
		var gone sync.WaitGroup
		for i := range 500 {
			c, err := w.dialDevice(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			gone.Go(func() { _, _ = io.Copy(io.Discard, c) })
			if i%2 == 1 {
				if _, err := c.Write([]byte{0x10, 0x7f, 0, 4, 'M', 'Q'}); err != nil {
					t.Fatal(err)
				}
			}
		}
		for range 5 {
			if r, err := w.press("c1", fwproto.KeyNext); err != nil || r.Status != fwproto.OK {
				t.Errorf("%+v, %v", r, err)
			}
			w.rest(time.Second)
		}
		w.rest(5 * time.Second)
		gone.Wait() // the broker has hung up on all of them
		w.wantCalls(5)
	})
}

// TestAbuseConnectStorm: the power returns, and a hundred panels and both boxes connect at once.
func TestAbuseConnectStorm(t *testing.T) {
	inSmall(t, 9, func(t *testing.T, w *wired) {
		for i := range 3 {
			if r, err := w.press("c1", fwproto.KeyNext); err != nil || r.Status != fwproto.OK {
				t.Errorf("%+v, %v", r, err)
			}
			w.rest(time.Second)
			w.breakBroker()
			w.rest(10 * time.Second)
			w.startBroker()
			w.rest(5 * time.Second)
			for id, p := range w.panels {
				if rows, honest := p.Content(); !honest || len(rows) != 1 && !strings.HasPrefix(id, "panel-2") {
					t.Errorf("storm %d: %s shows %v, %t", i, id, rows, honest)
				}
			}
		}
		w.wantCalls(3)
	}, func(r *rig) {
		for i := range 98 {
			r.file.Devices = append(r.file.Devices, config.Device{ID: fmt.Sprintf("storm-%d", i), Kind: config.KindPanel, Counter: "c1"})
		}
	})
}

// TestAbuseEvents: presses that come twice, late, in another order, and again an hour later.
func TestAbuseEvents(t *testing.T) {
	for seed := range uint64(2) {
		inSmall(t, 30, func(t *testing.T, w *wired) {
			dice := rand.New(rand.NewPCG(seed, 4))
			d := w.raw("box-1", 7)
			go func() { _, _ = io.Copy(io.Discard, d.Conn) }()
			var sent []fwproto.Press
			for range 15 {
				p := d.next("c1")
				begin := time.Now()
				sent = append(sent, p)
				for range 1 + dice.IntN(4) {
					p.AgeMS = uint32(time.Since(begin).Milliseconds())
					d.send(p)
					old := sent[dice.IntN(len(sent))]
					old.AgeMS = uint32(dice.IntN(4000))
					d.send(old)
					w.rest(time.Duration(dice.IntN(1500)) * time.Millisecond)
				}
			}
			calls := len(w.calls())
			pass(time.Hour)
			d = w.raw("box-1", 7)
			go func() { _, _ = io.Copy(io.Discard, d.Conn) }()
			for range 2 {
				dice.Shuffle(len(sent), func(i, j int) { sent[i], sent[j] = sent[j], sent[i] })
				for _, p := range sent {
					d.send(p)
				}
				w.rest(time.Second)
				w.stopDaemon() // and it has forgotten its replies
				w.startApp()
				w.rest(3 * time.Second)
			}
			w.wantCalls(calls)
			if calls != 15 {
				t.Errorf("seed %d: %d calls", seed, calls)
			}
		}, bare("box-1"))
	}
}

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

// TestAbuseOldWill: the will of a box's last connection comes behind its new birth.
func TestAbuseOldWill(t *testing.T) {
	inSmall(t, 9, func(t *testing.T, w *wired) {
		var births []message
		for _, id := range []string{"box-1", "panel-1", "hall-1"} {
			births = append(births, w.tap.on(id, fwproto.LeafState)...)
		}
		for _, m := range births {
			s, err := fwproto.Decode[fwproto.State](m.Payload)
			if err != nil {
				t.Fatal(err)
			}
			s.Status, s.Boot = fwproto.Lost, s.Boot-1
			will, err := fwproto.Encode(s)
			if err != nil {
				t.Fatal(err)
			}
			w.tap.said <- mqttMessage(m.Topic, will)
		}
		w.rest(time.Second)
		if r, err := w.press("c1", fwproto.KeyNext); err != nil || r.Status != fwproto.OK {
			t.Errorf("%+v, %v", r, err)
		}
		w.rest(time.Second)
		if got := w.metric(`avanti_mqtt_ignored_messages_total{reason="old_will"} `); got != "3" {
			t.Errorf("%q old wills ignored", got)
		}
		if rows, honest := w.panels["panel-1"].Content(); !honest || len(rows) != 1 {
			t.Errorf("the panel shows %v, %t", rows, honest)
		}
		w.wantCalls(1)
	})
}

// TestAbuseTwins: two boxes and two panels with one id each throw each other out.
func TestAbuseTwins(t *testing.T) {
	inSmall(t, 60, func(t *testing.T, w *wired) {
		twin := box.New(box.Options{ID: "box-1", Password: secret("box-1"), Office: "small", Dial: w.dialDevice})
		face := panel.New(panel.Options{ID: "panel-1", Password: secret("panel-1"), Office: "small", Dial: w.dialDevice, Rows: 6})
		ctx, stop := context.WithCancel(t.Context())
		w.far.Go(func() { _ = twin.Run(ctx) })
		w.far.Go(func() { _ = face.Run(ctx) })
		w.staleBy = 5 * time.Second // the one that was thrown out does not hear
		called := 0
		for range 30 {
			began := time.Now()
			r, err := twin.Press(t.Context(), fwproto.KeyNext)
			w.note("box-1", twin.Boot(), r.Seq, began)
			if err == nil && r.Status == fwproto.OK {
				called++
			}
			if r, err = w.press("c1", fwproto.KeyNext); err == nil && r.Status == fwproto.OK {
				called++
			}
			w.rest(700 * time.Millisecond)
			if rows, honest := face.Content(); honest && staleness(w.wanted["panel-1"], rows, time.Now()) > w.staleBy {
				t.Errorf("the twin shows %v", rows)
			}
		}
		stop()
		w.rest(3 * time.Second)
		if rows, honest := w.panels["panel-1"].Content(); !honest || len(rows) != 1 {
			t.Errorf("without its twin the panel shows %v, %t", rows, honest)
		}
		if called == 0 || len(w.calls()) < called {
			t.Errorf("%d replies of ok, %d calls", called, len(w.calls()))
		}
	})
}

// TestAbuseRetainedGarbage: there is garbage on every topic before the daemon starts.
func TestAbuseRetainedGarbage(t *testing.T) {
	inSmall(t, 9, func(t *testing.T, w *wired) {
		w.stopDaemon()
		dice := rand.New(rand.NewPCG(1, 8))
		press, err := fwproto.Encode(fwproto.Press{Boot: 1, Seq: 1, Rev: 99, Key: fwproto.KeyNext})
		if err != nil {
			t.Fatal(err)
		}
		set, err := fwproto.Encode(fwproto.Set{Epoch: 1, Rev: 1 << 60, TTLms: 1 << 31, Rows: []fwproto.Row{{Number: "X999", Desk: "9"}}})
		if err != nil {
			t.Fatal(err)
		}
		topics := []string{smallTopics.Host(), smallTopics.Heartbeat(), smallTopics.Root() + "nobody", smallTopics.Root() + "d/nobody/ev"}
		for _, d := range w.file.Devices {
			for _, topic := range []func(string) string{smallTopics.DeviceState, smallTopics.DeviceEvent, smallTopics.DeviceReply, smallTopics.DeviceSet, smallTopics.DeviceShown} {
				topics = append(topics, topic(d.ID))
			}
		}
		for _, topic := range topics {
			rubbish := make([]byte, 1+dice.IntN(300))
			for i := range rubbish {
				rubbish[i] = byte(dice.Uint32())
			}
			switch {
			case strings.HasSuffix(topic, "/ev"):
				rubbish = press
			case strings.HasSuffix(topic, "/set"):
				rubbish = set
			}
			m := mqttMessage(topic, rubbish)
			m.Retained = true
			w.tap.said <- m
		}
		w.rest(10 * time.Second)
		w.startApp()
		w.rest(5 * time.Second)
		w.wantCalls(0)
		if r, err := w.press("c1", fwproto.KeyNext); err != nil || r.Status != fwproto.OK {
			t.Errorf("%+v, %v", r, err)
		}
		w.rest(time.Second)
		for _, id := range []string{"panel-1", "hall-1"} {
			if rows, honest := w.panels[id].Content(); !honest || len(rows) != 1 {
				t.Errorf("%s shows %v, %t", id, rows, honest)
			}
		}
		w.wantCalls(1)
	})
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
