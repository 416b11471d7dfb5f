// SPDX-License-Identifier: EUPL-1.2

package escpos

import (
	"slices"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/bidi"
	"golang.org/x/text/unicode/norm"
)

// substitute stands for a letter that cannot be printed. It is no question mark: a printer
// prints those for damaged bytes.
const substitute = '_'

// clean makes text printable, one column a rune, and keeps it in e.text: composed (NFC),
// control characters and blanks become single blanks, invisible marks vanish, typographic
// signs become ASCII, and what no page has becomes its nearest kin. Letters without any stay,
// and stand in e.hard.
func (e *encoder) clean(s string) {
	e.text, e.hard = e.text[:0], e.hard[:0]
	if !norm.NFC.IsNormalString(s) {
		s = norm.NFC.String(s)
	}
	blank := false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r) || unicode.IsControl(r):
			blank = len(e.text) > 0
			continue
		case unicode.Is(unicode.Cf, r):
			continue
		}
		if blank {
			e.text = append(e.text, ' ')
			blank = false
		}
		e.letter(r)
	}
}

// letter appends a visible rune or what is printed for it.
func (e *encoder) letter(r rune) {
	if r < utf8.RuneSelf {
		e.text = append(e.text, r)
		return
	}
	if ascii := typographic(r); ascii != "" {
		e.ascii(ascii)
		return
	}
	if r == utf8.RuneError || mirrored(r) { // damaged text, or one that nobody could read
		e.text = append(e.text, substitute)
		e.lost = append(e.lost, r)
		return
	}
	if e.keep(r) || e.keep(cedilla(r)) || unicode.Is(unicode.Mn, r) {
		return
	}
	if ascii := kin(r); ascii != "" {
		e.ascii(ascii)
		return
	}
	if e.decomposed(r) {
		return
	}
	e.text = append(e.text, r)
	if !slices.Contains(e.hard, r) {
		e.hard = append(e.hard, r)
	}
}

// mirrored reports whether a letter is written from right to left. A printer sets what it gets from
// left to right, whatever its pages have.
func mirrored(r rune) bool {
	p, _ := bidi.LookupRune(r)
	c := p.Class()
	return c == bidi.R || c == bidi.AL || c == bidi.AN
}

// spell replaces the letters at hand that no page has by those that sound like them.
func (e *encoder) spell() {
	hard := slices.Clone(e.text)
	e.text = e.text[:0]
	for i, r := range hard {
		if !slices.Contains(e.hard, r) {
			e.text = append(e.text, r)
			continue
		}
		sound, ok := sounds(hard, i)
		if !ok {
			e.text = append(e.text, substitute)
			e.lost = append(e.lost, r)
			continue
		}
		e.ascii(sound)
	}
}

// keep appends r if a page has it.
func (e *encoder) keep(r rune) bool {
	_, ok := e.p.find(r)
	if ok {
		e.text = append(e.text, r)
	}
	return ok
}

func (e *encoder) ascii(s string) {
	for _, r := range s {
		e.text = append(e.text, r)
	}
}

// decomposed appends the parts of r that stand for it, without marks: o for ő, fi for the
// ligature. False: a part cannot be printed either, nothing was appended.
func (e *encoder) decomposed(r rune) bool {
	var whole [utf8.UTFMax]byte
	var parts [128]byte
	start := len(e.text)
	rest := norm.NFKD.Append(parts[:0], whole[:utf8.EncodeRune(whole[:], r)]...)
	for len(rest) > 0 {
		part, size := utf8.DecodeRune(rest)
		rest = rest[size:]
		switch {
		case unicode.Is(unicode.Mn, part):
		case part >= ' ' && part < 0x7f:
			e.text = append(e.text, part)
		case part == r || !e.keep(part):
			e.text = e.text[:start]
			return false
		}
	}
	return len(e.text) > start
}

// find returns the first page that has r, the selected one of a job or not.
func (p *Profile) find(r rune) (index int, ok bool) {
	for i := range p.Pages {
		if _, ok := p.Pages[i].encode(r); ok {
			return i, true
		}
	}
	return 0, false
}

// encode returns the byte of a letter above ASCII.
func (p *Page) encode(r rune) (byte, bool) {
	if r < 0x80 || r == utf8.RuneError {
		return 0, false
	}
	b, ok := p.Table.EncodeRune(r)
	return b, ok && b >= 0x80
}
