// SPDX-License-Identifier: EUPL-1.2

package escpos

// A status of Star (line mode command specifications, appendix 2): the first byte is 0xx0xxx1 and
// says in its variable bits how many bytes there are, itself included; all others are 0xx0xxx0.
const (
	leastStar = 7
	mostStar  = 15
)

// star knows the status and the answer to ESC GS ETX, which begins like the question, 1B 1D 03 01
// and two bytes of the host's choice, and ends with a counter and NUL.
func (d *Decoder) star(b byte) (Reply, bool) {
	switch d.inside {
	case starStatus:
		if b&0x91 == 0 {
			d.held = append(d.held, b)
			return d.starDone()
		}
		if b == xon || b == xoff {
			return Flow(b == xoff), true
		}
	case printEnd:
		const head = "\x1b\x1d\x03\x01"
		n := len(d.held)
		switch {
		case n < len(head) && b == head[n], n >= len(head) && n < 7:
			d.held = append(d.held, b)
			return nil, false
		case n == 7 && b == 0:
			d.inside = nothing
			return PrintEnd{N1: d.held[4], N2: d.held[5], Counter: d.held[6]}, true
		}
	}
	d.inside = nothing
	switch {
	case b == xon || b == xoff:
		return Flow(b == xoff), true
	case b == 0x1b:
		return d.begin(printEnd, b)
	case starLength(b) >= leastStar && starLength(b) <= mostStar:
		return d.begin(starStatus, b)
	}
	return Noise(b), true
}

func (d *Decoder) starDone() (Reply, bool) {
	if len(d.held) < starLength(d.held[0]) {
		return nil, false
	}
	d.inside = nothing
	r := Star{Length: len(d.held)}
	copy(r.Bytes[:], d.held)
	return r, true
}

// starLength returns how many bytes the status has that begins with b; 0: none begins so.
func starLength(b byte) int {
	if b&0x91 != 0x01 {
		return 0
	}
	return int(b>>1&0x07 | b>>2&0x18)
}

// Status reads the status.
func (r Star) Status() Status {
	printer, errors, more, paper, mouth := r.Bytes[2], r.Bytes[3], r.Bytes[4], r.Bytes[5], r.Bytes[8]
	s := bit(printer, 0x20, CoverOpen) | bit(printer, 0x08|0x40, Offline) |
		bit(errors, 0x04, Jam) | bit(errors, 0x08, CutterError) | bit(errors, 0x20, BrokenPart) | bit(errors, 0x40, HeadHot) |
		bit(more, 0x40, Overrun) | bit(more, 0x04, Jam) | bit(more, 0x02, CoverOpen) |
		bit(paper, 0x08, PaperEnd) | bit(paper, 0x02|0x04, NearEnd)
	switch mouth >> 1 & 0x07 {
	case 1:
		s |= Moving
	case 3:
		s |= Presented
	}
	return s
}

// Ended returns the 5-bit counter of ETB commands that were reached after the motor had stopped,
// or, where the printer has no counter, 1 if such a command was reached since the last status and
// 0 otherwise.
func (r Star) Ended() (count int, counts bool) {
	if r.Length >= 8 {
		b := r.Bytes[7]
		return int(b>>1&0x07 | b>>2&0x18), true
	}
	return int(r.Bytes[2] >> 1 & 0x01), false
}
