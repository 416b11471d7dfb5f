// SPDX-License-Identifier: EUPL-1.2

package rs485

import (
	"fmt"
	"strconv"
)

// board hears packets of four bytes, parted by silence: identity, number high, number low, and the
// low byte of the sum of these. 05 03 E7 EF makes board 5 show 999. It says nothing.
type board struct {
	id     byte
	packet []byte
}

func (b *board) hear(c byte) heard {
	if len(b.packet) < 64 {
		b.packet = append(b.packet, c)
	}
	return heard{}
}

func (b *board) quiet() heard {
	p := b.packet
	b.packet = nil
	switch {
	case len(p) == 0:
		return heard{}
	case len(p) != 4:
		return heard{complaint: fmt.Sprintf("a packet of %d bytes", len(p))}
	case p[0]+p[1]+p[2] != p[3]:
		return heard{complaint: fmt.Sprintf("packet % X has a wrong sum", p)}
	case p[0] != b.id:
		return heard{}
	}
	text := strconv.Itoa(int(p[1])<<8 + int(p[2]))
	if len(text) > 4 {
		return heard{complaint: text + " on four digits"}
	}
	return heard{show: &text, frame: true}
}
