// SPDX-License-Identifier: EUPL-1.2

package panel

import (
	"context"
	"fmt"
	"io"

	"periph.io/x/conn/v3/physic"
	"periph.io/x/conn/v3/spi"
)

// The registers of a MAX7219 (data sheet 19-4452, table 2); those of the digits are 1 to 8.
const (
	maxNoOp      = 0x00
	maxDecode    = 0x09
	maxIntensity = 0x0a
	maxScanLimit = 0x0b
	maxShutdown  = 0x0c
	maxTest      = 0x0f
)

// MAX7219Options say what hangs on an SPI port.
type MAX7219Options struct {
	// Places are the digits of each chip, 1 to 8, the chip next to the board first. One chip is
	// one panel; its digit 0 is the rightmost.
	Places []int
	// Brightness is 0 to 15.
	Brightness int
}

type max7219 struct {
	conn  spi.Conn
	close io.Closer
	o     MAX7219Options
}

// NewMAX7219 drives a chain of chips with 7-segment digits. It speaks at 1 MHz, a tenth of what the
// chip can do, for the sake of long cables. Closing the wire closes the port; the error closes
// nothing.
//
// The chip cannot be read. Each Put therefore sets up all of its registers, in an order that shows
// nothing false on a chip that has just lost them: the digits first, the end of the shutdown last.
func NewMAX7219(port spi.PortCloser, o MAX7219Options) (Wire, error) {
	for _, n := range o.Places {
		if n < 1 || n > 8 {
			return nil, fmt.Errorf("MAX7219: %d digits: a chip has 1 to 8", n)
		}
	}
	if err := validBrightness(o.Brightness); err != nil {
		return nil, fmt.Errorf("MAX7219: %w", err)
	}
	conn, err := port.Connect(physic.MegaHertz, spi.Mode0, 8)
	if err != nil {
		return nil, fmt.Errorf("MAX7219 on %s: %w", port, err)
	}
	return &max7219{conn: conn, close: port, o: o}, nil
}

// Put implements [Wire].
func (m *max7219) Put(ctx context.Context, i int, text string) (bool, error) {
	frame := make([]byte, 2*len(m.o.Places)) // zeroes are no-ops; the first word goes to the last chip
	word := frame[2*(len(m.o.Places)-1-i):]
	words, err := m.words(i, text)
	if err != nil {
		return false, fmt.Errorf("MAX7219 on %s: %w", m.conn, err)
	}
	for _, w := range words {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		word[0], word[1] = w[0], w[1]
		if err := m.conn.Tx(frame, nil); err != nil {
			return false, fmt.Errorf("MAX7219 on %s: %w", m.conn, err)
		}
	}
	return false, nil
}

// words are the registers of chip i, in the order of writing, and their values.
func (m *max7219) words(i int, text string) ([][2]byte, error) {
	places := m.o.Places[i]
	if len(text) != places {
		return nil, fmt.Errorf("%q for %d digits", text, places)
	}
	on := byte(1)
	if blank(text) {
		on = 0
	}
	words := [][2]byte{
		{maxTest, 0},
		{maxDecode, 0},
		// Fewer than four digits at a time would be lit too long (data sheet, table 9).
		{maxScanLimit, byte(max(places, 4) - 1)},
		{maxIntensity, byte(m.o.Brightness)},
	}
	for digit := range 8 {
		var segments byte
		if digit < places {
			r := rune(text[places-1-digit])
			s, ok := seven(r)
			if !ok {
				return nil, fmt.Errorf("no segments for %q", r)
			}
			segments = s
		}
		words = append(words, [2]byte{byte(digit + 1), maxSegments(segments)})
	}
	return append(words, [2]byte{maxShutdown, on}), nil
}

// maxSegments brings segments into the chip's order: A to G are bits 6 to 0 (table 6).
func maxSegments(s byte) byte {
	var out byte
	for bit := range 7 {
		if s&(1<<bit) != 0 {
			out |= 1 << (6 - bit)
		}
	}
	return out
}

// Close implements [Wire].
func (m *max7219) Close() error { return m.close.Close() }

func validBrightness(b int) error {
	if b < 0 || b > 15 {
		return fmt.Errorf("brightness %d: use 0 to 15", b)
	}
	return nil
}
