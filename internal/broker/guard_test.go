// SPDX-License-Identifier: EUPL-1.2

package broker_test

import (
	"bytes"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/eclipse/paho.mqtt.golang/packets"

	"github.com/avanti-queue/avanti/internal/broker"
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
				h, stop := start(t, nil)
				defer stop()
				c := h.raw(false)
				began := time.Now()
				if _, err := io.WriteString(c, tc.bytes); err != nil {
					t.Fatal(err)
				}
				if tc.connack {
					if code := c.connack(); code != packets.ErrRefusedBadProtocolVersion {
						t.Errorf("CONNACK %d", code)
					}
				}
				c.wantGone()
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
		h, stop := start(t, nil)
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
		silent.wantGone()
		slow.wantGone()
		if d := time.Since(began); d != 5*time.Second {
			t.Errorf("dropped after %v", d)
		}
		h.wantRefused(":protocol", ":protocol")
	})
}

// TestConnect: who may connect, and what a refused device is told.
func TestConnect(t *testing.T) {
	state := topics.DeviceState("box-1")
	for name, tc := range map[string]struct {
		spoil  func(*packets.ConnectPacket)
		host   bool
		code   byte
		reason string
	}{
		"a device":                  {func(*packets.ConnectPacket) {}, false, 0, ""},
		"a session that would stay": {func(p *packets.ConnectPacket) { p.CleanSession = false }, false, 0, ""},
		"a will on its own state":   {func(p *packets.ConnectPacket) { withWill(p, state, "lost") }, false, 0, ""},
		"wrong password":            {func(p *packets.ConnectPacket) { p.Password = []byte("secret of box-2") }, false, 4, ":credentials"},
		"no password":               {func(p *packets.ConnectPacket) { p.PasswordFlag, p.Password = false, nil }, false, 4, ":credentials"},
		"unknown device":            {func(p *packets.ConnectPacket) { p.ClientIdentifier, p.Username = "ghost", "ghost" }, false, 4, ":credentials"},
		"no user name": {func(p *packets.ConnectPacket) {
			p.UsernameFlag, p.Username, p.PasswordFlag, p.Password = false, "", false, nil
		}, false, 2, ":client_id"},
		"another's client id":      {func(p *packets.ConnectPacket) { p.ClientIdentifier = "box-2" }, false, 2, ":client_id"},
		"no client id":             {func(p *packets.ConnectPacket) { p.ClientIdentifier = "" }, false, 2, ":client_id"},
		"a wildcard as an id":      {func(p *packets.ConnectPacket) { p.ClientIdentifier, p.Username = "+", "+" }, false, 2, ":client_id"},
		"a path as an id":          {func(p *packets.ConnectPacket) { p.ClientIdentifier, p.Username = "box-1/ev", "box-1/ev" }, false, 2, ":client_id"},
		"no keep-alive":            {func(p *packets.ConnectPacket) { p.Keepalive = 0 }, false, 5, "box-1:keep_alive"},
		"too long a keep-alive":    {func(p *packets.ConnectPacket) { p.Keepalive = 61 }, false, 5, "box-1:keep_alive"},
		"an empty will":            {func(p *packets.ConnectPacket) { withWill(p, state, "") }, false, 5, "box-1:will"},
		"a will on another topic":  {func(p *packets.ConnectPacket) { withWill(p, topics.DeviceState("box-2"), "lost") }, false, 5, "box-1:will"},
		"a will on an event":       {func(p *packets.ConnectPacket) { withWill(p, topics.DeviceEvent("box-1"), "lost") }, false, 5, "box-1:will"},
		"the daemon":               {func(p *packets.ConnectPacket) { p.ClientIdentifier = "_host" }, true, 0, ""},
		"the daemon as a device":   {func(*packets.ConnectPacket) {}, true, 2, ":client_id"},
		"the daemon without an id": {func(p *packets.ConnectPacket) { p.ClientIdentifier = "" }, true, 2, ":client_id"},
		"the daemon's strange will": {func(p *packets.ConnectPacket) {
			p.ClientIdentifier = "_host"
			withWill(p, state, "lost")
		}, true, 5, ":will"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h, stop := start(t, nil)
				defer stop()
				p := connect("box-1")
				tc.spoil(p)
				c := h.raw(tc.host)
				c.send(p)
				ack, ok := c.next().(*packets.ConnackPacket)
				if !ok || ack.ReturnCode != tc.code || ack.SessionPresent {
					t.Fatalf("CONNACK %v, want %d", ack, tc.code)
				}
				if tc.code == 0 {
					c.wantAlive()
					h.wantRefused()
					return
				}
				c.wantGone()
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
				h, stop := start(t, nil)
				defer stop()
				bad, good := h.device(connect("box-1")), h.device(connect("box-2"))
				if _, err := io.WriteString(bad, nonsense); err != nil {
					t.Fatal(err)
				}
				for p := bad.next(); p != nil; p = bad.next() {
					t.Logf("answered with %s", p)
				}
				good.wantAlive()
				h.device(connect("box-1")).wantAlive()
			})
		})
	}
}

// TestPanic: if the library panics all the same, one link is lost.
func TestPanic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, stop := start(t, nil)
		defer stop()
		bad, good := h.device(connect("box-1")), h.device(connect("box-2"))
		broker.Explode(h.Broker, "box-1")
		p := packets.NewControlPacket(packets.Unsubscribe).(*packets.UnsubscribePacket)
		p.MessageID, p.Topics = 1, []string{"x"}
		bad.send(p)
		bad.wantGone()
		good.wantAlive()
	})
}

// TestTooMany: connections that wait for credentials cannot use up everything.
func TestTooMany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, stop := start(t, nil)
		defer stop()
		for range 512 {
			h.raw(false)
		}
		if _, err := h.Pipe(); err == nil {
			t.Error("connection 513 is accepted")
		}
		h.wantRefused(":too_many_connections")
		pass(6 * time.Second)
		h.device(connect("box-1")).wantAlive()
	})
}

// FuzzConnect: the first packet never takes more than its limit, and what is
// accepted is read to its last byte.
func FuzzConnect(f *testing.F) {
	var valid bytes.Buffer
	if err := withWill(connect("box-1"), topics.DeviceState("box-1"), "lost").Write(&valid); err != nil {
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
