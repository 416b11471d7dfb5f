// SPDX-License-Identifier: EUPL-1.2

package office_test

import (
	"slices"
	"testing"
	"testing/synctest"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// The rules of the wire are tested in internal/app, from end to end.

// TestRubbish: what is no press at all is not answered and ends nothing; an event of a type
// that is not known is denied.
func TestRubbish(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, &queuetest.Memory{}, morning(2)...)
		defer d.stop()
		for _, rubbish := range [][]byte{nil, {0xff}, make([]byte, 300), []byte("next")} {
			d.office.Event("box", rubbish)
			d.office.Event("nobody", rubbish)
		}
		synctest.Wait()
		if d.wire.last != (fwproto.Reply{}) {
			t.Errorf("reply %+v to rubbish", d.wire.last)
		}
		d.office.Event("box", []byte{0xa3, 0, 0x18, 99, 1, 7, 2, 9})
		synctest.Wait()
		if want := (fwproto.Reply{Boot: 7, Seq: 9, Status: fwproto.Denied}); d.wire.last != want {
			t.Errorf("reply %+v, want %+v", d.wire.last, want)
		}
		if r := d.press(d.next()); r.Status != fwproto.OK {
			t.Errorf("reply %+v after rubbish", r)
		}
	})
}

// TestHeldUp: what a press took on its way counts as its age, and a press of another epoch is to
// be sent again.
func TestHeldUp(t *testing.T) {
	for _, c := range []struct {
		epoch, beat, since, age uint32
		want                    fwproto.Status
	}{
		{1, 9, 0, 4999, fwproto.OK},
		{1, 9, 9999, 4999, fwproto.OK},
		{1, 5, 0, 999, fwproto.OK},
		{1, 5, 0, 1001, fwproto.Stale},
		{1, 5, 1000, 1001, fwproto.OK},
		{1, 3, 0, 0, fwproto.Stale},
		{1, 3, 999, 0, fwproto.Stale},
		{1, 3, 1001, 0, fwproto.OK},
		{1, 10, 0, 0, fwproto.Busy},
		{2, 9, 0, 0, fwproto.Busy},
		{0, 0, 0, 0, fwproto.Stale}, // nobody can tell
		{1, 0, 0, 0, fwproto.Stale},
		{0, 9, 0, 0, fwproto.Stale},
	} {
		synctest.Test(t, func(t *testing.T) {
			d := openDesk(t, &queuetest.Memory{}, morning(2)...)
			defer d.stop()
			p := d.next()
			p.Epoch, p.Beat, p.SinceMS, p.AgeMS = c.epoch, c.beat, c.since, c.age
			if r := d.press(p); r.Status != c.want || r.Boot != p.Boot || r.Seq != p.Seq {
				t.Errorf("%+v: reply %+v", c, r)
			}
		})
	}
}

// TestRule5ReplyBeforeTheSet: a box hears how its press ended before it is told what followed from
// it (SPEC 5.2.1), however the daemon's goroutines take turns.
func TestRule5ReplyBeforeTheSet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const presses = 400
		d := openDesk(t, &queuetest.Memory{}, morning(presses)...)
		defer d.stop()
		early := 0
		for range presses {
			d.wire.mu.Lock()
			d.wire.sent = nil
			d.wire.mu.Unlock()
			if r := d.press(d.next()); r.Status != fwproto.OK {
				t.Fatalf("reply %+v", r)
			}
			d.wire.mu.Lock()
			sent, told := d.wire.sent, d.wire.sets["box"].Rev
			d.wire.mu.Unlock()
			reply, set := slices.Index(sent, "reply box"), slices.Index(sent, "set box")
			if set >= 0 && set < reply {
				early++
			}
			if told != uint64(d.seen()) {
				t.Fatalf("the box is told revision %d, want %d", told, d.seen())
			}
		}
		if early > 0 {
			t.Errorf("%d of %d sets came before the reply", early, presses)
		}
	})
}
