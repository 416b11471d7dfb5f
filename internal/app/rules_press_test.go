// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"testing"
	"testing/synctest"
	"time"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/queue"
)

// The first five of the twelve rules: what becomes of a press. The others are in rules_test.go.

// TestRule01_PressIdentity: the same press delivered N times gives one call and N identical
// replies, also when the daemon was started anew in between.
func TestRule01_PressIdentity(t *testing.T) {
	inSmall(t, 5, func(t *testing.T, w *wired) {
		box := w.raw("box-1", 7)
		p := box.next("c1")
		first := box.press(p)
		if first.Status != fwproto.OK || first.Number == "" {
			t.Fatalf("reply %+v", first)
		}
		for range 20 {
			if again := box.press(p); again != first {
				t.Fatalf("reply %+v, then %+v", first, again)
			}
		}
		w.stopDaemon()
		w.startApp()
		w.rest(3 * time.Second)
		p.AgeMS = 4000
		if again := box.press(p); again != first {
			t.Errorf("after the start: %+v, before it: %+v", again, first)
		}
		// The same count of another start of the box is another press.
		other := p
		other.Boot, other.AgeMS, other.Rev = 8, 0, first.Rev
		if r := box.press(other); r.Status != fwproto.OK || r.Number == first.Number {
			t.Errorf("another boot: %+v", r)
		}
		// So is the same boot and the same count of another box.
		two := w.raw("box-2", 7)
		if r := two.press(two.next("c2")); r.Seq != first.Seq || r.Status != fwproto.OK || r.Number == first.Number {
			t.Errorf("another box: %+v", r)
		}
		w.wantCalls(3)
	}, bare("box-1", "box-2"))
}

// TestRule02_Intent: a press on content that has moved on does nothing: a double press, a
// press of the other box of the counter, any key of a clerk who saw something else or nothing.
func TestRule02_Intent(t *testing.T) {
	inSmall(t, 5, func(t *testing.T, w *wired) {
		one, two := w.raw("box-1", 7), w.raw("box-2", 9)
		first, double, other := one.next("c1"), one.next("c1"), two.next("c1")
		called := one.press(first)
		if called.Status != fwproto.OK {
			t.Fatalf("reply %+v", called)
		}
		for _, r := range []fwproto.Reply{one.press(double), two.press(other)} {
			if r.Status != fwproto.Conflict || r.Number != "" || r.Rev != called.Rev {
				t.Errorf("reply %+v, want conflict and revision %d", r, called.Rev)
			}
		}
		// Every other key, too, and a clerk who has seen nothing.
		for _, key := range []fwproto.Key{fwproto.KeyNext, fwproto.KeyRecall, fwproto.KeyStart, fwproto.KeyFinish, fwproto.KeyNoShow} {
			for _, seen := range []uint64{0, first.Rev, called.Rev - 1, called.Rev + 1} {
				p := one.next("c1")
				p.Key, p.Rev = key, seen
				if r := one.press(p); r.Status != fwproto.Conflict || r.Rev != called.Rev {
					t.Errorf("%v of one who saw %d: %+v, want conflict and revision %d", key, seen, r, called.Rev)
				}
			}
		}
		w.wantCalls(1)
	}, bare("box-1", "box-2"), func(r *rig) {
		for i := range r.file.Devices {
			if r.file.Devices[i].ID == "box-2" {
				r.file.Devices[i].Counter = "c1"
			}
		}
	})
}

// TestRule03_Age: a press older than five seconds is stale. A box that was cut off for two
// minutes, with its clerk pressing all the while, calls nobody when it returns.
func TestRule03_Age(t *testing.T) {
	inSmall(t, 5, func(t *testing.T, w *wired) {
		box := w.raw("box-1", 7)
		p := box.next("c1")
		p.AgeMS = 5001
		if r := box.press(p); r.Status != fwproto.Stale {
			t.Errorf("5001 ms: %+v", r)
		}
		p = box.next("c1")
		p.AgeMS = 4999
		if r := box.press(p); r.Status != fwproto.OK {
			t.Errorf("4999 ms: %+v", r)
		}
		w.wantCalls(1)
		w.breakBroker()
		for range 12 {
			if r, err := w.press("c2", fwproto.KeyNext); err == nil {
				t.Errorf("reply %+v without a broker", r)
			}
			w.rest(5 * time.Second)
		}
		w.startBroker()
		w.rest(10 * time.Second)
		w.wantCalls(1)
	}, bare("box-1"))
}

