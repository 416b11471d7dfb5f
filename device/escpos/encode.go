// SPDX-License-Identifier: EUPL-1.2

package escpos

import (
	"slices"

	"github.com/avanti-queue/avanti/device"
)

// Encode returns the bytes of a job, from initialisation to the question that confirms it. The
// job is expected to be valid; of an invalid one the bytes are well-formed all the same.
//
// A letter that the printer has not is printed as another one, drawn, or spelled; where nothing
// helps it is '_', see [Profile.Unprintable].
func (p Profile) Encode(j device.Job) []byte {
	e := p.encode(j)
	return e.out
}

// Pieces returns the bytes of [Profile.Encode] in pieces, in order and without gaps. Between two
// of them no command is open and no line half printed: a question may go out there. The cut is a piece,
// and what asks whether it is done is one behind it.
func (p Profile) Pieces(j device.Job) [][]byte {
	e := p.encode(j)
	pieces := make([][]byte, 0, len(e.stops)+1)
	start := 0
	for _, stop := range append(e.stops, len(e.out)) {
		if stop > start {
			pieces = append(pieces, e.out[start:stop:stop])
			start = stop
		}
	}
	return pieces
}

// Unprintable returns the letters of the slip that Encode can neither print nor replace and for
// which it prints '_'. Nil: none.
func (p Profile) Unprintable(j device.Job) []rune {
	e := p.encode(j)
	slices.Sort(e.lost)
	return slices.Compact(e.lost)
}

// Overlong reports whether Encode cuts a text of the slip off: one has more than [MaxLines] lines
// ("..." is where it ends then), or the number does not fit on one line.
func (p Profile) Overlong(j device.Job) bool {
	e := p.encode(j)
	return e.cut
}

// Resync returns bytes that bring a printer in an unknown state to the start of a line: NULs
// that an interrupted command may swallow, as many as the longest command of a job has bytes,
// then initialisation.
func (p Profile) Resync() []byte {
	n := p.longest()
	out := make([]byte, n, n+8)
	return p.initialise(out)
}

// Sever returns bytes that cut off what an interrupted slip has left on the paper, so that the
// next one does not come out on the same sheet.
func (p Profile) Sever() []byte {
	return append(p.initialise(nil), p.Cut...)
}

// initialise appends ESC @, which restores the modes, and FS ., which leaves the double-byte mode
// in which many boards start and ignore the code page.
func (p *Profile) initialise(out []byte) []byte {
	out = append(out, wordsOf(p.Language).reset...)
	if p.DoubleByte {
		out = append(out, 0x1c, '.')
	}
	return out
}

// encoder writes one job.
type encoder struct {
	p      *Profile
	w      words
	out    []byte
	stops  []int  // offsets in out where no command is open and no line half printed
	page   int    // index of the selected page
	text   []rune // the text at hand, clean
	hard   []rune // its letters that no page has, each once
	lost   []rune
	cut    bool   // a text did not fit
	glyphs []rune // the letters that the job has defined, in the order of their codes
	pen    *pen   // nil until something is drawn
}

func (p Profile) encode(j device.Job) encoder {
	e := encoder{
		p: &p, w: wordsOf(p.Language), out: make([]byte, 0, 768),
		stops: make([]int, 0, 32), text: make([]rune, 0, 256),
	}
	e.out = p.initialise(e.out)
	e.out = append(e.out, p.Auto...)
	e.raw(e.w.plain)
	e.selectPage(0)
	e.raw(e.w.centre)

	for i := range j.Slip.Parts {
		e.part(&j.Slip.Parts[i])
	}
	e.copyMark(j.Slip.Copy)
	e.number(j.Slip.Number)

	e.out = p.before(e.out, j.ID)
	e.out = append(e.out, p.Cut...)
	e.stop()
	e.out = p.after(e.out, j.ID)
	return e
}

// part prints one piece.
func (e *encoder) part(p *device.Part) {
	switch p.Kind {
	case device.PartText:
		e.styled(p)
	case device.PartQR:
		e.symbol(p.Text)
	case device.PartRule:
		e.rule()
	case device.PartMark:
		e.mark()
	}
}

func (e *encoder) styled(p *device.Part) {
	s := style{wide: 1, high: 1, columns: e.p.Columns, bold: p.Bold}
	switch p.Size {
	case device.SizeTall:
		s.high = 2
	case device.SizeLarge:
		s.wide, s.high = 2, 2
	case device.SizeSmall:
		if e.p.FontB {
			s.small, s.columns = true, e.p.Columns*4/3
		}
	case device.SizeNormal:
	}
	e.line(p.Text, s)
}

// rule prints a line across: few wide dashes cost less than many narrow ones.
func (e *encoder) rule() {
	dash := '─'
	if _, ok := e.p.find(dash); !ok {
		dash = '-'
	}
	e.text = e.text[:0]
	for range max(1, e.p.Columns/e.w.widest) {
		e.text = append(e.text, dash)
	}
	e.size(e.w.widest, 1)
	e.emit(e.text)
	e.feed()
	e.size(1, 1)
}

// copyMark prints the word of a copy, white on black and twice as large.
func (e *encoder) copyMark(word string) {
	e.line(word, style{wide: 2, high: 2, columns: e.p.Columns, reverse: true})
}

// number prints the number as large as one line allows.
func (e *encoder) number(number string) {
	e.line(number, style{wide: 1, high: 1, columns: e.p.Columns, fill: true})
}

func (e *encoder) raw(s string) { e.out = append(e.out, s...) }

func (e *encoder) feed() {
	e.out = append(e.out, '\n')
	e.stop()
}

// stop marks the end of a piece.
func (e *encoder) stop() { e.stops = append(e.stops, len(e.out)) }

// size sets how many times wider and higher the letters are.
func (e *encoder) size(wide, high int) {
	if e.p.Language == LanguageStar {
		e.out = append(e.out, 0x1b, 'i', byte(high-1), byte(wide-1))
		return
	}
	e.out = append(e.out, 0x1d, '!', byte((wide-1)<<4|(high-1)))
}

func (e *encoder) selectPage(index int) {
	e.page = index
	e.raw(e.w.page)
	e.out = append(e.out, e.p.Pages[index].Number)
}
