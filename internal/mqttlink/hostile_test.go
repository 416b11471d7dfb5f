// SPDX-License-Identifier: EUPL-1.2

package mqttlink_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
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

// TestIgnored: what devices must not send is counted, reported by the device's name and
// handed to nobody. An old event that a broker keeps is removed.
func TestIgnored(t *testing.T) {
	inHall(t, func(h *hall) {
		tap := h.wiretap()
		say := func(topic, payload string, retained bool) {
			tap.say <- mqttlink.Message{Topic: topic, Payload: []byte(payload), QoS: 1, Retained: retained}
			synctest.Wait()
		}
		press, err := fwproto.Encode(fwproto.Press{Boot: 1, Seq: 1, Key: fwproto.KeyNext})
		if err != nil {
			t.Fatal(err)
		}
		later := slices.Clone(press)
		later[2] = 23                                         // an event of a type to come
		say(topics.DeviceEvent("box-1"), string(press), true) // as a careless broker would keep it
		reg := prometheus.NewRegistry()
		events, refused := make(chan string, 16), make(chan string, 16)
		h.link(mqttlink.Options{
			Registerer: reg,
			OnEvent:    func(device string, payload []byte) { events <- device + " " + string(payload) },
			OnShown:    func(string, fwproto.Shown) { t.Error("garbage taken for shown") },
			OnState:    func(string, fwproto.State) { t.Error("garbage taken for state") },
			OnRefused:  func(device, reason string) { refused <- device + ":" + reason },
		})
		say(topics.DeviceShown("box-1"), "garbage", false)
		say(topics.DeviceState("box-2"), "garbage", false)
		say(topics.Heartbeat(), "garbage", false)
		say(topics.Root()+"probe", "garbage", false)
		say(topics.DeviceEvent("box-3"), strings.Repeat("x", 257), false)
		say(topics.DeviceEvent("box-3"), "garbage", false)
		say(topics.DeviceEvent("box-1"), string(later), false)
		if got := <-events; got != "box-1 "+string(later) || len(events) > 0 {
			t.Errorf("event %q and %d more", got, len(events))
		}
		close(refused)
		var names []string
		for r := range refused {
			names = append(names, r)
		}
		if diff := cmp.Diff([]string{
			"box-1:retained_event", "box-1:malformed", "box-2:malformed", ":malformed", ":malformed", "box-3:too_long", "box-3:malformed",
		}, names); diff != "" {
			t.Errorf("refused (-want +got):\n%s", diff)
		}
		want := "# HELP avanti_mqtt_ignored_messages_total Messages of devices that the daemon ignored.\n" +
			"# TYPE avanti_mqtt_ignored_messages_total counter\n" +
			"avanti_mqtt_ignored_messages_total{reason=\"malformed\"} 5\n" +
			"avanti_mqtt_ignored_messages_total{reason=\"retained_event\"} 1\n" +
			"avanti_mqtt_ignored_messages_total{reason=\"too_long\"} 1\n"
		if err := testutil.GatherAndCompare(reg, strings.NewReader(want), "avanti_mqtt_ignored_messages_total"); err != nil {
			t.Error(err)
		}
		for _, m := range h.wiretap().take() {
			if strings.Contains(m, "ev ") {
				t.Errorf("the broker still keeps %q", m)
			}
		}
	})
}

// TestRoundTrip: what a message of QoS 1 costs is told once for each connection.
func TestRoundTrip(t *testing.T) {
	inHall(t, func(h *hall) {
		reg, told := prometheus.NewRegistry(), make(chan time.Duration, 16)
		h.link(mqttlink.Options{Registerer: reg, OnRoundTrip: func(d time.Duration) { told <- d }})
		after(time.Minute)
		h.powerOff()
		h.powerOn()
		after(time.Minute)
		if len(told) != 2 || <-told != 0 {
			t.Errorf("told %d times", 1+len(told))
		}
		if n, err := testutil.GatherAndCount(reg, "avanti_mqtt_probe_round_trip_seconds"); err != nil || n != 1 {
			t.Errorf("%d, %v", n, err)
		}
		if problems, err := testutil.GatherAndLint(reg); err != nil || len(problems) > 0 {
			t.Errorf("%v %v", problems, err)
		}
	})
}

