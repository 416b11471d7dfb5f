// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/web"
)

// The twelve rules of the wire, each against the real daemon, its journal on disk and the
// real broker; those about presses are in rules_press_test.go.

// TestRule06_HonestDisplay: content is shown only while heartbeats of its own epoch are
// heard. Yesterday's retained content never appears, and the display says why it is dark.
func TestRule06_HonestDisplay(t *testing.T) {
	inSmall(t, 5, func(t *testing.T, w *wired) {
		panel := w.panels["panel-1"]
		called, err := w.press("c1", fwproto.KeyNext)
		if err != nil {
			t.Fatal(err)
		}
		w.rest(time.Second)
		if rows, honest := panel.Content(); !honest || len(rows) != 1 || rows[0].Number != called.Number {
			t.Fatalf("shows %v, %t", rows, honest)
		}
		w.stopDaemon()
		pass(6 * time.Second)
		w.wantBlank("panel-1", fwproto.BlankNoHeartbeat)

		// The broker kept the content. Heartbeats of another epoch do not bring it back.
		for count := range uint32(10) {
			payload, err := fwproto.Encode(fwproto.Heartbeat{Epoch: 12345, Count: count + 1})
			if err != nil {
				t.Fatal(err)
			}
			w.tap.said <- mqttMessage(smallTopics.Heartbeat(), payload)
			pass(time.Second)
		}
		w.wantBlank("panel-1", fwproto.BlankOldEpoch)

		w.startApp()
		w.rest(3 * time.Second)
		if rows, honest := panel.Content(); !honest || len(rows) != 1 || rows[0].Number != called.Number {
			t.Errorf("shows %v, %t after the start", rows, honest)
		}
	})
}

// TestRule07_ReadBack: a display that has not confirmed within two seconds is a warning,
// until it does; the call stands and is told to everybody else.
func TestRule07_ReadBack(t *testing.T) {
	inSmall(t, 5, func(t *testing.T, w *wired) {
		mute := w.raw("panel-1", 7, fwproto.LeafSet)
		const warning = `avanti_warning{name="display_unconfirmed",severity="notice"} `
		confirm := func() {
			set, err := fwproto.Decode[fwproto.Set](mute.message(smallTopics.DeviceSet("panel-1")))
			if err != nil {
				t.Fatal(err)
			}
			payload, err := fwproto.Encode(fwproto.Shown{Epoch: set.Epoch, Rev: set.Rev, CRC: set.CRC()})
			if err != nil {
				t.Fatal(err)
			}
			mute.publish(smallTopics.DeviceShown("panel-1"), payload, true)
			w.rest(time.Second)
		}
		confirm() // there has been a warning since the start
		if got := w.metric(warning); got != "0" {
			t.Errorf("%s warnings before the call", got)
		}
		r, err := w.press("c1", fwproto.KeyNext)
		if err != nil || r.Status != fwproto.OK {
			t.Fatalf("%+v, %v", r, err)
		}
		w.rest(1900 * time.Millisecond)
		if got := w.metric(warning); got != "0" {
			t.Errorf("%s warnings after 1.9 s", got)
		}
		w.rest(200 * time.Millisecond)
		if got := w.metric(warning); got != "1" {
			t.Errorf("%s warnings after 2.1 s", got)
		}
		if rows, honest := w.panels["hall-1"].Content(); !honest || len(rows) != 1 || rows[0].Number != r.Number {
			t.Errorf("the hall shows %v, %t", rows, honest)
		}
		confirm()
		if got := w.metric(warning); got != "0" {
			t.Errorf("%s warnings after the confirmation", got)
		}
	}, bare("panel-1"))
}

