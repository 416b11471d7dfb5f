// SPDX-License-Identifier: EUPL-1.2

package mqttlink_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/mqttlink"
)

func (w *wiretap) want(t *testing.T, want ...string) {
	t.Helper()
	got := slices.DeleteFunc(w.take(), func(s string) bool { return strings.HasPrefix(s, "hb ") })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("on the wire (-want +got):\n%s", diff)
	}
}

// wantAnyOrder is for messages of several publishers, whose order is no one's.
func (w *wiretap) wantAnyOrder(t *testing.T, want ...string) {
	t.Helper()
	got := slices.DeleteFunc(w.take(), func(s string) bool { return strings.HasPrefix(s, "hb ") })
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("on the wire (-want +got):\n%s", diff)
	}
}

// TestBeginning: the link says that it is there, beats, and brings every
// content under its own epoch; the newest of several wins.
func TestBeginning(t *testing.T) {
	inHall(t, func(h *hall) {
		tap := h.wiretap()
		l := mqttlink.New(mqttlink.Options{Office: office, Dial: h.hostDial(), Version: "1.0.0", Epoch: 77})
		for rev := range uint64(1000) {
			l.Set("panel-1", fwproto.Set{Rev: rev, Epoch: 5, TTLms: 1})
		}
		l.Set("panel-0", fwproto.Set{Rev: 7})
		if l.Connected() {
			t.Error("connected before Run")
		}
		h.run(l.Run)
		synctest.Wait()
		if got, want := tap.take(), []string{
			"host epoch 77 online true", "hb epoch 77 count 1",
			"set panel-0 epoch 77 rev 7", "set panel-1 epoch 77 rev 999",
		}; !slices.Equal(got, want) {
			t.Errorf("on the wire %q, want %q", got, want)
		}
		if !l.Connected() {
			t.Error("not connected")
		}
		after(2 * time.Second)
		if got, want := tap.take(), []string{"hb epoch 77 count 2", "hb epoch 77 count 3"}; !slices.Equal(got, want) {
			t.Errorf("on the wire %q, want %q", got, want)
		}
		l.Set("panel-1", fwproto.Set{Rev: 1000})
		tap.want(t, "set panel-1 epoch 77 rev 1000")
	})
}

// TestOrder: a reply that was given before a content reaches the wire before it.
func TestOrder(t *testing.T) {
	inHall(t, func(h *hall) {
		l, tap := h.link(mqttlink.Options{}), h.wiretap()
		tap.take()
		for i := range 50 {
			l.Reply("box-1", fwproto.Reply{Boot: 1, Seq: 1, Status: fwproto.OK})
			l.Set("box-1", fwproto.Set{Rev: uint64(i)})
			tap.want(t, "re box-1 ok", fmt.Sprintf("set box-1 epoch 1 rev %d", i))
		}
	})
}

// TestLimits: what cannot be encoded is left out, and nothing else with it.
func TestLimits(t *testing.T) {
	inHall(t, func(h *hall) {
		l, tap := h.link(mqttlink.Options{}), h.wiretap()
		tap.take()
		l.Reply("box-1", fwproto.Reply{Boot: 1, Seq: 1, Status: fwproto.OK, Number: "far too long"})
		l.Set("panel-1", fwproto.Set{Rev: 1, Rows: row("far too long", "1")})
		l.Set("panel-2", fwproto.Set{Rev: 2})
		tap.want(t, "set panel-2 epoch 1 rev 2")
	})
}

func wantDropped(t *testing.T, reg *prometheus.Registry, n int) {
	t.Helper()
	want := "# HELP avanti_mqtt_replies_dropped_total Replies to devices that were dropped because the link was down or slow.\n" +
		fmt.Sprintf("# TYPE avanti_mqtt_replies_dropped_total counter\navanti_mqtt_replies_dropped_total %d\n", n)
	if err := testutil.GatherAndCompare(reg, strings.NewReader(want), "avanti_mqtt_replies_dropped_total"); err != nil {
		t.Error(err)
	}
}

