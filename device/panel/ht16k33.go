// SPDX-License-Identifier: EUPL-1.2

package panel

import (
	"context"
	"fmt"
	"slices"

	"periph.io/x/conn/v3/i2c"
)

// The commands of an HT16K33 (data sheet revision 1.20, command summary). Data begins at address 0.
const (
	htOscillator = 0x21 // on
	htOff        = 0x80
	htOn         = 0x81 // without blinking
	htDimming    = 0xe0 // and 0 to 15
	htRAM        = 0x00
)

// HT16K33Panel says how a chip is wired to its digits.
type HT16K33Panel struct {
	Address uint16 // 0x70 to 0x77
	// Fourteen: digits of 14 segments; otherwise of 7.
	Fourteen bool
	// Columns are the chip's common lines, 0 to 7, of the digits from left to right. The usual
	// clock-like board of four 7-segment digits has 0, 1, 3, 4; that of 14 segments 0, 1, 2, 3.
	Columns []int
}

// HT16K33Options say what hangs on an I²C bus.
type HT16K33Options struct {
	Panels     []HT16K33Panel
	Brightness int // 0 to 15
}

// deafAfter failures in a row it may be the bus and not the chips: it is opened anew.
const deafAfter = 8

type ht16k33 struct {
	bus    i2c.BusCloser
	o      HT16K33Options
	failed int // in a row
}

// NewHT16K33 drives panels with one chip each on a bus. Closing the wire closes the bus; the error
// closes nothing.
//
// A chip that is there acknowledges each byte; one that does not is [ErrNoAnswer]. What it lights is
// not known all the same. Each Put sets up all that the chip may have forgotten, the contents
// before the light.
func NewHT16K33(bus i2c.BusCloser, o HT16K33Options) (Wire, error) {
	if err := validBrightness(o.Brightness); err != nil {
		return nil, fmt.Errorf("HT16K33: %w", err)
	}
	chips := map[uint16]bool{}
	for _, p := range o.Panels {
		if p.Address < 0x70 || p.Address > 0x77 {
			return nil, fmt.Errorf("HT16K33: address %#x: a chip has 0x70 to 0x77", p.Address)
		}
		if chips[p.Address] {
			return nil, fmt.Errorf("HT16K33: address %#x stands twice", p.Address)
		}
		chips[p.Address] = true
		for i, c := range p.Columns {
			if c < 0 || c > 7 {
				return nil, fmt.Errorf("HT16K33 at %#x: column %d: a chip has 0 to 7", p.Address, c)
			}
			if slices.Contains(p.Columns[:i], c) {
				return nil, fmt.Errorf("HT16K33 at %#x: column %d stands twice", p.Address, c)
			}
		}
	}
	return &ht16k33{bus: bus, o: o}, nil
}

// Put implements [Wire].
func (h *ht16k33) Put(ctx context.Context, i int, text string) (bool, error) {
	p := h.o.Panels[i]
	light := byte(htOn)
	if blank(text) {
		light = htOff
	}
	ram, err := p.ram(text)
	if err != nil {
		return false, fmt.Errorf("HT16K33 at %#x on %s: %w", p.Address, h.bus, err)
	}
	for _, w := range [][]byte{{htOscillator}, ram, {htDimming | byte(h.o.Brightness)}, {light}} {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		if err := h.bus.Tx(p.Address, w, nil); err != nil {
			if h.failed++; h.failed >= deafAfter {
				return false, fmt.Errorf("HT16K33 on %s: %w", h.bus, err)
			}
			return false, fmt.Errorf("%w: HT16K33 at %#x on %s: %w", ErrNoAnswer, p.Address, h.bus, err)
		}
	}
	h.failed = 0
	return false, nil
}

// ram is the write of the whole display memory: two bytes a column, low byte first.
func (p HT16K33Panel) ram(text string) ([]byte, error) {
	if len(text) != len(p.Columns) {
		return nil, fmt.Errorf("%q for %d digits", text, len(p.Columns))
	}
	out := make([]byte, 1+16)
	out[0] = htRAM
	for i, column := range p.Columns {
		segments, ok := p.segments(rune(text[i]))
		if !ok {
			return nil, fmt.Errorf("no segments for %q", text[i])
		}
		out[1+2*column], out[2+2*column] = byte(segments), byte(segments>>8)
	}
	return out, nil
}

func (p HT16K33Panel) segments(r rune) (uint16, bool) {
	if p.Fourteen {
		return fourteen(r)
	}
	s, ok := seven(r)
	return uint16(s), ok
}

// Close implements [Wire].
func (h *ht16k33) Close() error { return h.bus.Close() }
