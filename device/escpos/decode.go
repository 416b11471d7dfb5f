// SPDX-License-Identifier: EUPL-1.2

package escpos

import (
	"bytes"
	"strconv"
)

const (
	xon  = 0x11
	xoff = 0x13
	// maxBlock is far above every documented answer; a longer one is noise.
	maxBlock = 96
	// maxCounter is that of a counter: ten digits, a blank, and "cuts".
	maxCounter = 16
)

// Decoder reads what a printer sends back. It takes any bytes, holds less than a hundred of
// them, and finds its way back into the stream after noise. Make one by [Profile.Decoder] for
// each opened port. It is not safe for concurrent use.
type Decoder struct {
	dialect StatusDialect
	inside  inside
	held    []byte // of the answer that has begun
}

// inside is which answer of several bytes a decoder is in.
type inside int

const (
	nothing inside = iota
	auto
	block
	full
	inCounter
	starStatus
	printEnd
	jobEnd
)

// Decoder returns a decoder for the profile's dialect.
func (p Profile) Decoder() *Decoder {
	return &Decoder{dialect: p.Status, held: make([]byte, 0, maxBlock)}
}

// Feed takes the next byte. True: it completed a reply.
func (d *Decoder) Feed(b byte) (Reply, bool) {
	switch d.dialect {
	case StatusEpson:
		return d.epson(b)
	case StatusCustom:
		return d.custom(b)
	case StatusLenient:
		if b == xon || b == xoff {
			return Flow(b == xoff), true
		}
		return Single(b), true
	case StatusStar:
		return d.star(b)
	case StatusNippon:
		return d.nippon(b)
	case StatusNone:
	}
	return Noise(b), true
}

// begin starts an answer of several bytes.
func (d *Decoder) begin(what inside, b byte) (Reply, bool) {
	d.inside = what
	d.held = append(d.held[:0], b)
	return nil, false
}

// epson tells answers apart as Epson's own table does: a byte of DLE EOT is 0xx1xx10, the
// automatic status is 0xx1xx00 and three of 0xx0xxxx, a byte of GS r is 0xx0xxxx, blocks begin
// with one of five headers and end with NUL. XON and XOFF may stand inside of all of them.
func (d *Decoder) epson(b byte) (Reply, bool) {
	if b == xon || b == xoff {
		return Flow(b == xoff), true
	}
	switch d.inside {
	case block:
		return d.more(b)
	case auto:
		if b&0x90 == 0 {
			d.held = append(d.held, b)
			if len(d.held) < 4 {
				return nil, false
			}
			d.inside = nothing
			return Auto(d.held), true
		}
		if b&0x93 == 0x12 {
			return RealTime(b), true
		}
	}
	return d.first(b)
}

// first takes the first byte of an answer.
func (d *Decoder) first(b byte) (Reply, bool) {
	d.inside = nothing
	d.held = append(d.held[:0], b)
	switch {
	case b == 0x37 || b == 0x3b || b == 0x3d || b == 0x35 || b == 0x5f:
		d.inside = block
		return nil, false
	case b&0x93 == 0x10:
		d.inside = auto
		return nil, false
	case b&0x93 == 0x12:
		return RealTime(b), true
	case b&0x90 == 0:
		return Ordered(b), true
	}
	return Noise(b), true
}

// more takes a byte of a block. No documented answer holds control characters: one of them is
// the begin of another answer.
func (d *Decoder) more(b byte) (Reply, bool) {
	if b == 0 {
		d.inside = nothing
		return blockReply(d.held[0], d.held[1:]), true
	}
	if b < 0x20 {
		return d.first(b)
	}
	d.held = append(d.held, b)
	if len(d.held) == maxBlock {
		d.inside = nothing
		return Noise(b), true
	}
	return nil, false
}

func blockReply(header byte, data []byte) Reply {
	if header == 0x37 && len(data) > 0 {
		switch {
		case data[0] == 0x22 && len(data) == 5:
			return Process(data[1:])
		case data[0] == 0x25 && len(data) == 1:
			return Cleared{}
		}
	}
	return Block{Header: header, Data: string(data)}
}

// custom knows the full status, 10 0F and four bytes that may have any value, single bytes of the
// paper sensor, and counters. The unasked status (GS E0 0F) looks like the full one; one with
// fewer or more bytes does not belong to any profile and is noise.
func (d *Decoder) custom(b byte) (Reply, bool) {
	switch d.inside {
	case full:
		return d.customFull(b)
	case inCounter:
		if r, ok, taken := d.customCounter(b); taken {
			return r, ok
		}
		d.inside = nothing
	}
	switch {
	case b == 0x10:
		return d.begin(full, b)
	case b == xon || b == xoff:
		return Flow(b == xoff), true
	case b >= '0' && b <= '9':
		return d.begin(inCounter, b)
	case b&0x90 == 0:
		return Ordered(b), true
	}
	return Noise(b), true
}

func (d *Decoder) customFull(b byte) (Reply, bool) {
	switch {
	case len(d.held) == 1 && b == 0x10:
		return Noise(b), true
	case len(d.held) == 1 && b != 0x0f:
		d.inside = nothing
		return Noise(b), true
	}
	d.held = append(d.held, b)
	if len(d.held) < 6 {
		return nil, false
	}
	d.inside = nothing
	return Full(d.held[2:]), true
}

// customCounter takes a byte of a counter: "2376 cuts", "251550cm". It has no end of its own: the
// unit is. A byte that belongs to none is not taken.
func (d *Decoder) customCounter(b byte) (r Reply, ok, taken bool) {
	switch {
	case b >= '0' && b <= '9' || b == ' ' || b >= 'a' && b <= 'z':
	default:
		return nil, false, false
	}
	if len(d.held) == maxCounter {
		return nil, false, false
	}
	d.held = append(d.held, b)
	digits := bytes.IndexFunc(d.held, func(r rune) bool { return r < '0' || r > '9' })
	if digits < 0 {
		return nil, false, true
	}
	unit := string(bytes.TrimLeft(d.held[digits:], " "))
	switch unit {
	case "cuts", "cm", "ret", "on":
		d.inside = nothing
		value, err := strconv.Atoi(string(d.held[:digits]))
		if err != nil {
			return Noise(b), true, true
		}
		return Counter{Value: value, Unit: unit}, true, true
	}
	return nil, false, true
}