// TestRule04_PendingAndRepeat: the box lights pending until the reply, and repeats the same
// press every second while there is none, up to five seconds. An acknowledgement of MQTT
// means nothing to it.
func TestRule04_PendingAndRepeat(t *testing.T) {
	inSmall(t, 5, func(t *testing.T, w *wired) {
		box := w.boxes["c1"]
		if box.Lamp() != fwproto.LampOn {
			t.Errorf("lamp %v with people waiting", box.Lamp())
		}
		w.stopDaemon() // the broker stays, and acknowledges
		done := make(chan error, 1)
		go func() { _, err := w.press("c1", fwproto.KeyNext); done <- err }()
		for range 9 {
			pass(500 * time.Millisecond)
			synctest.Wait()
			if box.Lamp() != fwproto.LampPending {
				t.Errorf("lamp %v before the reply", box.Lamp())
			}
		}
		if err := <-done; err == nil {
			t.Error("a reply without a daemon")
		}
		pass(10 * time.Second)
		sent := w.tap.on("box-1", fwproto.LeafEvent)
		if len(sent) != 5 {
			t.Errorf("sent %d times", len(sent))
		}
		var first fwproto.Press
		for i, m := range sent {
			p, err := fwproto.Decode[fwproto.Press](m.Payload)
			if err != nil {
				t.Fatal(err)
			}
			if i == 0 {
				first = p
			}
			if want := (fwproto.Press{Boot: first.Boot, Seq: first.Seq, AgeMS: uint32(i) * 1000, Rev: first.Rev, Key: fwproto.KeyNext, Epoch: first.Epoch, Beat: first.Beat, SinceMS: first.SinceMS + uint32(i)*1000}); p != want {
				t.Errorf("sent %+v, want %+v", p, want)
			}
		}
		w.startApp()
		w.rest(3 * time.Second)
		w.wantCalls(0)
		if r, err := w.press("c1", fwproto.KeyNext); err != nil || r.Status != fwproto.OK || box.Lamp() == fwproto.LampPending {
			t.Errorf("%+v, %v, lamp %v", r, err, box.Lamp())
		}
	})
}

// TestRule05_CommitReplySet: what a reply says is on disk when it is sent, and the content
// that follows from it is sent behind it.
func TestRule05_CommitReplySet(t *testing.T) {
	inSmall(t, 5, func(t *testing.T, w *wired) {
		box := w.raw("box-1", 7, fwproto.LeafSet)
		before := box.next("c1")
		box.send(before)
		reply, set := smallTopics.DeviceReply("box-1"), smallTopics.DeviceSet("box-1")
		rev := uint64(0) // that was replied
		for {
			m := box.packetOn(reply, set)
			if m.TopicName == reply {
				r, err := fwproto.Decode[fwproto.Reply](m.Payload)
				if err != nil {
					t.Fatal(err)
				}
				w.answered("box-1", r)
				rev = r.Rev
				if got := newestCall(t, w.file.DataDir); got != request("box-1", before.Boot, before.Seq) {
					t.Errorf("the reply is sent, and the newest call on disk is of %q", got)
				}
				continue
			}
			s, err := fwproto.Decode[fwproto.Set](m.Payload)
			switch {
			case err != nil:
				t.Fatal(err)
			case s.Rev > before.Rev && rev == 0:
				t.Error("the set of the call came before the reply")
				return
			case rev != 0 && s.Rev == rev:
				return
			}
		}
	}, bare("box-1"))
}

// newestCall reads the journal's file as another process would.
func newestCall(t *testing.T, dir string) (by queue.RequestID) {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{Dir: dir, ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	for r, err := range s.Records(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := r.Event.(queue.TicketCalled); ok {
			by = r.By.Request
		}
	}
	return by
}