// TestReplies: with no link a reply is dropped and counted, not sent late.
func TestReplies(t *testing.T) {
	inHall(t, func(h *hall) {
		reg := prometheus.NewRegistry()
		l := h.link(mqttlink.Options{Registerer: reg})
		h.powerOff()
		synctest.Wait()
		l.Reply("box-1", fwproto.Reply{Boot: 1, Seq: 1, Status: fwproto.OK})
		h.powerOn()
		tap := h.wiretap()
		after(3 * time.Second)
		if !l.Connected() {
			t.Fatal("not connected")
		}
		for _, m := range tap.take() {
			if strings.HasPrefix(m, "re ") {
				t.Errorf("sent late: %s", m)
			}
		}
		wantDropped(t, reg, 1)
		if problems, err := testutil.GatherAndLint(reg); err != nil || len(problems) > 0 {
			t.Errorf("%v %v", problems, err)
		}
	})
}

// TestStaleReplies: a reply that was waiting when the link was lost is not sent
// on the next.
func TestStaleReplies(t *testing.T) {
	inHall(t, func(h *hall) {
		reg := prometheus.NewRegistry()
		var l *mqttlink.Link
		lose := sync.OnceFunc(func() {
			h.powerOff()
			pass(time.Millisecond) // the client notices; the link does not know yet
			l.Reply("box-1", fwproto.Reply{Boot: 1, Seq: 1, Status: fwproto.OK})
		})
		l = mqttlink.New(mqttlink.Options{
			Office: office, Dial: h.hostDial(), Registerer: reg, OnConnection: func(bool) { lose() },
		})
		h.run(l.Run)
		synctest.Wait()
		h.powerOn()
		tap := h.wiretap()
		after(10 * time.Second)
		if !l.Connected() {
			t.Fatal("not connected")
		}
		for _, m := range tap.take() {
			if strings.HasPrefix(m, "re ") {
				t.Errorf("sent late: %s", m)
			}
		}
		wantDropped(t, reg, 1)
	})
}

// TestEpochs: each connection has its own, and none is ever 0.
func TestEpochs(t *testing.T) {
	inHall(t, func(h *hall) {
		tap := h.wiretap()
		var ups []bool
		var mu sync.Mutex
		h.link(mqttlink.Options{Epoch: math.MaxUint32, OnConnection: func(up bool) {
			mu.Lock()
			defer mu.Unlock()
			ups = append(ups, up)
		}})
		for range 2 {
			h.powerOff()
			h.powerOn()
			after(2 * time.Second)
		}
		tap.take()
		after(time.Second)
		if got := tap.take(); len(got) != 1 || !strings.HasPrefix(got[0], "hb epoch 2 ") {
			t.Errorf("on the wire %q, want beats of epoch 2", got)
		}
		mu.Lock()
		defer mu.Unlock()
		if want := []bool{true, false, true, false, true}; !slices.Equal(ups, want) {
			t.Errorf("OnConnection %v, want %v", ups, want)
		}
	})
}

// TestEnd: a link that ends says so at once; one that dies is reported by its
// will.
func TestEnd(t *testing.T) {
	inHall(t, func(h *hall) {
		tap := h.wiretap()
		ctx, cancel := context.WithCancel(h.ctx)
		l := mqttlink.New(mqttlink.Options{Office: office, Dial: h.hostDial(), Epoch: 5})
		ended := make(chan error, 1)
		go func() { ended <- l.Run(ctx) }()
		synctest.Wait()
		tap.take()
		began := time.Now()
		cancel()
		if err := <-ended; err != nil || time.Since(began) > 0 {
			t.Errorf("Run: %v after %v", err, time.Since(began))
		}
		tap.want(t, "host epoch 5 online false")
		if l.Connected() {
			t.Error("still connected")
		}
	})
}