// TestRule08_OldWill: a death that is older than the birth is ignored. A will is never empty.
func TestRule08_OldWill(t *testing.T) {
	inSmall(t, 1, func(t *testing.T, w *wired) {
		box := w.raw("box-1", 7)
		state := func(s fwproto.Presence, boot, session uint32) {
			payload, err := fwproto.Encode(fwproto.State{Status: s, Boot: boot, Session: session, Kind: fwproto.KindBox})
			if err != nil {
				t.Fatal(err)
			}
			box.publish(smallTopics.DeviceState("box-1"), payload, true)
			w.rest(100 * time.Millisecond)
		}
		const ignored = `avanti_mqtt_ignored_messages_total{reason="old_will"} `
		want := func(n string) {
			t.Helper()
			if got := w.metric(ignored); got != n && (n != "0" || got != "") {
				t.Errorf("%q old wills, want %s", got, n)
			}
		}
		is := func(want web.DeviceState) {
			t.Helper()
			_, page := w.page("manager", "http://localhost:8080/api/v1/devices")
			var list struct{ Devices []web.Device }
			if err := json.Unmarshal([]byte(page), &list); err != nil {
				t.Fatal(err)
			}
			i := slices.IndexFunc(list.Devices, func(d web.Device) bool { return d.ID == "box-1" })
			if i < 0 || list.Devices[i].State != want {
				t.Errorf("box-1 should be %s: %s", want, page)
			}
		}
		state(fwproto.Online, 7, 2)
		is(web.DeviceOnline)
		state(fwproto.Lost, 7, 1) // of the session before
		want("1")
		state(fwproto.Lost, 6, 9) // of the boot before
		want("2")
		is(web.DeviceOnline)
		state(fwproto.Lost, 7, 2)
		want("2")
		is(web.DeviceLost)

		c, err := w.dialDevice(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if code := connackFor(t, c, "box-2", nil); code == 0 {
			t.Error("an empty will was taken")
		}
	}, bare("box-1", "box-2"))
}

// TestRule09_NoRetainedEvent: an event that somebody wants kept is refused and counted, and
// one that a broker has kept is no news.
func TestRule09_NoRetainedEvent(t *testing.T) {
	inSmall(t, 3, func(t *testing.T, w *wired) {
		box := w.raw("box-1", 7)
		p := box.next("c1")
		payload, err := fwproto.Encode(p)
		if err != nil {
			t.Fatal(err)
		}
		box.publish(smallTopics.DeviceEvent("box-1"), payload, true)
		w.rest(time.Second)
		if got := w.refusals(); len(got) != 1 || got[0] != "box-1: retained_event" {
			t.Errorf("refused %q", got)
		}
		// Another broker, which keeps what it is given.
		kept := mqttMessage(smallTopics.DeviceEvent("box-1"), payload)
		kept.Retained = true
		w.stopDaemon()
		w.tap.said <- kept
		synctest.Wait()
		w.startApp()
		w.rest(3 * time.Second)
		if got := w.metric(`avanti_mqtt_ignored_messages_total{reason="retained_event"} `); got != "1" {
			t.Errorf("%q retained events ignored", got)
		}
		if len(box.backlog) > 0 || len(w.tap.on("box-1", fwproto.LeafReply)) > 0 {
			t.Error("there is a reply")
		}
		w.wantCalls(0)
	}, bare("box-1"))
}

// TestRule10_Time: nothing on the wire depends on a wall clock. When the office's jumps,
// presses and displays go on, and the journal's time does not run backwards.
func TestRule10_Time(t *testing.T) {
	var clock wallClock
	inSmall(t, 9, func(t *testing.T, w *wired) {
		last := time.Time{}
		for _, step := range []time.Duration{0, 2 * time.Hour, -2 * time.Hour, 0} {
			clock.set(step)
			w.rest(time.Second)
			r, err := w.press("c1", fwproto.KeyNext)
			if err != nil || r.Status != fwproto.OK {
				t.Fatalf("clock off by %v: %+v, %v", step, r, err)
			}
			w.rest(6 * time.Second)
			if rows, honest := w.panels["panel-1"].Content(); !honest || len(rows) != 1 || rows[0].Number != r.Number {
				t.Errorf("clock off by %v: the panel shows %v, %t", step, rows, honest)
			}
			if at := w.view().At(); at.Before(last) {
				t.Errorf("the journal's time runs from %v back to %v", last, at)
			} else {
				last = at
			}
		}
		w.lateBy = 48 * time.Hour // by this clock
	}, func(r *rig) { r.now = clock.now })
}

// TestRule11_Unknown: keys of a map that are not known are ignored, types and keys of a box
// that are not known are denied, another major version has no topics here.
func TestRule11_Unknown(t *testing.T) {
	inSmall(t, 5, func(t *testing.T, w *wired) {
		box := w.raw("box-1", 7)
		event := smallTopics.DeviceEvent("box-1")

		p := box.next("c1")
		p.Key = 77
		if r := box.press(p); r.Status != fwproto.Denied || r.Seq != p.Seq {
			t.Errorf("key 77: %+v", r)
		}
		// A type 99 with boot 7 and seq 50, and something in key 3 that only it understands.
		box.publish(event, []byte{0xa4, 0, 0x18, 99, 1, 7, 2, 0x18, 50, 3, 0x61, 'x'}, false)
		if r := box.reply(); r.Status != fwproto.Denied || r.Boot != 7 || r.Seq != 50 {
			t.Errorf("type 99: %+v", r)
		}
		// The same press with a key 14 behind the others.
		p = box.next("c1")
		payload, err := fwproto.Encode(p)
		if err != nil {
			t.Fatal(err)
		}
		payload = append(bytes.Clone(payload), 14, 1)
		payload[0]++ // one pair more
		w.note("box-1", p.Boot, p.Seq, time.Now())
		box.publish(event, payload, false)
		if r := box.reply(); r.Status != fwproto.OK {
			t.Errorf("a key of the future: %+v", r)
		}
		w.wantCalls(1)

		box.publish("avanti/2/small/d/box-1/ev", payload, false)
		box.wantHungUp()
		if got := w.refusals(); len(got) != 1 {
			t.Errorf("refused %q", got)
		}
	}, bare("box-1"))
}

// TestRule12_Limits: what is longer than the protocol allows is refused on the way in and
// never sent on the way out, and the device lives on.
func TestRule12_Limits(t *testing.T) {
	inSmall(t, 20, func(t *testing.T, w *wired) {
		box := w.raw("box-1", 7)
		// A press with a key of the future, which makes it as long as may be, and one longer.
		padded := func(p fwproto.Press, size int) []byte {
			payload, err := fwproto.Encode(p)
			if err != nil {
				t.Fatal(err)
			}
			payload[0]++
			pad := size - len(payload) - 3
			return append(append(payload, 23, 0x58, byte(pad)), make([]byte, pad)...)
		}
		p := box.next("c1")
		box.publish(smallTopics.DeviceEvent("box-1"), padded(p, 257), false)
		box.publish(smallTopics.DeviceShown("box-1"), make([]byte, 257), true)
		box.publish(smallTopics.DeviceState("box-1"), make([]byte, 1025), true)
		w.rest(time.Second)
		if got := w.refusals(); len(got) != 3 {
			t.Errorf("refused %q", got)
		}
		w.note("box-1", p.Boot, p.Seq, time.Now())
		box.publish(smallTopics.DeviceEvent("box-1"), padded(w.tap.stamp(p), 256), false)
		if r := box.reply(); r.Status != fwproto.OK || r.Seq != p.Seq {
			t.Errorf("reply %+v to what is just not too long", r)
		}
		if _, err := w.press("c2", fwproto.KeyNext); err != nil {
			t.Error(err)
		}
		w.rest(time.Second)
		for _, m := range w.tap.heard {
			limit := 256
			if d, leaf, ok := smallTopics.Parse(m.Topic); ok && d != "" && leaf == fwproto.LeafState {
				limit = 1024
			}
			if len(m.Payload) > limit {
				t.Errorf("%d bytes on %s", len(m.Payload), m.Topic)
			}
		}
	}, bare("box-1"))
}
