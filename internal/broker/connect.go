// SPDX-License-Identifier: EUPL-1.2

package broker

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// maxConnect bounds the first packet before anything is known about who sends
// it: MQTT lets it announce 256 MB.
const maxConnect = 1024

// MaxKeepAlive is in seconds. It bounds how long a dead device stays unnoticed.
const MaxKeepAlive = 60

// Return codes of CONNACK, MQTT 3.1.1 table 3.1.
const (
	accepted          = 0
	badProtocolLevel  = 1
	badIdentifier     = 2
	serverUnavailable = 3
	badCredentials    = 4
	notAuthorized     = 5
)

// connect is the first packet of a connection, MQTT 3.1.1 section 3.1.
type connect struct {
	level       byte
	keepAlive   uint16
	clientID    string
	hasWill     bool
	willTopic   string
	willPayload []byte
	username    string
	password    []byte
	raw         []byte // the whole packet, and what came with it
}

// errLevel is returned by readConnect for a client that speaks another version
// of MQTT; it can be told so.
var errLevel = errors.New("not MQTT 3.1.1")

// readConnect reads exactly one CONNECT packet of MQTT 3.1.1 and nothing behind
// it, allocating no more than maxConnect.
func readConnect(r io.ByteReader) (connect, error) {
	var c connect
	first, err := r.ReadByte()
	if err != nil {
		return c, fmt.Errorf("read the first packet: %w", err)
	}
	if first != 0x10 {
		return c, fmt.Errorf("the first packet begins with 0x%02x, not with CONNECT", first)
	}
	c.raw = append(c.raw, first)
	var length, shift int
	for {
		b, err := r.ReadByte()
		if err != nil {
			return c, fmt.Errorf("read the length of CONNECT: %w", err)
		}
		c.raw = append(c.raw, b)
		length |= int(b&0x7f) << shift
		if shift += 7; b < 0x80 {
			break
		}
		if shift > 21 {
			return c, errors.New("the length of CONNECT has more than four bytes")
		}
	}
	if length > maxConnect {
		return c, fmt.Errorf("CONNECT of %d bytes, at most %d", length, maxConnect)
	}
	head := len(c.raw)
	for range length {
		b, err := r.ReadByte()
		if err != nil {
			return c, fmt.Errorf("read CONNECT: %w", err)
		}
		c.raw = append(c.raw, b)
	}
	return c, c.parse(c.raw[head:])
}

func (c *connect) parse(body []byte) error {
	p := parser{b: body}
	protocol := p.field()
	c.level = p.byte()
	if p.short {
		return errors.New("CONNECT is truncated")
	}
	if string(protocol) != "MQTT" || c.level != 4 {
		return errLevel
	}
	flags := p.byte()
	c.keepAlive = p.uint16()
	c.clientID = string(p.field())
	if c.hasWill = flags&0x04 != 0; c.hasWill {
		c.willTopic = string(p.field())
		c.willPayload = p.field()
	}
	if flags&0x80 != 0 {
		c.username = string(p.field())
	}
	if flags&0x40 != 0 {
		c.password = p.field()
	}
	switch {
	case p.short:
		return errors.New("CONNECT is truncated")
	case len(p.b) > 0:
		return fmt.Errorf("CONNECT has %d bytes too many", len(p.b))
	case flags&0x01 != 0:
		return errors.New("CONNECT sets the reserved flag")
	case flags&0x40 != 0 && flags&0x80 == 0:
		return errors.New("CONNECT has a password and no user name")
	case c.hasWill && flags&0x18 == 0x18:
		return errors.New("CONNECT has a will of QoS 3")
	case !c.hasWill && flags&0x38 != 0:
		return errors.New("CONNECT has flags of a will and no will")
	}
	return nil
}

// connack is the answer to CONNECT that refuses or accepts, without a session.
func connack(code byte) []byte { return []byte{0x20, 2, 0, code} }

// parser takes the fields of a packet one by one; short tells at the end
// whether one was missing.
type parser struct {
	b     []byte
	short bool
}

func (p *parser) take(n int) []byte {
	if p.short = p.short || n > len(p.b); p.short {
		return make([]byte, n)
	}
	out := p.b[:n]
	p.b = p.b[n:]
	return out
}

func (p *parser) byte() byte     { return p.take(1)[0] }
func (p *parser) uint16() uint16 { return binary.BigEndian.Uint16(p.take(2)) }

// field is a text or a byte string with its length before it.
func (p *parser) field() []byte {
	n := int(p.uint16())
	if p.short || n > len(p.b) {
		p.short = true
		return nil
	}
	return p.take(n)
}
