// SPDX-License-Identifier: EUPL-1.2

package qr

import (
	"errors"
	"fmt"

	"rsc.io/qr/coding"
)

// Level is how much of a symbol may be damaged. The zero value is L.
type Level int

// The levels of error correction, by how much of the symbol each can lose.
const (
	L Level = Level(coding.L) // 7 %
	M Level = Level(coding.M) // 15 %
	Q Level = Level(coding.Q) // 25 %
	H Level = Level(coding.H) // 30 %
)

// masks is how many masks there are (table 10).
const masks = 8

// Symbol is a QR symbol without the quiet zone that belongs around it: four modules.
type Symbol struct {
	Side int // in modules, 21 to 177
	dark []bool
}

// New returns the smallest symbol of a text, of its masks the one with the lowest penalty
// (7.8.3): a reader finds its way in it most easily. An error: the text is empty, or fits no symbol
// of that level.
func New(text string, level Level) (*Symbol, error) {
	if text == "" {
		return nil, errors.New("qr: no text")
	}
	content := encoding(text)
	version, err := smallest(content, coding.Level(level))
	if err != nil {
		return nil, err
	}
	var best *Symbol
	least := 0
	for mask := range coding.Mask(masks) {
		s, err := masked(content, version, coding.Level(level), mask)
		if err != nil {
			return nil, err
		}
		if p := s.penalty(); best == nil || p < least {
			best, least = s, p
		}
	}
	return best, nil
}

// Dark reports whether a module is dark; none outside of the symbol is.
func (s *Symbol) Dark(x, y int) bool {
	return 0 <= x && x < s.Side && 0 <= y && y < s.Side && s.dark[y*s.Side+x]
}

// encoding returns the text in the mode that needs the fewest bits for the whole of it.
func encoding(text string) coding.Encoding {
	if n := coding.Num(text); n.Check() == nil {
		return n
	}
	if a := coding.Alpha(text); a.Check() == nil {
		return a
	}
	return coding.String(text)
}

func smallest(content coding.Encoding, level coding.Level) (coding.Version, error) {
	if level < coding.L || level > coding.H {
		return 0, fmt.Errorf("qr: level %d is not known", int(level))
	}
	for v := coding.Version(coding.MinVersion); v <= coding.MaxVersion; v++ {
		if content.Bits(v) <= v.DataBytes(level)*8 {
			return v, nil
		}
	}
	return 0, errors.New("qr: the text is too long")
}

func masked(content coding.Encoding, v coding.Version, l coding.Level, m coding.Mask) (*Symbol, error) {
	plan, err := coding.NewPlan(v, l, m)
	if err != nil {
		return nil, fmt.Errorf("qr: %w", err)
	}
	code, err := plan.Encode(content)
	if err != nil {
		return nil, fmt.Errorf("qr: %w", err)
	}
	s := &Symbol{Side: code.Size, dark: make([]bool, code.Size*code.Size)}
	for i := range s.dark {
		s.dark[i] = code.Black(i%s.Side, i/s.Side)
	}
	return s, nil
}
