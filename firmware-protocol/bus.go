// SPDX-License-Identifier: EUPL-1.2

package fwproto

import "slices"

// Limits and addresses of the bus (SPEC 8).
const (
	// BusPayload is the greatest length of a payload on a bus, of state too.
	BusPayload = 256
	// BusEveryone is the address to which the host speaks to all devices.
	BusEveryone = 0
	// BusAnswer is set in the address of what a device sends.
	BusAnswer = 0x80
	// busOverhead is the address and the CRC.
	busOverhead = 3
)

// BusFrame is one frame on an RS-485 bus (SPEC 8.2).
type BusFrame struct {
	Address byte   // of the device, 1 to 127, or BusEveryone; with BusAnswer: from the device
	Payload []byte // a message, or nothing
}

// Append appends the frame as it goes onto the line, with the zero before and
// behind it. The error is an [*Error] of class [TooLong].
func (f BusFrame) Append(line []byte) ([]byte, error) {
	if len(f.Payload) > BusPayload {
		return line, fail(TooLong, "%d bytes, at most %d on a bus", len(f.Payload), BusPayload)
	}
	raw := append([]byte{f.Address}, f.Payload...)
	crc := CRC16(raw)
	return append(stuff(append(line, 0), append(raw, byte(crc>>8), byte(crc))), 0), nil
}

// stuff appends raw without its zeros: consistent overhead byte stuffing (SPEC
// 8.3).
func stuff(line, raw []byte) []byte {
	code := len(line)
	line = append(line, 1)
	for _, c := range raw {
		if line[code] == 0xff {
			code = len(line)
			line = append(line, 1)
		}
		if c == 0 {
			code = len(line)
			line = append(line, 1)
			continue
		}
		line = append(line, c)
		line[code]++
	}
	return line
}

// CRC16 is the CRC-16 with polynomial 0x1021 that begins with 0xffff; of
// "123456789" it is 0x29b1 (SPEC 8.4).
func CRC16(b []byte) uint16 {
	crc := uint16(0xffff)
	for _, c := range b {
		crc ^= uint16(c) << 8
		for range 8 {
			carry := crc&0x8000 != 0
			crc <<= 1
			if carry {
				crc ^= 0x1021
			}
		}
	}
	return crc
}

// BusReader finds the frames in what comes from a line, byte by byte. The zero
// value is at the beginning of a line. It is not safe for concurrent use.
type BusReader struct {
	raw   [BusPayload + busOverhead]byte
	n     int  // bytes unstuffed so far; more than raw holds: too many
	begun bool // a byte of the frame has been read
	left  byte // bytes that the block still has
	full  bool // no zero stands behind the block
}

// Read takes one byte. When it ends a frame, done is true and either the frame is
// good, or the error is an [*Error] that says why it was dropped: [TooLong],
// [BadStuffing], [Truncated] or [BadCRC], the first that applies. The frame's
// payload is a copy.
func (r *BusReader) Read(c byte) (f BusFrame, done bool, err error) {
	if c == 0 {
		if !r.begun {
			return BusFrame{}, false, nil
		}
		f, err = r.end()
		r.begun, r.n = false, 0
		return f, true, err
	}
	switch {
	case !r.begun, r.left == 0:
		if r.begun && !r.full {
			r.put(0)
		}
		r.begun, r.left, r.full = true, c-1, c == 0xff
	default:
		r.put(c)
		r.left--
	}
	return BusFrame{}, false, nil
}

func (r *BusReader) put(c byte) {
	if r.n < len(r.raw) {
		r.raw[r.n] = c
	}
	r.n = min(r.n+1, len(r.raw)+1)
}

func (r *BusReader) end() (BusFrame, error) {
	switch {
	case r.n > len(r.raw):
		return BusFrame{}, fail(TooLong, "a frame with a payload of more than %d bytes", BusPayload)
	case r.left > 0:
		return BusFrame{}, fail(BadStuffing, "a frame ends %d bytes early", r.left)
	case r.n < busOverhead:
		return BusFrame{}, fail(Truncated, "a frame of %d bytes", r.n)
	case CRC16(r.raw[:r.n]) != 0:
		return BusFrame{}, fail(BadCRC, "a frame of %d bytes", r.n)
	}
	return BusFrame{Address: r.raw[0], Payload: slices.Clone(r.raw[1 : r.n-2])}, nil
}
