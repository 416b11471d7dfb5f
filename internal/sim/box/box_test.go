// SPDX-License-Identifier: EUPL-1.2

package box_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/broker"
	"github.com/avanti-queue/avanti/internal/mqttlink"
	"github.com/avanti-queue/avanti/internal/sim/box"
)

const secret = "thirty-two random bytes, for sure"

// counter is a box and a daemon that answers each press as answer says.
func counter(t *testing.T, answer func(*mqttlink.Link, fwproto.Press), test func(*testing.T, *box.Box, *mqttlink.Link)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		b, err := broker.New(broker.Options{
			Office:      "piacenza",
			Credentials: func(id string) ([32]byte, bool) { return sha256.Sum256([]byte(secret)), id == "box-1" },
		})
		if err != nil {
			t.Fatal(err)
		}
		var link *mqttlink.Link
		link = mqttlink.New(mqttlink.Options{
			Office: "piacenza", Dial: func(context.Context) (net.Conn, error) { return b.HostPipe() },
			OnEvent: func(device string, payload []byte) {
				p, err := fwproto.Decode[fwproto.Press](payload)
				if err != nil || device != "box-1" {
					t.Errorf("event of %q: %v", device, err)
				}
				answer(link, p)
			},
		})
		device := box.New(box.Options{
			ID: "box-1", Password: secret, Office: "piacenza",
			Dial: func(context.Context) (net.Conn, error) { return b.Pipe() },
		})
		ctx, cancel := context.WithCancel(t.Context())
		var tasks sync.WaitGroup
		defer tasks.Wait()
		defer cancel()
		for _, run := range []func(context.Context) error{b.Run, link.Run, device.Run} {
			tasks.Go(func() {
				if err := run(ctx); err != nil {
					t.Error(err)
				}
			})
		}
		<-time.After(2 * time.Second)
		synctest.Wait()
		test(t, device, link)
	})
}

// TestPresses: every press has its own number, and presses at the same time get
// each its own reply.
func TestPresses(t *testing.T) {
	answer := func(l *mqttlink.Link, p fwproto.Press) {
		l.Reply("box-1", fwproto.Reply{Boot: p.Boot, Seq: p.Seq, Status: fwproto.OK, Rev: uint64(p.Seq) * 10})
		l.Reply("box-1", fwproto.Reply{Boot: p.Boot, Seq: p.Seq, Status: fwproto.Duplicate}) // as after a repetition
	}
	counter(t, answer, func(t *testing.T, b *box.Box, _ *mqttlink.Link) {
		var mu sync.Mutex
		seen := map[uint32]bool{}
		var presses sync.WaitGroup
		for range 8 { // two replies each: no more than the link keeps for a device that is slow
			presses.Go(func() {
				r, err := b.Press(t.Context(), fwproto.KeyRecall)
				if err != nil || r.Boot != b.Boot() || r.Rev != uint64(r.Seq)*10 {
					t.Errorf("Press = %+v, %v", r, err)
				}
				mu.Lock()
				defer mu.Unlock()
				if seen[r.Seq] {
					t.Errorf("seq %d twice", r.Seq)
				}
				seen[r.Seq] = true
			})
		}
		presses.Wait()
	})
}

// TestLamp: the lamp is what the daemon wants, pending during a press, and off
// without a daemon.
func TestLamp(t *testing.T) {
	counter(t, func(*mqttlink.Link, fwproto.Press) {}, func(t *testing.T, b *box.Box, l *mqttlink.Link) {
		want := func(lamp fwproto.Lamp) {
			t.Helper()
			synctest.Wait()
			if got := b.Lamp(); got != lamp {
				t.Errorf("the lamp is %v, want %v", got, lamp)
			}
		}
		want(fwproto.LampOff)
		l.Set("box-1", fwproto.Set{Rev: 1, Lamp: fwproto.LampBlink})
		want(fwproto.LampBlink)
		ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
		defer cancel()
		ended := make(chan error, 1)
		go func() {
			_, err := b.Press(ctx, fwproto.KeyNext)
			ended <- err
		}()
		want(fwproto.LampPending)
		if err := <-ended; !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Press: %v", err)
		}
		want(fwproto.LampBlink)
		if set, blank := b.Set(); set.Rev != 1 || blank != fwproto.NotBlank {
			t.Errorf("Set = %+v, %v", set, blank)
		}
	})
}

// TestPressBeforeTheFirstHeartbeat: a box that has just been switched on has none to name. Its press
// waits for it, and is as old as it is; with a daemon that is away it is given up (SPEC 5.1.8).
func TestPressBeforeTheFirstHeartbeat(t *testing.T) {
	for _, away := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			b, err := broker.New(broker.Options{
				Office:      "piacenza",
				Credentials: func(string) ([32]byte, bool) { return sha256.Sum256([]byte(secret)), true },
			})
			if err != nil {
				t.Fatal(err)
			}
			events := make(chan fwproto.Press, 9)
			var link *mqttlink.Link
			link = mqttlink.New(mqttlink.Options{
				Office: "piacenza", Dial: func(context.Context) (net.Conn, error) { return b.HostPipe() },
				OnEvent: func(_ string, payload []byte) {
					p, err := fwproto.Decode[fwproto.Press](payload)
					if err != nil {
						t.Error(err)
					}
					link.Reply("box-1", fwproto.Reply{Boot: p.Boot, Seq: p.Seq, Status: fwproto.OK})
				},
			})
			device := box.New(box.Options{
				ID: "box-1", Password: secret, Office: "piacenza",
				Dial: func(context.Context) (net.Conn, error) { return b.Pipe() },
			})
			ctx, cancel := context.WithCancel(t.Context())
			var tasks sync.WaitGroup
			defer tasks.Wait()
			defer cancel()
			tasks.Go(func() { _ = b.Run(ctx) })
			tasks.Go(func() { _ = device.Run(ctx) })
			tap := mqttlink.Session{ // hears it also while there is no daemon
				Dial: func(context.Context) (net.Conn, error) { return b.HostPipe() }, ClientID: "_tap",
				Filters: map[string]byte{fwproto.Topics{Office: "piacenza"}.DeviceEvent("box-1"): 1},
				OnMessage: func(m mqttlink.Message) {
					p, err := fwproto.Decode[fwproto.Press](m.Payload)
					if err != nil {
						t.Error(err)
					}
					events <- p
				},
				Serve: func(ctx context.Context, _ uint32, _ mqttlink.Publish) error { <-ctx.Done(); return nil },
			}
			tasks.Go(func() { _ = tap.Run(ctx) })
			<-time.After(time.Second) // it is connected
			tasks.Go(func() {
				<-time.After(2500 * time.Millisecond)
				if !away {
					_ = link.Run(ctx)
				}
			})
			began := time.Now()
			r, err := device.Press(t.Context(), fwproto.KeyNext)
			synctest.Wait()
			switch {
			case away && (!errors.Is(err, box.ErrNoReply) || len(events) > 0):
				t.Errorf("without a daemon: %+v, %v, %d presses sent", r, err, len(events))
			case away:
			case err != nil || r.Status != fwproto.OK || time.Since(began) != 2500*time.Millisecond:
				t.Errorf("%+v, %v after %v", r, err, time.Since(began))
			default:
				if p := <-events; p.AgeMS != 2500 || p.Epoch == 0 || p.Beat == 0 || p.SinceMS != 0 {
					t.Errorf("it was sent as %+v", p)
				}
			}
		})
	}
}
