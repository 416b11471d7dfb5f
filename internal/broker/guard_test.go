// SPDX-License-Identifier: EUPL-1.2

package broker_test

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/eclipse/paho.mqtt.golang/packets"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/broker"
	"github.com/avanti-queue/avanti/internal/brokertest"
)

// TestFirstPacket: what does not begin with a small CONNECT of MQTT 3.1.1 never
// reaches the library.
func TestFirstPacket(t *testing.T) {
	for name, tc := range map[string]struct {
		bytes   string
		reason  string
		connack bool
	}{
		"ping first":                       {"\xc0\x00", "protocol", false},
		"http":                             {"GET / HTTP/1.1\r\n\r\n", "protocol", false},
		"256 MB announced":                 {"\x10\xff\xff\xff\x7f", "protocol", false},
		"1 KB and one byte announced":      {"\x10\x81\x08", "protocol", false},
		"a length without end":             {"\x10\xff\xff\xff\xff\xff", "protocol", false},
		"MQTT 5":                           {"\x10\x0f\x00\x04MQTT\x05\x02\x00\x0a\x00\x00\x02id", "protocol_level", true},
		"MQTT 3.1":                         {"\x10\x10\x00\x06MQIsdp\x03\x02\x00\x0a\x00\x02id", "protocol_level", true},
		"another protocol":                 {"\x10\x0e\x00\x04MQTX\x04\x02\x00\x0a\x00\x02id", "protocol_level", true},
		"client id longer than the packet": {"\x10\x0c\x00\x04MQTT\x04\x02\x00\x0a\x00\xff", "protocol", false},
		"reserved flag":                    {"\x10\x0e\x00\x04MQTT\x04\x03\x00\x0a\x00\x02id", "protocol", false},
		"password without a name":          {"\x10\x11\x00\x04MQTT\x04\x42\x00\x0a\x00\x02id\x00\x01x", "protocol", false},
		"bytes behind the fields":          {"\x10\x0f\x00\x04MQTT\x04\x02\x00\x0a\x00\x02idx", "protocol", false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h, stop := start(t)
				defer stop()
				c := h.raw(false)
				began := time.Now()
				if _, err := io.WriteString(c, tc.bytes); err != nil {
					t.Fatal(err)
				}
				if tc.connack {
					if code := c.Connack(); code != packets.ErrRefusedBadProtocolVersion {
						t.Errorf("CONNACK %d", code)
					}
				}
				c.WantGone()
				if d := time.Since(began); d > 0 {
					t.Errorf("refused after %v", d)
				}
				h.wantRefused(":" + tc.reason)
			})
		})
	}
}

// TestSilence: who says nothing, or too slowly, is dropped after five seconds.
func TestSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, stop := start(t)
		defer stop()
		silent, slow := h.raw(false), h.raw(false)
		began := time.Now()
		var sending sync.WaitGroup
		defer sending.Wait()
		sending.Go(func() {
			for _, b := range []byte("\x10\x20\x00\x04MQTT\x04\x02\x00\x0a\x00\x02") {
				if _, err := slow.Write([]byte{b}); err != nil {
					return
				}
				pass(time.Second)
			}
		})
		silent.WantGone()
		slow.WantGone()
		if d := time.Since(began); d != 5*time.Second {
			t.Errorf("dropped after %v", d)
		}
		h.wantRefused(":protocol", ":protocol")
	})
}