// TestEndWithoutBroker: a link ends at once while it waits for a broker, too.
func TestEndWithoutBroker(t *testing.T) {
	inHall(t, func(h *hall) {
		h.powerOff()
		ctx, cancel := context.WithCancel(h.ctx)
		l := mqttlink.New(mqttlink.Options{Office: office, Dial: h.hostDial()})
		ended := make(chan error, 1)
		go func() { ended <- l.Run(ctx) }()
		after(90 * time.Second)
		h.mu.Lock()
		if h.dials < 80 || h.dials > 95 {
			t.Errorf("%d attempts in 90 s", h.dials)
		}
		h.mu.Unlock()
		began := time.Now()
		cancel()
		if err := <-ended; err != nil || time.Since(began) > 0 {
			t.Errorf("Run: %v after %v", err, time.Since(began))
		}
	})
}

// TestStates: births and deaths are handed on, but for the death of a
// connection that has been replaced.
func TestStates(t *testing.T) {
	inHall(t, func(h *hall) {
		states := make(chan string, 16)
		h.link(mqttlink.Options{OnState: func(device string, s fwproto.State) {
			states <- fmt.Sprintf("%s %v %d/%d", device, s.Status, s.Boot, s.Session)
		}})
		tap := h.wiretap()
		say := func(status fwproto.Presence, boot, session uint32) {
			payload, err := fwproto.Encode(fwproto.State{Status: status, Boot: boot, Session: session})
			if err != nil {
				t.Fatal(err)
			}
			tap.say <- mqttlink.Message{Topic: topics.DeviceState("box-1"), Payload: payload, QoS: 1, Retained: true}
			synctest.Wait()
		}
		for _, tc := range []struct {
			status        fwproto.Presence
			boot, session uint32
			want          string
		}{
			{fwproto.Online, 7, 1, "box-1 online 7/1"},
			{fwproto.Online, 7, 2, "box-1 online 7/2"},
			{fwproto.Lost, 7, 1, ""}, // the will of 7/1 is late
			{fwproto.Lost, 6, 9, ""}, // so is that of an earlier boot
			{fwproto.Lost, 7, 2, "box-1 lost 7/2"},
			{fwproto.Online, 8, 1, "box-1 online 8/1"},
			{fwproto.Lost, 8, 2, "box-1 lost 8/2"}, // its birth was missed
		} {
			say(tc.status, tc.boot, tc.session)
			got := ""
			select {
			case got = <-states:
			default:
			}
			if got != tc.want {
				t.Errorf("%v %d/%d is handed on as %q, want %q", tc.status, tc.boot, tc.session, got, tc.want)
			}
		}
	})
}

// TestRebuilt: a broker that answers everything and delivers nothing is left
// after fifteen seconds of silence.
func TestRebuilt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		deaf := newDeafBroker()
		l := mqttlink.New(mqttlink.Options{Office: office, Dial: deaf.dial, Epoch: 1})
		ended := make(chan error, 1)
		go func() { ended <- l.Run(ctx) }()
		after(15 * time.Second)
		if n := deaf.connections(); n != 1 || !l.Connected() {
			t.Errorf("after 15 s: %d connections, connected %t", n, l.Connected())
		}
		after(3 * time.Second)
		if n := deaf.connections(); n != 2 || !l.Connected() {
			t.Errorf("after 18 s: %d connections, connected %t", n, l.Connected())
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		deaf.wait()
	})
}

// TestRefusedSubscription: a link that would not hear the devices is no link.
func TestRefusedSubscription(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		deaf := newDeafBroker()
		deaf.suback = 0x80
		l := mqttlink.New(mqttlink.Options{Office: office, Dial: deaf.dial})
		ended := make(chan error, 1)
		go func() { ended <- l.Run(ctx) }()
		after(10 * time.Second)
		if n := deaf.connections(); n < 5 || l.Connected() {
			t.Errorf("%d connections, connected %t", n, l.Connected())
		}
		cancel()
		if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		deaf.wait()
	})
}
