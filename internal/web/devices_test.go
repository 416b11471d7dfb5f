// SPDX-License-Identifier: EUPL-1.2

package web_test

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"strings"
	"testing"
	"time"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/fleet"
	"github.com/avanti-queue/avanti/internal/web"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// crew is a register with everything that a page can show.
type crew struct {
	pairing fleet.Pairing
	err     error
	asked   []string
}

func (c *crew) Devices() []web.Device {
	at := queuetest.Monday()
	var out []web.Device
	for i, state := range []web.DeviceState{
		web.DeviceOnline, web.DeviceAsleep, web.DeviceUpdating, web.DeviceLost, web.DeviceUnheard, web.DeviceUnpaired, web.DeviceRevoked,
	} {
		kind := []string{"box", "panel", "hall"}[i%3]
		screen := []web.ScreenState{"", web.ScreenConfirmed, web.ScreenUnconfirmed, web.ScreenUnverified, web.ScreenBlank, "", ""}[i]
		update := []string{"", "waiting", "offered", "loading", "confirmed", "refused", "rolled_back"}[i]
		out = append(out, web.Device{
			ID: "<" + string(state) + ">", Kind: kind, State: state, Seen: at, Firmware: "1.4.2", Signal: -67, Screen: screen,
			Shows: []string{"A017 → 3"}, Update: update,
		})
	}
	return out
}

func (c *crew) note(what ...string) error {
	c.asked = append(c.asked, strings.Join(what, " "))
	return c.err
}

func (c *crew) Revoke(_ context.Context, by, id string) error { return c.note("revoke", by, id) }
func (c *crew) Pairing() fleet.Pairing                        { return c.pairing }
func (c *crew) OpenPairing(by, code string) error             { return c.note("open", by, code) }
func (c *crew) CancelPairing() error                          { return c.note("cancel") }

func (c *crew) ConfirmPairing(_ context.Context, by, number string, who fleet.Identity) error {
	return c.note("confirm", by, number, who.ID, string(who.Kind), string(who.Counter))
}

func (c *crew) Watch(context.Context) iter.Seq[fleet.Passed] {
	return func(yield func(fleet.Passed) bool) {
		yield(fleet.Passed{Topic: "avanti/1/o/hb", Message: "heartbeat {}"})
	}
}

// TestDevicesPage shows every state of every thing in every language.
func TestDevicesPage(t *testing.T) {
	c := &crew{}
	h := open(t, nil, func(o *web.Options) { o.Fleet = c })
	at := queuetest.Monday()
	stages := []fleet.Pairing{
		{Stage: fleet.StageClosed},
		{Stage: fleet.StageWaiting, Ends: at},
		{Stage: fleet.StageCompare, Ends: at, Maker: "<esp>", Number: "0042", Kind: fwproto.KindPanel, Hardware: "<r2>", Firmware: "1.4.2"},
		{Stage: fleet.StageDone, Device: "<box>"},
	}
	for _, fault := range []string{fleet.FaultExpired, fleet.FaultCodes, fleet.FaultExchange, fleet.FaultRejected} {
		stages = append(stages, fleet.Pairing{Stage: fleet.StageFailed, Fault: fault})
	}
	for _, c.pairing = range stages {
		for _, lang := range []string{"it", "ro", "es", "en"} {
			for _, path := range []string{"/devices", "/devices/panel", "/devices/pairing"} {
				w := h.send(t, request{path: path + "?lang=" + lang, as: "boss", header: map[string]string{"Accept": "text/html"}})
				body := w.Body.String()
				if w.Code != http.StatusOK || w.Header().Get("Cache-Control") != "no-store" {
					t.Fatalf("%s %s: %d", path, lang, w.Code)
				}
				for _, bad := range []string{">devices.", "<no value>", "ZgotmplZ", "<esp>", "<r2>", "<box>", "<lost>", " style=", " onclick"} {
					if strings.Contains(body, bad) {
						t.Errorf("%s %s %s: %s in\n%s", path, lang, c.pairing.Stage, bad, body)
					}
				}
				if has := strings.Contains(body, ">0042<"); has != (c.pairing.Stage == fleet.StageCompare && path != "/devices/panel") {
					t.Errorf("%s %s: shows the number: %t", path, c.pairing.Stage, has)
				}
			}
		}
	}
}

// TestDevicesAPI: who asks is told to the register, and what it says to who asks.
func TestDevicesAPI(t *testing.T) {
	c := &crew{pairing: fleet.Pairing{Stage: fleet.StageCompare, Number: "0042", Kind: fwproto.KindBox, Ends: time.Unix(1, 0)}}
	h := open(t, nil, func(o *web.Options) { o.Fleet = c })
	post := func(path, body string) *request {
		return &request{method: http.MethodPost, path: "/api/v1/" + path, as: "boss", body: body}
	}
	for _, tc := range []struct {
		ask    *request
		err    error
		status int
		code   string // of the problem; "": there is none
		asked  string
	}{
		{post("devices/box-1/revoke", ""), nil, 200, "", "revoke boss box-1"},
		{post("devices/box-1/revoke", ""), fleet.ErrUnknown, 404, "unknown_device", "revoke boss box-1"},
		{post("devices/box-1/revoke", ""), errors.New("disk full"), 503, "unavailable", "revoke boss box-1"},
		{post("pairing/open", `{"code":"abc"}`), fleet.ErrCode, 422, "invalid", "open boss abc"},
		{post("pairing/open", `{"code":"abc"}`), fleet.ErrBusy, 409, "pairing", "open boss abc"},
		{post("pairing/open", `{"code":"abc"}`), fleet.ErrElsewhere, 409, "pairing", "open boss abc"},
		{post("pairing/cancel", ""), fleet.ErrStage, 409, "pairing", "cancel"},
		{post("pairing/confirm", `{"number":"0042","id":"box-1","kind":"box","counter":"c1"}`), nil, 200, "", "confirm boss 0042 box-1 box c1"},
		{post("pairing/confirm", `{"number":"0042","id":"box-1","kind":"box"}`), nil, 422, "invalid", ""},
		{post("pairing/confirm", `{"number":"0042","id":"box-1","kind":"panel","counter":"c1"}`), nil, 422, "invalid", ""},
		{post("pairing/confirm", `{"number":"42","id":"box-1","kind":"box","counter":"c1"}`), nil, 422, "invalid", ""},
		{post("pairing/confirm", `{"number":"0042","id":"-","kind":"box","counter":"c1"}`), nil, 422, "invalid", ""},
	} {
		c.err, c.asked = tc.err, nil
		w := h.send(t, *tc.ask)
		if tc.code != "" {
			problem(t, w, tc.status, tc.code)
		} else if w.Code != tc.status {
			t.Errorf("%s: %d %s", tc.ask.path, w.Code, w.Body)
		}
		if got := strings.Join(c.asked, ","); got != tc.asked {
			t.Errorf("%s %s: asked %q, want %q", tc.ask.path, tc.ask.body, got, tc.asked)
		}
	}
	if w := h.send(t, request{path: "/api/v1/devices/trace", as: "root"}); !strings.Contains(w.Body.String(), "event: message\n") ||
		!strings.Contains(w.Body.String(), `"message":"heartbeat {}"`) {
		t.Errorf("trace: %d %s", w.Code, w.Body)
	}
	if got := want[web.Pairing](t, h.send(t, request{path: "/api/v1/pairing", as: "boss"}), 200); got.Kind != "box" || got.Number != "0042" {
		t.Errorf("pairing: %+v", got)
	}
}
