// SPDX-License-Identifier: EUPL-1.2

package escpos

// A job's end of Nippon is FF 13, four bytes of name, a result and three spare bytes.
const doneLength = 10

// nippon knows the report of a job's end and the status byte, which may have any other value: as
// flow control these printers use wires. FF is not a status, for no printer is in all troubles at
// once.
func (d *Decoder) nippon(b byte) (Reply, bool) {
	if d.inside == jobEnd {
		switch {
		case len(d.held) == 1 && b == 0xff:
			return Noise(b), true
		case len(d.held) == 1 && b != 0x13:
			d.inside = nothing
			return Noise(b), true
		}
		d.held = append(d.held, b)
		if len(d.held) < doneLength {
			return nil, false
		}
		d.inside = nothing
		return Done{ID: string(d.held[2:6]), Result: d.held[6]}, true
	}
	if b == 0xff {
		return d.begin(jobEnd, b)
	}
	return Nippon(b), true
}

// Status reads the status byte.
func (b Nippon) Status() Status {
	return bit(byte(b), 0x01, NearEnd) | bit(byte(b), 0x02, CoverOpen) | bit(byte(b), 0x04, PaperEnd) |
		bit(byte(b), 0x08|0x40, Jam) | bit(byte(b), 0x10, CutterError) | bit(byte(b), 0x20, Offline) |
		bit(byte(b), 0x80, Moving)
}

// Status says what kept the job from ending well; the manual gives the result no table, and it is
// read like the status. None that stops: the job is on paper.
func (r Done) Status() Status { return Nippon(r.Result).Status() &^ Moving }
