// SPDX-License-Identifier: EUPL-1.2

package office_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/office"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// TestToldAgain: a display that does not confirm, or confirms something else, is told again what
// to show, less and less often, until it does. What was wanted before is not.
func TestToldAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, &queuetest.Memory{}, morning(2)...)
		defer d.stop()
		told := func(device string, within time.Duration) (at []time.Duration) {
			t.Helper()
			for begin := time.Now(); time.Since(begin) < within; pass(100 * time.Millisecond) {
				synctest.Wait()
				d.wire.mu.Lock()
				for _, s := range d.wire.sent {
					if s == "set "+device {
						at = append(at, time.Since(begin).Truncate(time.Second))
					}
				}
				d.wire.sent = nil
				d.wire.mu.Unlock()
			}
			return at
		}
		confirm := func(set fwproto.Set) {
			d.office.Shown("panel", fwproto.Shown{Epoch: 1, Rev: set.Rev, CRC: set.CRC()})
		}
		newest := func() fwproto.Set {
			d.wire.mu.Lock()
			defer d.wire.mu.Unlock()
			return d.wire.sets["panel"]
		}
		confirm(newest())
		told("panel", 5*time.Second)
		old := newest()
		d.do(queue.CallNext{Counter: "c1", Seen: d.seen()})
		synctest.Wait()
		confirm(old) // an older content has overtaken it
		var seconds []float64
		for _, at := range told("panel", 200*time.Second) {
			seconds = append(seconds, at.Seconds())
		}
		if diff := cmp.Diff([]float64{0, 2, 4, 8, 16, 32, 64, 124, 184}, seconds); diff != "" {
			t.Errorf("told (-want +got):\n%s", diff)
		}
		if got := newest(); got.Rev == old.Rev || len(got.Rows) != 1 {
			t.Errorf("told %+v", got)
		}
		if !d.warned("display_unconfirmed", "panel") {
			t.Error("nobody is warned")
		}
		confirm(newest())
		if got := told("panel", 200*time.Second); got != nil || d.warned("display_unconfirmed", "panel") {
			t.Errorf("told once more, or warned, after it has confirmed: %v", got)
		}
	})
}

// TestOldConfirmation: what a display said on an earlier connection does not confirm what it is to
// show on this one, even if it is the same.
func TestOldConfirmation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, &queuetest.Memory{}, morning(1)...)
		defer d.stop()
		s, _ := d.office.Screen("panel")
		shown := fwproto.Shown{Epoch: 7, Rev: s.Wanted.Rev, CRC: s.Wanted.CRC()}
		d.office.Shown("panel", shown)
		if s, _ := d.office.Screen("panel"); s.Confirmed {
			t.Error("confirmed by what a broker has kept")
		}
		shown.Epoch = 1
		d.office.Shown("panel", shown)
		if s, _ := d.office.Screen("panel"); !s.Confirmed {
			t.Error("not confirmed")
		}
	})
}

// TestRule7LostAfterwards: a display that had confirmed and then says that it shows the mark, or
// something else, is in doubt again, and is believed again when it says so.
func TestRule7LostAfterwards(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, &queuetest.Memory{}, morning(1)...)
		defer d.stop()
		s, _ := d.office.Screen("panel")
		right := fwproto.Shown{Epoch: 1, Rev: s.Wanted.Rev, CRC: s.Wanted.CRC()}
		for _, wrong := range []fwproto.Shown{
			{Epoch: 1, Rev: right.Rev, Blank: fwproto.BlankNoHeartbeat},
			{Epoch: 1, Rev: right.Rev, CRC: right.CRC ^ 1},
		} {
			d.office.Shown("panel", right)
			pass(3 * time.Second)
			if s, _ := d.office.Screen("panel"); !s.Confirmed || d.warned("display_unconfirmed", "panel") {
				t.Fatalf("confirmed %t, or warned", s.Confirmed)
			}
			d.office.Shown("panel", wrong)
			pass(3 * time.Second)
			if s, _ := d.office.Screen("panel"); s.Confirmed || !d.warned("display_unconfirmed", "panel") {
				t.Errorf("%+v: confirmed %t, or nobody is warned", wrong, s.Confirmed)
			}
		}
		d.office.Shown("panel", right)
		if d.warned("display_unconfirmed", "panel") {
			t.Error("warned of a display that shows what it should")
		}
	})
}

// TestLeftGoesDark: a display that was shut out and still hears a broker shows no number that
// nobody would take off any more.
func TestLeftGoesDark(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, &queuetest.Memory{}, morning(2)...)
		defer d.stop()
		d.do(queue.CallNext{Counter: "c1", Seen: d.seen()})
		synctest.Wait()
		d.office.Leave("panel")
		d.do(queue.CallNext{Counter: "c1", Seen: d.seen()})
		pass(5 * time.Second)
		d.wire.mu.Lock()
		if set := d.wire.sets["panel"]; !set.Blank || len(set.Rows) > 0 {
			t.Errorf("it is told %+v", set)
		}
		d.wire.mu.Unlock()
		d.office.Join(office.Device{ID: "panel", Kind: office.KindPanel, Counter: "c1"})
		d.wire.mu.Lock()
		defer d.wire.mu.Unlock()
		if set := d.wire.sets["panel"]; set.Blank || len(set.Rows) != 1 || set.Rows[0].Number != number(2) {
			t.Errorf("taken in again, it is told %+v", set)
		}
	})
}
