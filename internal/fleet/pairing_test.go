// SPDX-License-Identifier: EUPL-1.2

package fleet_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/fleet"
	"github.com/avanti-queue/avanti/internal/store"
)

const code = "7K2M-Q9XR"

// desk is a desk with the broker's part played by the test.
type desk struct {
	*fleet.Desk
	t        *testing.T
	register *fleet.Register
	sent     []fwproto.Message
	dropped  []string
	log      bytes.Buffer
}

func inBubble(t *testing.T, do func(*desk)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s, err := store.Open(t.Context(), store.Options{Dir: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		d := &desk{t: t}
		d.register, _ = openOn(t, s)
		d.Desk = fleet.NewDesk(fleet.DeskOptions{
			Register: d.register, Office: "piacenza", Authority: []byte("certificate"),
			Send: func(_ string, m fwproto.Message) bool { d.sent = append(d.sent, m); return true },
			Drop: func(user string) { d.dropped = append(d.dropped, user) },
			Log:  slog.New(slog.NewTextHandler(&d.log, nil)),
		})
		do(d)
	})
}

func (d *desk) open() {
	d.t.Helper()
	if err := d.Open("boss", code); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) say(maker string, m fwproto.Message) {
	d.t.Helper()
	b, err := fwproto.Encode(m)
	if err != nil {
		d.t.Fatal(err)
	}
	d.Hear(maker, b)
}

// come brings a piece to where its number is compared.
func (d *desk) come(maker string) (number string) {
	d.t.Helper()
	nonce := fwproto.Bytes("0123456789abcdef")
	if !d.Admit(maker, []byte(code)) {
		d.t.Fatal("not admitted")
	}
	d.say(maker, fwproto.Hello{Commitment: fwproto.Commit(maker, nonce)})
	c := d.sent[len(d.sent)-1].(fwproto.Challenge)
	sum := sha256.Sum256([]byte("certificate"))
	if c.Authority != fwproto.Bytes(sum[:]) {
		d.t.Errorf("the authority is %s", c.Authority)
	}
	d.say(maker, fwproto.Reveal{Nonce: nonce})
	return fwproto.PairingNumber(maker, nonce, c.Nonce, c.Authority)
}

func (d *desk) want(stage fleet.Stage, fault string) {
	d.t.Helper()
	if p := d.Pairing(); p.Stage != stage || p.Fault != fault {
		d.t.Errorf("%+v, want %s %s", p, stage, fault)
	}
}

func TestPaired(t *testing.T) {
	inBubble(t, func(d *desk) {
		d.want(fleet.StageClosed, "")
		d.open()
		d.want(fleet.StageWaiting, "")
		number := d.come("esp-1")
		d.want(fleet.StageCompare, "")
		if p := d.Pairing(); p.Number != number || p.Maker != "esp-1" {
			t.Errorf("%+v, the piece shows %s", p, number)
		}
		if err := d.Confirm(d.t.Context(), "boss", "x", box("box-9", 0)); !errors.Is(err, fleet.ErrStage) {
			t.Errorf("with another number: %v", err)
		}
		if err := d.Confirm(d.t.Context(), "boss", number, box("box-9", 0)); err != nil {
			t.Fatal(err)
		}
		d.want(fleet.StageDone, "")
		g := d.sent[len(d.sent)-1].(fwproto.Grant)
		if got, ok := d.register.Credentials("box-9"); !ok || got != sha256.Sum256([]byte(g.Password)) || g.Device != "box-9" {
			t.Errorf("granted as %s", g.Device)
		}
		if d.Admit("esp-1", []byte(code)) {
			t.Error("a code is good for a second time")
		}
		<-time.After(9 * time.Second)
		d.say("esp-1", fwproto.Reveal{Nonce: "0123456789abcdef"}) // it has not heard
		if again := d.sent[len(d.sent)-1]; again != fwproto.Message(g) {
			t.Errorf("asked once more, it gets %T", again)
		}
		<-time.After(2 * time.Second)
		synctest.Wait()
		said := len(d.sent)
		d.say("esp-1", fwproto.Reveal{Nonce: "0123456789abcdef"})
		if len(d.sent) != said {
			t.Error("the grant is kept for ever")
		}
		if len(d.dropped) != 1 || d.dropped[0] != "_pair-esp-1" {
			t.Errorf("dropped %v", d.dropped)
		}
		if log := d.log.String(); strings.Contains(log, code) || strings.Contains(log, number) || !strings.Contains(log, "pairing opened") {
			t.Errorf("the log says %s", log)
		}
		d.open()
		<-time.After(10 * time.Minute)
		d.want(fleet.StageFailed, fleet.FaultExpired)
	})
}