// TestConnect: who may connect, and what a refused device is told.
func TestConnect(t *testing.T) {
	state, lost, online := topics.DeviceState("box-1"), brokertest.State(fwproto.Lost, 1), brokertest.State(fwproto.Online, 1)
	for name, tc := range map[string]struct {
		spoil  func(*packets.ConnectPacket)
		host   bool
		code   byte
		reason string
	}{
		"a device":                  {func(*packets.ConnectPacket) {}, false, 0, ""},
		"a session that would stay": {func(p *packets.ConnectPacket) { p.CleanSession = false }, false, 0, ""},
		"a will on its own state":   {func(p *packets.ConnectPacket) { brokertest.WithWill(p, state, lost) }, false, 0, ""},
		"wrong password":            {func(p *packets.ConnectPacket) { p.Password = []byte(brokertest.Secret("box-2")) }, false, 4, "box-1:credentials"},
		"no password":               {func(p *packets.ConnectPacket) { p.PasswordFlag, p.Password = false, nil }, false, 4, "box-1:credentials"},
		"unknown device":            {func(p *packets.ConnectPacket) { p.ClientIdentifier, p.Username = "ghost", "ghost" }, false, 4, ":credentials"},
		"no user name": {func(p *packets.ConnectPacket) {
			p.UsernameFlag, p.Username, p.PasswordFlag, p.Password = false, "", false, nil
		}, false, 2, ":client_id"},
		"another's client id":      {func(p *packets.ConnectPacket) { p.ClientIdentifier = "box-2" }, false, 2, "box-1:client_id"},
		"no client id":             {func(p *packets.ConnectPacket) { p.ClientIdentifier = "" }, false, 2, "box-1:client_id"},
		"a wildcard as an id":      {func(p *packets.ConnectPacket) { p.ClientIdentifier, p.Username = "+", "+" }, false, 2, ":client_id"},
		"a path as an id":          {func(p *packets.ConnectPacket) { p.ClientIdentifier, p.Username = "box-1/ev", "box-1/ev" }, false, 2, ":client_id"},
		"no keep-alive":            {func(p *packets.ConnectPacket) { p.Keepalive = 0 }, false, 5, "box-1:keep_alive"},
		"too long a keep-alive":    {func(p *packets.ConnectPacket) { p.Keepalive = 61 }, false, 5, "box-1:keep_alive"},
		"an empty will":            {func(p *packets.ConnectPacket) { brokertest.WithWill(p, state, nil) }, false, 5, "box-1:will"},
		"a will on another topic":  {func(p *packets.ConnectPacket) { brokertest.WithWill(p, topics.DeviceState("box-2"), lost) }, false, 5, "box-1:will"},
		"a will on an event":       {func(p *packets.ConnectPacket) { brokertest.WithWill(p, topics.DeviceEvent("box-1"), lost) }, false, 5, "box-1:will"},
		"a will of garbage":        {func(p *packets.ConnectPacket) { brokertest.WithWill(p, state, []byte("lost")) }, false, 5, "box-1:will"},
		"a will to be online":      {func(p *packets.ConnectPacket) { brokertest.WithWill(p, state, online) }, false, 5, "box-1:will"},
		"the daemon":               {func(p *packets.ConnectPacket) { p.ClientIdentifier = "_host" }, true, 0, ""},
		"the daemon as a device":   {func(*packets.ConnectPacket) {}, true, 2, ":client_id"},
		"the daemon without an id": {func(p *packets.ConnectPacket) { p.ClientIdentifier = "" }, true, 2, ":client_id"},
		"the daemon's strange will": {func(p *packets.ConnectPacket) {
			p.ClientIdentifier = "_host"
			brokertest.WithWill(p, state, lost)
		}, true, 5, ":will"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h, stop := start(t)
				defer stop()
				p := brokertest.Connect("box-1")
				tc.spoil(p)
				c := h.raw(tc.host)
				c.Send(p)
				ack, ok := c.Next().(*packets.ConnackPacket)
				if !ok || ack.ReturnCode != tc.code || ack.SessionPresent {
					t.Fatalf("CONNACK %v, want %d", ack, tc.code)
				}
				if tc.code == 0 {
					c.WantAlive()
					h.wantRefused()
					return
				}
				c.WantGone()
				h.wantRefused(tc.reason)
			})
		})
	}
}

// TestLaterPackets: nonsense after a good beginning costs one link.
func TestLaterPackets(t *testing.T) {
	for name, nonsense := range map[string]string{
		"a truncated SUBSCRIBE":   "\x82\x02\x00\x01",
		"a SUBSCRIBE cut in text": "\x82\x05\x00\x01\x00\x09a",
		"a second CONNECT":        "\x10\x0e\x00\x04MQTT\x04\x02\x00\x0a\x00\x02id",
		"a packet of a server":    "\x20\x02\x00\x00",
		"AUTH of MQTT 5":          "\xf0\x00",
		"a reserved type":         "\x00\x00",
		"64 KB and one byte":      "\x30\x81\x80\x04",
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h, stop := start(t)
				defer stop()
				bad, good := h.device(brokertest.Connect("box-1")), h.device(brokertest.Connect("box-2"))
				if _, err := io.WriteString(bad, nonsense); err != nil {
					t.Fatal(err)
				}
				for p := bad.Next(); p != nil; p = bad.Next() {
					t.Logf("answered with %s", p)
				}
				good.WantAlive()
				h.device(brokertest.Connect("box-1")).WantAlive()
			})
		})
	}
}

// TestPanic: if the library panics all the same, one link is lost.
func TestPanic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, stop := start(t)
		defer stop()
		bad, good := h.device(brokertest.Connect("box-1")), h.device(brokertest.Connect("box-2"))
		broker.Explode(h.Broker, "box-1")
		p := packets.NewControlPacket(packets.Unsubscribe).(*packets.UnsubscribePacket)
		p.MessageID, p.Topics = 1, []string{"x"}
		bad.Send(p)
		bad.WantGone()
		good.WantAlive()
	})
}