// TestFailure: why there is no connection is told at each attempt, and a wrong password
// is told apart from a broker that is away.
func TestFailure(t *testing.T) {
	inHall(t, func(h *hall) {
		var mu sync.Mutex
		failed := map[string]int{}
		note := func(err error) {
			mu.Lock()
			defer mu.Unlock()
			failed[fmt.Sprintf("%t %s", errors.Is(err, mqttlink.ErrCredentials), err)]++
		}
		h.hostile = true
		for _, password := range []string{"guess", "secret of box-1"} {
			h.run(mqttlink.Session{
				Dial: h.deviceDial(), ClientID: "box-1", Username: "box-1", Password: password,
				Filters: map[string]byte{topics.DeviceReply("box-1"): 1}, OnMessage: func(mqttlink.Message) {}, OnFailure: note,
				Serve: func(ctx context.Context, _ uint32, _ mqttlink.Publish) error { <-ctx.Done(); return nil },
			}.Run)
		}
		after(3500 * time.Millisecond)
		h.powerOff()
		after(3 * time.Second)
		mu.Lock()
		defer mu.Unlock()
		want := map[string]int{
			"true connect: the broker refuses the user name or the password": 4,
			"false connection lost: EOF":                                     1,
			"false connect: network Error : no broker":                       3 + 3,
		}
		if diff := cmp.Diff(want, failed); diff != "" {
			t.Errorf("failures (-want +got):\n%s", diff)
		}
	})
}

// TestFlood: a box that presses ten thousand times a second keeps no other box waiting
// and nothing of it stays.
func TestFlood(t *testing.T) {
	inHall(t, func(h *hall) {
		var l *mqttlink.Link
		var mu sync.Mutex
		heard := map[string]int{}
		l = h.link(mqttlink.Options{OnEvent: func(device string, payload []byte) {
			p, err := fwproto.Decode[fwproto.Press](payload)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			heard[device]++
			status := fwproto.OK
			if device == "box-1" {
				status = fwproto.Busy
			}
			l.Reply(device, fwproto.Reply{Boot: p.Boot, Seq: p.Seq, Status: status})
		}})
		good := h.box("box-2")
		after(time.Second) // it has heard a heartbeat
		before, flood := heap(), make(chan struct{})
		h.run(mqttlink.Session{
			Dial: h.deviceDial(), ClientID: "box-1", Username: "box-1", Password: "secret of box-1",
			Filters: map[string]byte{topics.DeviceReply("box-1"): 1}, OnMessage: func(mqttlink.Message) {},
			Serve: func(ctx context.Context, _ uint32, publish mqttlink.Publish) error {
				for seq := range uint32(5000) {
					payload, err := fwproto.Encode(fwproto.Press{Boot: 1, Seq: seq + 1, Key: fwproto.KeyNext})
					if err != nil {
						return err
					}
					if err := publish(mqttlink.Message{Topic: topics.DeviceEvent("box-1"), Payload: payload}); err != nil {
						return err
					}
					pass(100 * time.Microsecond)
				}
				close(flood)
				<-ctx.Done()
				return nil
			},
		}.Run)
		began := time.Now()
		for range 10 {
			if r, err := good.Press(h.ctx, fwproto.KeyNext); err != nil || r.Status != fwproto.OK {
				t.Errorf("Press = %v, %v", r, err)
			}
			pass(10 * time.Millisecond)
		}
		if d := time.Since(began); d > 100*time.Millisecond {
			t.Errorf("ten presses of another box take %v", d)
		}
		<-flood
		synctest.Wait()
		if grown := int64(heap()) - int64(before); grown > 4<<20 {
			t.Errorf("the flood has left %d bytes", grown)
		}
		mu.Lock()
		defer mu.Unlock()
		if heard["box-1"] < 4500 || heard["box-2"] != 10 {
			t.Errorf("heard %v", heard)
		}
	})
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// TestShare: of the replies that may wait, no box takes more than its share, and one
// that would is reported.
func TestShare(t *testing.T) {
	inHall(t, func(h *hall) {
		reg, tap := prometheus.NewRegistry(), h.wiretap()
		refused := map[string]int{}
		var l *mqttlink.Link
		ask := sync.OnceFunc(func() { // the sender has not begun
			for _, device := range []string{"box-1", "box-2"} {
				for seq := range uint32(map[string]int{"box-1": 100, "box-2": 20}[device]) {
					l.Reply(device, fwproto.Reply{Boot: 1, Seq: seq + 1, Status: fwproto.Busy})
				}
			}
		})
		l = mqttlink.New(mqttlink.Options{
			Office: office, Dial: h.hostDial(), Registerer: reg, OnConnection: func(bool) { ask() },
			OnRefused: func(device, reason string) { refused[device+":"+reason]++ },
		})
		h.run(l.Run)
		got := map[string]int{}
		for _, m := range tap.take() {
			if strings.HasPrefix(m, "re ") {
				got[m]++
			}
		}
		if diff := cmp.Diff(map[string]int{"re box-1 busy": 32, "re box-2 busy": 20}, got); diff != "" {
			t.Errorf("on the wire (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(map[string]int{"box-1:flood": 68}, refused); diff != "" {
			t.Errorf("refused (-want +got):\n%s", diff)
		}
		wantDropped(t, reg, 68)
		l.Reply("box-1", fwproto.Reply{Boot: 1, Seq: 1, Status: fwproto.OK})
		tap.want(t, "re box-1 ok") // the share is free again
	})
}