// TestAttempts: neither the code nor the number can be found by trying.
func TestAttempts(t *testing.T) {
	inBubble(t, func(d *desk) {
		if d.Admit("esp-1", []byte(code)) {
			t.Error("admitted while nobody waits")
		}
		d.open()
		for i := range 32 {
			for range 10 { // another new piece, which says its code again and again
				d.want(fleet.StageWaiting, "")
				if d.Admit("esp-1", fmt.Appendf(nil, "7K2M-Q9%02d", i)) {
					t.Error("admitted with a wrong code")
				}
				if i == 31 {
					break
				}
			}
		}
		d.want(fleet.StageFailed, fleet.FaultCodes)
		if d.Admit("esp-1", []byte(code)) {
			t.Error("admitted after 32 wrong codes")
		}
		d.open()
		for range 5 { // whoever comes again and again
			if !d.Admit("esp-1", []byte("7k2m q9xr")) {
				t.Error("not admitted")
			}
		}
		if d.Admit("esp-1", []byte(code)) {
			t.Error("admitted for the sixth time")
		}
		d.want(fleet.StageFailed, fleet.FaultCodes)
		d.open()
		number := d.come("esp-1")
		if d.Admit("esp-1", []byte(code)) || d.Admit("esp-2", []byte(code)) {
			t.Error("a second number in one opening")
		}
		if d.Pairing().Number != number {
			t.Error("the number has changed")
		}
		if err := d.Cancel(); err != nil {
			t.Error(err)
		}
		d.want(fleet.StageFailed, fleet.FaultRejected)
		if err := d.Confirm(d.t.Context(), "boss", number, box("box-9", 0)); !errors.Is(err, fleet.ErrStage) {
			t.Errorf("confirmed after the refusal: %v", err)
		}
		if err := d.Cancel(); !errors.Is(err, fleet.ErrStage) {
			t.Error("cancelled twice")
		}
	})
}

// TestExchange: who does not keep to the order of things is sent away.
func TestExchange(t *testing.T) {
	hello := fwproto.Hello{Commitment: fwproto.Commit("esp-1", "0123456789abcdef")}
	for name, say := range map[string]func(*desk){
		"another nonce": func(d *desk) { d.say("esp-1", hello); d.say("esp-1", fwproto.Reveal{Nonce: "0123456789abcdeX"}) },
		"no hello":      func(d *desk) { d.say("esp-1", fwproto.Reveal{Nonce: "0123456789abcdef"}) },
		"a second hello": func(d *desk) {
			d.say("esp-1", hello)
			d.say("esp-1", fwproto.Hello{Commitment: fwproto.Commit("esp-1", "x")})
		},
		"something else": func(d *desk) { d.say("esp-1", fwproto.Telemetry{}) },
		"not even that":  func(d *desk) { d.Hear("esp-1", []byte("junk")) },
		"another's reveal": func(d *desk) {
			d.say("esp-1", fwproto.Hello{Commitment: fwproto.Commit("esp-2", "0123456789abcdef")})
			d.say("esp-1", fwproto.Reveal{Nonce: "0123456789abcdef"})
		},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(d *desk) {
				d.open()
				d.say("esp-1", hello) // before it is admitted
				if len(d.sent) > 0 {
					t.Error("a stranger is answered")
				}
				if !d.Admit("esp-1", []byte(code)) {
					t.Fatal("not admitted")
				}
				say(d)
				d.want(fleet.StageFailed, fleet.FaultExchange)
				if len(d.dropped) != 1 {
					t.Errorf("dropped %v", d.dropped)
				}
			})
		})
	}
}

func TestOneAtATime(t *testing.T) {
	inBubble(t, func(d *desk) {
		if !errors.Is(d.Open("boss", "short"), fleet.ErrCode) || !errors.Is(d.Open("boss", "a-b-c-d-e-f-g"), fleet.ErrCode) {
			t.Error("a code of less than eight characters")
		}
		d.open()
		d.open() // the same once more
		if !errors.Is(d.Open("boss", "other-code-1"), fleet.ErrBusy) || !errors.Is(d.Open("root", code), fleet.ErrBusy) {
			t.Error("two pairings at a time")
		}
		if !d.Admit("esp-1", []byte(code)) || d.Admit("esp-2", []byte(code)) {
			t.Error("two pieces with one code")
		}
		d.say("esp-1", fwproto.Hello{Commitment: fwproto.Commit("esp-1", "0123456789abcdef")})
		d.say("esp-1", fwproto.Hello{Commitment: fwproto.Commit("esp-1", "0123456789abcdef")}) // it has not heard the answer
		d.want(fleet.StageWaiting, "")
		if len(d.sent) != 2 || d.sent[0] != d.sent[1] {
			t.Errorf("the same hello gets other answers: %v", d.sent)
		}
		<-time.After(2 * time.Minute)
		synctest.Wait()
		d.want(fleet.StageFailed, fleet.FaultExpired)
	})
}

// TestConfirmAgain: what could not be written down can be tried again until the time is
// over.
func TestConfirmAgain(t *testing.T) {
	inBubble(t, func(d *desk) {
		d.open()
		number := d.come("esp-1")
		ended, cancel := context.WithCancel(d.t.Context())
		cancel()
		if err := d.Confirm(ended, "boss", number, box("box-9", 0)); err == nil {
			t.Error("confirmed, and nothing was written")
		}
		d.want(fleet.StageCompare, "")
		if err := d.Confirm(d.t.Context(), "boss", number, box("box-9", 0)); err != nil {
			t.Error(err)
		}
		d.want(fleet.StageDone, "")
	})
}