// TestHalfOpen: five hundred sockets that say nothing keep no device out, and the
// ones behind them push the oldest away.
func TestHalfOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, stop := start(t)
		defer stop()
		before := heap()
		oldest := h.raw(false)
		began := time.Now()
		for range 500 {
			// It announces 256 MB, which nobody sets aside.
			if _, err := h.raw(false).Write([]byte("\x10\xff\xff\xff")); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		if grown := int64(heap()) - int64(before); grown > 8<<20 {
			t.Errorf("500 sockets take %d bytes", grown)
		}
		h.device(brokertest.Connect("box-1")).WantAlive()
		h.wantRefused()
		for range 12 {
			h.raw(false)
		}
		oldest.WantGone()
		h.wantRefused(":too_many_connections")
		box := h.device(brokertest.Connect("box-2"))
		box.WantAlive()
		h.wantRefused(":too_many_connections")
		if d := time.Since(began); d > 0 {
			t.Errorf("it took %v", d)
		}
		pass(6 * time.Second)
		h.wantRefused(slices.Repeat([]string{":protocol"}, 511)...)
		for range 600 { // who has been admitted is not one of them
			h.raw(false)
		}
		box.WantAlive()
	})
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// TestStorm: when the power returns, all devices connect at once, and each gets in.
func TestStorm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, stop := start(t)
		defer stop()
		var devices sync.WaitGroup
		for range 50 {
			for i := range 10 {
				devices.Go(func() {
					id := "panel-1"
					if i > 0 {
						id = fmt.Sprintf("box-%d", i)
					}
					c := h.raw(false)
					c.Send(brokertest.Connect(id))
					if ack, ok := c.Next().(*packets.ConnackPacket); ok && ack.ReturnCode != packets.Accepted {
						t.Errorf("%s gets CONNACK %d", id, ack.ReturnCode)
					}
				})
			}
		}
		devices.Wait()
		h.wantRefused()
		for i := range 9 {
			h.device(brokertest.Connect(fmt.Sprintf("box-%d", i+1))).WantAlive()
		}
	})
}

// TestDrop: a device that is shut out goes at once, and its will says so.
func TestDrop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, stop := start(t)
		defer stop()
		daemon, lost := h.daemon(), brokertest.State(fwproto.Lost, 1)
		box := h.device(brokertest.WithWill(brokertest.Connect("box-1"), topics.DeviceState("box-1"), lost))
		h.Drop("box-2") // is not there
		h.Drop("_host") // is no device
		box.WantAlive()
		h.Drop("box-1")
		box.WantGone()
		daemon.WantMessage("d/box-1/state", lost)
	})
}

// TestFlood: whoever is refused without end fills no log, and is counted each time.
func TestFlood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, stop := start(t)
		defer stop()
		box := h.device(brokertest.Connect("box-1"))
		for range 30 {
			for range 100 {
				box.Send(brokertest.Publish(topics.DeviceEvent("box-1"), []byte("garbage"), 0, false))
			}
			pass(time.Second)
		}
		box.WantAlive()
		h.wantRefused(slices.Repeat([]string{"box-1:malformed"}, 3000)...)
		if n := strings.Count(h.log.String(), "reason=malformed"); n != 3 {
			t.Errorf("%d lines in the log:\n%s", n, h.log.String())
		}
	})
}

// FuzzConnect: the first packet never takes more than its limit, and what is
// accepted is read to its last byte.
func FuzzConnect(f *testing.F) {
	var valid bytes.Buffer
	if err := brokertest.WithWill(brokertest.Connect("box-1"), topics.DeviceState("box-1"), brokertest.State(fwproto.Lost, 1)).Write(&valid); err != nil {
		f.Fatal(err)
	}
	f.Add(valid.Bytes())
	f.Add([]byte("\x10\xff\xff\xff\x7f"))
	f.Add([]byte("\x10\x0f\x00\x04MQTT\x05\x02\x00\x0a\x00\x00\x02id"))
	f.Fuzz(func(t *testing.T, b []byte) {
		r := bytes.NewReader(b)
		id, raw, err := broker.ReadConnect(r)
		if len(raw) > 1024+5 {
			t.Errorf("%d bytes taken", len(raw))
		}
		if err == nil && (!bytes.HasPrefix(b, raw) || len(b)-r.Len() != len(raw)) {
			t.Errorf("accepted %x of %x", raw, b)
		}
		if err == nil && !strings.Contains(string(raw), id) {
			t.Errorf("client id %q is not in %x", id, raw)
		}
		if err == nil {
			if _, err := packets.ReadPacket(bytes.NewReader(raw)); err != nil {
				t.Errorf("accepted %x, another reader says %v", raw, err)
			}
		}
	})
}
