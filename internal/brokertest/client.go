// SPDX-License-Identifier: EUPL-1.2

package brokertest

import (
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/eclipse/paho.mqtt.golang/packets"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
)

// patience is how long a client waits for a packet.
const patience = 30 * time.Second

// Client is a raw MQTT client: it sends what a test says and nothing else. A
// method that meets what it does not want fails the test.
type Client struct {
	net.Conn
	T testing.TB
	// Root is cut from the topics of messages.
	Root string
}

// Secret is the password of the device that a test knows under an id.
func Secret(id string) string { return "secret-of-" + id }

// Connect is a valid CONNECT of a device whose password is its [Secret], to be
// spoiled by a test.
func Connect(id string) *packets.ConnectPacket {
	p := packets.NewControlPacket(packets.Connect).(*packets.ConnectPacket)
	p.ProtocolName, p.ProtocolVersion = "MQTT", 4
	p.CleanSession, p.Keepalive = true, 10
	p.ClientIdentifier = id
	p.UsernameFlag, p.Username = true, id
	p.PasswordFlag, p.Password = true, []byte(Secret(id))
	return p
}

// WithWill gives a CONNECT a retained will of QoS 1.
func WithWill(p *packets.ConnectPacket, topic string, payload []byte) *packets.ConnectPacket {
	p.WillFlag, p.WillTopic, p.WillMessage, p.WillRetain, p.WillQos = true, topic, payload, true, 1
	return p
}

// Publish is a PUBLISH with packet id 7.
func Publish(topic string, payload []byte, qos byte, retained bool) *packets.PublishPacket {
	p := packets.NewControlPacket(packets.Publish).(*packets.PublishPacket)
	p.TopicName, p.Payload, p.Qos, p.Retain, p.MessageID = topic, payload, qos, retained, 7
	return p
}

// Encode makes a payload. A message that breaks a limit panics.
func Encode(m fwproto.Message) []byte {
	b, err := fwproto.Encode(m)
	if err != nil {
		panic(err)
	}
	return b
}

// Press is the payload of a press; its seq makes it a certain one.
func Press(seq uint32) []byte {
	return Encode(fwproto.Press{Boot: 1, Seq: seq, Key: fwproto.KeyNext})
}

// State is the payload of a birth, or of a death.
func State(status fwproto.Presence, session uint32) []byte {
	return Encode(fwproto.State{Status: status, Boot: 1, Session: session})
}

// Shown is the payload with which a panel confirms a revision.
func Shown(rev uint64) []byte { return Encode(fwproto.Shown{Epoch: 1, Rev: rev}) }

// Send sends a packet.
func (c Client) Send(p packets.ControlPacket) {
	c.T.Helper()
	if err := p.Write(c); err != nil {
		c.T.Fatalf("send %s: %v", p.String(), err)
	}
}

// Next reads one packet, or nil when the link has ended.
func (c Client) Next() packets.ControlPacket {
	c.T.Helper()
	if err := c.SetReadDeadline(time.Now().Add(patience)); err != nil {
		return nil // only a link that is closed has no deadline
	}
	p, err := packets.ReadPacket(c)
	var gone *net.OpError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return nil
	case errors.As(err, &gone) && !gone.Timeout():
		return nil // reset
	case err != nil:
		c.T.Fatalf("read: %v", err)
	}
	return p
}

// Connack reads the answer to CONNECT and gives its code.
func (c Client) Connack() byte {
	c.T.Helper()
	p, ok := c.Next().(*packets.ConnackPacket)
	if !ok {
		c.T.Fatal("no CONNACK")
	}
	return p.ReturnCode
}

// Subscribe asks for a filter with QoS 1 and gives the code of the answer.
func (c Client) Subscribe(filter string) byte {
	c.T.Helper()
	p := packets.NewControlPacket(packets.Subscribe).(*packets.SubscribePacket)
	p.MessageID, p.Topics, p.Qoss = 1, []string{filter}, []byte{1}
	c.Send(p)
	ack, ok := c.Next().(*packets.SubackPacket)
	if !ok {
		c.T.Fatal("no SUBACK")
	}
	return ack.ReturnCodes[0]
}

// Acknowledge answers a message of QoS 1.
func (c Client) Acknowledge(p *packets.PublishPacket) {
	c.T.Helper()
	ack := packets.NewControlPacket(packets.Puback).(*packets.PubackPacket)
	ack.MessageID = p.MessageID
	c.Send(ack)
}

// Message reads one message as "topic payload", with "*" before a retained one, and
// acknowledges it if it wants that.
func (c Client) Message() string {
	c.T.Helper()
	p, ok := c.Next().(*packets.PublishPacket)
	if !ok {
		c.T.Fatal("no message")
	}
	if p.Qos == 1 {
		c.Acknowledge(p)
	}
	return c.line(p.Retain, p.TopicName, p.Payload)
}

func (c Client) line(retained bool, topic string, payload []byte) string {
	mark := ""
	if retained {
		mark = "*"
	}
	return mark + strings.TrimPrefix(topic, c.Root) + " " + string(payload)
}

// WantMessage fails unless this is the next message, below Root; "*" before the
// topic is for a retained one.
func (c Client) WantMessage(topic string, payload []byte) {
	c.T.Helper()
	if got, want := c.Message(), topic+" "+string(payload); got != want {
		c.T.Errorf("message %q, want %q", got, want)
	}
}

// WantPuback fails unless the next packet acknowledges what was published.
func (c Client) WantPuback() {
	c.T.Helper()
	p := c.Next()
	if ack, ok := p.(*packets.PubackPacket); !ok || ack.MessageID != 7 {
		c.T.Errorf("%v instead of PUBACK", p)
	}
}

// WantGone fails unless the broker has ended the link and said nothing before.
func (c Client) WantGone() {
	c.T.Helper()
	if p := c.Next(); p != nil {
		c.T.Errorf("the link is open and says %s", p)
	}
}

// WantAlive proves that a link works, with a ping.
func (c Client) WantAlive() {
	c.T.Helper()
	c.Send(packets.NewControlPacket(packets.Pingreq))
	p := c.Next()
	if _, ok := p.(*packets.PingrespPacket); !ok {
		c.T.Errorf("%v instead of an answer to a ping", p)
	}
}
