// SPDX-License-Identifier: EUPL-1.2

package escpos

import "slices"

// MaxLines is how many lines a text of a slip gets at most: a hostile one does not unroll the paper.
const MaxLines = 6

const (
	fontWidth = 12 // dots of a letter of font A
	ellipsis  = "..."
)

// style is how a text is printed.
type style struct {
	wide, high int  // times the ordinary letter
	columns    int  // ordinary letters in a line
	bold       bool // heavier
	reverse    bool // white on black
	small      bool // font B
	fill       bool // in one line, as large as it allows
}

// line prints a text. Nothing of an empty one.
func (e *encoder) line(s string, how style) {
	e.clean(s)
	e.settle(how)
}

// settle prints the text at hand: by the printer's letters if it has them, with a few that are
// defined for the purpose, drawn, or spelled in other letters. In this order.
func (e *encoder) settle(how style) {
	if len(e.text) == 0 {
		return
	}
	if len(e.hard) > 0 && !e.define(how) {
		if e.draw(how) {
			return
		}
		e.spell()
	}
	if how.fill {
		columns := max(1, how.columns)
		e.cut = e.cut || len(e.text) > columns
		e.text = e.text[:min(len(e.text), columns)]
		how.wide = max(1, min(e.w.widest, how.columns/len(e.text)))
		how.high = how.wide
	}
	e.begin(how)
	e.wrap(how)
	e.end(how)
}

func (e *encoder) begin(how style) {
	if how.bold {
		e.raw(e.w.boldOn)
	}
	if how.reverse {
		e.raw(e.w.reverseOn)
	}
	if how.small {
		e.raw(e.w.smallOn)
	}
	if how.wide > 1 || how.high > 1 {
		e.size(how.wide, how.high)
	}
}

func (e *encoder) end(how style) {
	if how.wide > 1 || how.high > 1 {
		e.size(1, 1)
	}
	if how.small {
		e.raw(e.w.smallOff)
	}
	if how.reverse {
		e.raw(e.w.reverseOff)
	}
	if how.bold {
		e.raw(e.w.boldOff)
	}
}

// wrap prints the text at hand as lines that break at blanks, or inside words that are longer
// than a line.
func (e *encoder) wrap(how style) {
	columns := max(1, how.columns/how.wide)
	rest := e.text
	for n := 1; len(rest) > 0; n++ {
		if len(rest) <= columns {
			e.emit(rest)
			e.feed()
			return
		}
		if n == MaxLines {
			e.cut = true
			e.emit(rest[:max(0, columns-len(ellipsis))])
			e.raw(ellipsis)
			e.feed()
			return
		}
		end, next := columns, columns
		for i := columns; i > 0; i-- {
			if rest[i] == ' ' {
				end, next = i, i+1
				break
			}
		}
		e.emit(rest[:end])
		e.feed()
		rest = rest[next:]
	}
}

// emit writes clean text, changing the page where a letter needs it.
func (e *encoder) emit(text []rune) {
	own := false // whether defined letters are on
	for _, r := range text {
		code := slices.Index(e.glyphs, r)
		if own != (code >= 0) {
			own = !own
			e.ownLetters(own)
		}
		switch {
		case own:
			e.out = append(e.out, firstGlyph+byte(code))
		case r < 0x80:
			e.out = append(e.out, byte(r))
		default:
			e.letterByte(r)
		}
	}
	if own {
		e.ownLetters(false)
	}
}

// letterByte writes a letter that some page has.
func (e *encoder) letterByte(r rune) {
	b, ok := e.p.Pages[e.page].encode(r)
	if !ok {
		var index int
		if index, ok = e.p.find(r); !ok {
			e.out = append(e.out, substitute)
			return
		}
		e.selectPage(index)
		b, _ = e.p.Pages[index].encode(r)
	}
	e.out = append(e.out, b)
}
