// SPDX-License-Identifier: EUPL-1.2

package panel

import (
	"fmt"
	"strings"
)

// Glyphs are the characters that a panel can tell apart.
type Glyphs string

// The sets. Each has the blank.
const (
	GlyphsDigits   Glyphs = "digits"     // 0-9
	GlyphsSigned   Glyphs = "signed"     // 0-9 and the dash
	GlyphsSeven    Glyphs = "7-segment"  // 0-9, the dash, and those of A-Z that no digit looks like
	GlyphsFourteen Glyphs = "14-segment" // 0-9, the dash, A-Z
	GlyphsText     Glyphs = "text"       // 0-9, the dash, A-Z, each as it is printed
)

func (g Glyphs) has(r rune) bool {
	switch g {
	case GlyphsDigits:
		return r == ' ' || '0' <= r && r <= '9'
	case GlyphsSigned:
		return r == ' ' || r == '-' || '0' <= r && r <= '9'
	case GlyphsSeven:
		_, ok := seven(r)
		return ok
	case GlyphsFourteen:
		_, ok := fourteen(r)
		return ok
	case GlyphsText:
		return r == ' ' || r == '-' || '0' <= r && r <= '9' || 'A' <= r && r <= 'Z'
	}
	return false
}

// Face is how a panel shows a number.
type Face struct {
	Glyphs Glyphs
	Places int // characters, at least 1
	// DropPrefix shows numbers without the letters that they begin with: "A012" as "012". For
	// panels that have no letters, in offices where the hall knows which series is meant.
	DropPrefix bool
	// Dashes marks a panel that is not sure with dashes; otherwise it is blank. Glyphs without a
	// dash stay blank.
	Dashes bool
}

func (f Face) validate() error {
	if f.Places < 1 || f.Places > 16 {
		return fmt.Errorf("%d places: a panel has 1 to 16", f.Places)
	}
	if !f.Glyphs.has('0') {
		return fmt.Errorf("glyphs %q: not a known set", f.Glyphs)
	}
	return nil
}

// Fit returns the text that shows a number, to the right, in exactly as many characters as the
// face has places; of "" all blank. The error says why the number cannot be shown as it is
// printed: it is too long, or has a character that the panel lacks. It is never cut, and a letter
// that would look like a digit is not shown as one: citizens would go to the wrong counter.
func (f Face) Fit(number string) (string, error) {
	text := number
	if f.DropPrefix {
		text = strings.TrimLeftFunc(number, func(r rune) bool { return r < '0' || r > '9' })
		if text == "" && number != "" {
			return "", fmt.Errorf("%q has no digit to show", number)
		}
	}
	n := 0
	for _, r := range text {
		if n++; !f.Glyphs.has(r) {
			return "", fmt.Errorf("%q has %q, which a panel with %s glyphs cannot show", number, r, f.Glyphs)
		}
	}
	if n > f.Places {
		return "", fmt.Errorf("%q has %d characters to show on %d places", number, n, f.Places)
	}
	return strings.Repeat(" ", f.Places-n) + text, nil
}

// mark is what the face shows when nothing is sure.
func (f Face) mark() string {
	if f.Dashes && f.Glyphs.has('-') {
		return strings.Repeat("-", f.Places)
	}
	return strings.Repeat(" ", f.Places)
}

func blank(text string) bool { return strings.Trim(text, " ") == "" }
