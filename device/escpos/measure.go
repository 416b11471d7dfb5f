// SPDX-License-Identifier: EUPL-1.2

package escpos

import "bytes"

const (
	lineGap     = 6   // dots between two lines, besides the letters' 24
	symbolDots  = 250 // of a QR symbol that the printer draws, about
	bladeMargin = 15  // mm from the head to the blade, about
)

// Measure estimates how many millimetres of paper each of the pieces of a job moves
// ([Profile.Pieces]), and the whole job with its cut.
func (p Profile) Measure(pieces [][]byte) (each []int, whole int) {
	m := measure{star: p.Language == LanguageStar, high: 1}
	perMM := max(1, p.DotsPerMM)
	for _, piece := range pieces {
		before := m.dots
		for len(piece) > 0 {
			piece = piece[min(m.command(piece), len(piece)):]
		}
		each = append(each, (m.dots-before+perMM-1)/perMM)
	}
	return each, max(m.dots/perMM+bladeMargin, p.Shortest)
}

type measure struct {
	star bool
	high int // of the letters
	dots int
}

// command takes the first command and returns its length. It knows those that move paper, change the
// height of a line, or carry data; of the others the bytes count for nothing.
func (m *measure) command(b []byte) int {
	at := func(i int) int {
		if i < len(b) {
			return int(b[i])
		}
		return 0
	}
	if b[0] == '\n' {
		m.dots += 24*m.high + lineGap
		return 1
	}
	if m.star {
		switch {
		case starts(b, 0x1b, 'i'):
			m.high = at(2)%8 + 1
			return 4
		case starts(b, 0x1b, 'k'):
			m.dots += lineRows
			return 4 + lineRows*(at(2)+at(3)<<8)
		case starts(b, 0x1b, 0x1d, 'y', 'P'):
			m.dots += symbolDots
			return 4
		case starts(b, 0x1b, 0x1d, 'y', 'D'):
			return 8 + at(6) + at(7)<<8
		}
		return 1
	}
	switch {
	case starts(b, 0x1d, '!'):
		m.high = at(2)%8 + 1
		return 3
	case starts(b, 0x1d, 'v', '0'):
		rows := at(6) + at(7)<<8
		m.dots += rows * (1 + at(3)>>1&1)
		return 8 + rows*(at(4)+at(5)<<8)
	case starts(b, 0x1b, 'b'):
		rows := at(3) + at(4)<<8
		m.dots += rows
		return 5 + rows*at(2)
	case starts(b, 0x1d, '(', 'k'):
		if at(6) == 'Q' {
			m.dots += symbolDots
		}
		return 5 + at(3) + at(4)<<8
	case starts(b, 0x1b, 'J'):
		m.dots += at(2)
		return 3
	case starts(b, 0x1b, 'd'):
		m.dots += at(2) * (24 + lineGap)
		return 3
	}
	return 1
}

func starts(b []byte, with ...byte) bool { return bytes.HasPrefix(b, with) }
