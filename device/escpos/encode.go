// SPDX-License-Identifier: EUPL-1.2

package escpos

import (
	"slices"

	"github.com/avanti-queue/avanti/device"
)

const (
	fontWidth = 12 // dots of a character of font A
	maxLines  = 6  // of one text: a hostile one does not unroll the paper
)

// Encode returns the bytes of a job, from initialisation to the question that confirms it. The
// job is expected to be valid; of an invalid one the bytes are well-formed all the same.
//
// A letter that the printer has not is printed as another one or as '_', see [Profile.Unprintable].
func (p Profile) Encode(j device.Job) []byte {
	e := p.encode(j)
	return e.out
}

// Unprintable returns the letters of the slip that the printer has in no page and that have no
// usual substitute: Encode prints '_' for them. Nil: none.
func (p Profile) Unprintable(j device.Job) []rune {
	e := p.encode(j)
	slices.Sort(e.lost)
	return slices.Compact(e.lost)
}

// Resync returns bytes that bring a printer in an unknown state to the start of a line: NULs
// that an interrupted command may swallow, as many as the longest command of a job has bytes,
// then initialisation.
func (p Profile) Resync() []byte {
	out := make([]byte, 9+maxQR, 9+maxQR+8)
	return append(out, initialise...)
}

// Sever returns bytes that cut off what an interrupted slip has left on the paper, so that the
// next one does not come out on the same sheet.
func (p Profile) Sever() []byte {
	return append([]byte(initialise), p.Cut...)
}

// initialise is ESC @, which restores the modes, and FS ., which leaves the double-byte mode
// in which many boards start and ignore the code page.
const initialise = "\x1b@\x1c."

type encoder struct {
	p    *Profile
	out  []byte
	page int    // index of the selected page
	text []rune // the text at hand, clean
	lost []rune
}

func (p Profile) encode(j device.Job) encoder {
	e := encoder{p: &p, out: make([]byte, 0, 768), text: make([]rune, 0, 256)}
	s := &j.Slip
	e.raw(initialise)
	e.out = append(e.out, p.Auto...)
	e.raw("\x1bR\x00") // the international set: USA, or # $ @ [ \ ] ^ { | } ~ would change
	e.selectPage(0)
	e.raw("\x1ba\x01") // centred

	e.raw("\x1bE\x01") // bold
	e.line(s.Office, 1)
	e.raw("\x1bE\x00")
	e.size(1, 2)
	e.line(s.Service, 1)
	e.size(1, 1)
	if !s.Issued.IsZero() {
		e.out = s.Issued.AppendFormat(e.out, "02/01/2006 15:04")
		e.feed()
	}
	e.ahead(s)
	e.line(s.Advice, 1)
	e.symbol(s.QR)
	e.mark(s.Copy)
	e.number(s.Number)

	e.out = append(e.out, p.Cut...)
	e.confirm(j.ID)
	return e
}

func (e *encoder) ahead(s *device.Slip) {
	if s.Ahead < 0 || s.AheadText == "" {
		return
	}
	e.clean(s.AheadText)
	e.text = append(e.text, ':', ' ')
	e.text = appendInt(e.text, s.Ahead)
	e.wrap(1)
}

// mark prints the word of a copy, white on black and twice as large.
func (e *encoder) mark(word string) {
	if word == "" {
		return
	}
	e.raw("\x1dB\x01")
	e.size(2, 2)
	e.line(word, 2)
	e.size(1, 1)
	e.raw("\x1dB\x00")
}

// number prints the number as large as one line allows.
func (e *encoder) number(number string) {
	e.clean(number)
	columns := e.p.Dots / fontWidth
	e.text = e.text[:min(len(e.text), columns)]
	scale := max(1, min(8, columns/max(1, len(e.text))))
	e.size(scale, scale)
	e.emit(e.text)
	e.feed()
	e.size(1, 1)
}

// confirm asks the printer to tell when everything up to here is done.
func (e *encoder) confirm(id string) {
	switch e.p.Confirm {
	case device.LevelConfirmed:
		e.raw("\x1d(H\x06\x00\x30\x30")
		for i := range 4 {
			c := byte('0')
			if i < len(id) && id[i] >= 0x20 && id[i] <= 0x7e {
				c = id[i]
			}
			e.out = append(e.out, c)
		}
	case device.LevelOrdered:
		e.out = append(e.out, e.p.Ordered...)
	case device.LevelTimed, device.LevelNone:
	}
}

func (e *encoder) raw(s string) { e.out = append(e.out, s...) }

func (e *encoder) feed() { e.out = append(e.out, '\n') }

// size sets how many times wider and higher than font A, 1 to 8.
func (e *encoder) size(width, height int) {
	e.out = append(e.out, 0x1d, '!', byte((width-1)<<4|(height-1)))
}

func (e *encoder) selectPage(index int) {
	e.page = index
	e.out = append(e.out, 0x1b, 't', e.p.Pages[index].Number)
}

// line prints a text, wrapped, at a multiple of the letters' width. Nothing of an empty one.
func (e *encoder) line(s string, width int) {
	e.clean(s)
	e.wrap(width)
}

// wrap prints the text at hand as lines that break at blanks, or inside words that are longer
// than a line.
func (e *encoder) wrap(width int) {
	columns := max(4, e.p.Dots/fontWidth/width)
	rest := e.text
	for n := 1; len(rest) > 0; n++ {
		if len(rest) <= columns {
			e.emit(rest)
			e.feed()
			return
		}
		if n == maxLines {
			e.emit(rest[:columns-3])
			e.raw("...\n")
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
	for _, r := range text {
		if r < 0x80 {
			e.out = append(e.out, byte(r))
			continue
		}
		b, ok := e.p.Pages[e.page].encode(r)
		if !ok {
			index, _ := e.p.find(r)
			e.selectPage(index)
			b, _ = e.p.Pages[index].encode(r)
		}
		e.out = append(e.out, b)
	}
}

func appendInt(text []rune, n int) []rune {
	if n >= 10 {
		text = appendInt(text, n/10)
	}
	return append(text, rune('0'+n%10))
}
