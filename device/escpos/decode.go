// SPDX-License-Identifier: EUPL-1.2

package escpos

const (
	xon  = 0x11
	xoff = 0x13
	// maxBlock is far above every documented answer; a longer one is noise.
	maxBlock = 96
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
	case StatusNone:
	}
	return Noise(b), true
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
	case nothing, full:
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

// custom knows the full status, 10 0F and four bytes that may have any value, and single bytes
// of the paper sensor.
func (d *Decoder) custom(b byte) (Reply, bool) {
	switch {
	case d.inside == full && len(d.held) == 1 && b == 0x10:
		return Noise(b), true
	case d.inside == full && len(d.held) == 1 && b != 0x0f:
		d.inside = nothing
		return Noise(b), true
	case d.inside == full:
		d.held = append(d.held, b)
		if len(d.held) < 6 {
			return nil, false
		}
		d.inside = nothing
		return Full(d.held[2:]), true
	case b == 0x10:
		d.inside = full
		d.held = append(d.held[:0], b)
		return nil, false
	case b == xon || b == xoff:
		return Flow(b == xoff), true
	case b&0x90 == 0:
		return Ordered(b), true
	}
	return Noise(b), true
}
