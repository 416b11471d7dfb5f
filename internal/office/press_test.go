// SPDX-License-Identifier: EUPL-1.2

package office_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// TestRule1SamePressCallsOnce: delivered N times, one call and N identical replies; also
// when the daemon was started anew in between.
func TestRule1SamePressCallsOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		journal := &queuetest.Memory{}
		d := openDesk(t, journal, morning(5)...)
		p := d.next()
		first := d.press(p)
		if first.Status != fwproto.OK || first.Number != number(1) {
			t.Fatalf("reply %+v", first)
		}
		for range 20 {
			if again := d.press(p); again != first {
				t.Fatalf("reply %+v, then %+v", first, again)
			}
		}
		d.stop()
		d = openDesk(t, journal)
		defer d.stop()
		if again := d.press(p); again.Status != fwproto.OK || again.Number != number(1) {
			t.Errorf("after the start: %+v", again)
		}
		if n := d.calls(); n != 1 {
			t.Errorf("%d calls", n)
		}
	})
}

// TestRule2Intent: a press on content that has moved on calls nobody.
func TestRule2Intent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, &queuetest.Memory{}, morning(5)...)
		defer d.stop()
		late := d.next()
		d.press(d.next())
		late.Seq = 99
		if r := d.press(late); r.Status != fwproto.Conflict || r.Number != "" || r.Rev != uint64(d.seen()) {
			t.Errorf("reply %+v, want conflict and the present revision", r)
		}
		if n := d.calls(); n != 1 {
			t.Errorf("%d calls", n)
		}
	})
}

// TestRule3Age: what is older than five seconds calls nobody.
func TestRule3Age(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, &queuetest.Memory{}, morning(5)...)
		defer d.stop()
		p := d.next()
		p.AgeMS = 5001
		if r := d.press(p); r.Status != fwproto.Stale {
			t.Errorf("reply %+v", r)
		}
		p = d.next()
		p.AgeMS = 4999
		if r := d.press(p); r.Status != fwproto.OK {
			t.Errorf("reply %+v", r)
		}
		if n := d.calls(); n != 1 {
			t.Errorf("%d calls", n)
		}
	})
}

// TestRule5CommitReplySet: the reply comes after the commit.
func TestRule5CommitReplySet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, &queuetest.Memory{}, morning(2)...)
		defer d.stop()
		d.wire.mu.Lock()
		d.wire.sent = nil
		d.wire.mu.Unlock()
		r := d.press(d.next())
		c, _ := d.engine.View().Counter("c1")
		if r.Rev != uint64(c.Seen) || c.Ticket == 0 {
			t.Errorf("reply %+v, counter %+v: want the reply to know the commit", r, c)
		}
		if !slices.Contains(d.wire.sent, "reply box") || !slices.Contains(d.wire.sent, "set panel") {
			t.Errorf("sent %v", d.wire.sent)
		}
	})
}

// TestRule7ReadBack: a display that does not confirm within two seconds is an alarm,
// until it does.
func TestRule7ReadBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, &queuetest.Memory{}, morning(2)...)
		defer d.stop()
		confirm := func() {
			for _, id := range []string{"panel", "hall"} {
				d.wire.mu.Lock()
				set := d.wire.sets[id]
				d.wire.mu.Unlock()
				d.office.Shown(id, fwproto.Shown{Epoch: 1, Rev: set.Rev})
			}
		}
		confirm()
		d.press(d.next())
		pass(time.Second)
		if d.warned("display_unconfirmed", "panel") {
			t.Error("an alarm after a second")
		}
		pass(2 * time.Second)
		if !d.warned("display_unconfirmed", "panel") {
			t.Error("no alarm after three seconds")
		}
		if d.warned("display_unconfirmed", "box") {
			t.Error("a box has nothing to confirm")
		}
		confirm()
		if d.warned("display_unconfirmed", "panel") {
			t.Error("the alarm stands after the display has confirmed")
		}
	})
}

// TestRule11Unknown: a key of the future is denied; what is no press at all is not
// answered and ends nothing.
func TestRule11Unknown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, &queuetest.Memory{}, morning(2)...)
		defer d.stop()
		p := d.next()
		p.Key = 77
		if r := d.press(p); r.Status != fwproto.Denied {
			t.Errorf("reply %+v", r)
		}
		for _, rubbish := range [][]byte{nil, {0xff}, make([]byte, 300), []byte("next")} {
			d.office.Event("box", rubbish)
			d.office.Event("nobody", rubbish)
		}
		synctest.Wait()
		if r := d.press(d.next()); r.Status != fwproto.OK {
			t.Errorf("reply %+v after rubbish", r)
		}
	})
}

// TestTenThousandPresses: a box gone mad calls at most once for each revision that it
// has seen, and the others are still answered.
func TestTenThousandPresses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, &queuetest.Memory{}, morning(50)...)
		defer d.stop()
		p := d.next()
		for i := range uint32(10_000) {
			p.Seq = i + 1
			payload, err := fwproto.Encode(p)
			if err != nil {
				t.Fatal(err)
			}
			d.office.Event("box", payload)
		}
		synctest.Wait()
		if n := d.calls(); n > 1 {
			t.Errorf("%d calls by presses of one revision", n)
		}
	})
}
