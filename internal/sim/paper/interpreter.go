// SPDX-License-Identifier: EUPL-1.2

package paper

import (
	"fmt"

	"golang.org/x/text/encoding/charmap"
)

// interpreter turns bytes into lines. It is a state machine, so that a stream can stop anywhere and go on later, with
// the same or, alas, with other bytes.
type interpreter struct {
	cmd   []byte  // the command that is being read
	skip  int     // bytes of a command without effect that are still to come
	image *raster // the raster image that is being read
	modes
	text lineBuffer
	qr   symbol
}

// modes is what ESC @ resets.
type modes struct {
	chinese   bool
	page      *charmap.Charmap
	national  []rune
	align     byte // 0 left, 1 centre, 2 right
	fontB     bool
	sx, sy    int
	bold      bool
	underline int // thickness in dots
	reverse   bool
	space     int // dots to the right of a character
	spacing   int // dots from line to line
	tabs      []int
	left      int // margin in dots
	width     int // of the print area in dots
}

const (
	lineSpacing = 30   // dots, ESC 2
	maxCommand  = 7200 // bytes; the longest command that is executed stores a QR code's text
)

func newInterpreter(t traits, dots int) interpreter {
	in := interpreter{qr: newSymbol(t)}
	in.modes = newModes(t, dots)
	return in
}

func newModes(t traits, dots int) modes {
	m := modes{
		chinese: t.chinese, page: t.pages[0], national: []rune(national(0)), sx: 1, sy: 1,
		spacing: lineSpacing, width: dots,
	}
	for c := 8; c <= 32*8; c += 8 {
		m.tabs = append(m.tabs, c)
	}
	return m
}

// forget drops the command and the line that are being put together; the modes stay.
func (in *interpreter) forget() {
	in.cmd, in.skip, in.image, in.text = nil, 0, nil, lineBuffer{}
}

// accept executes the next byte in order. It is called only when the mechanism has nothing left to do.
func (p *Printer) accept(b byte) {
	switch {
	case p.skip > 0:
		p.skip--
	case p.image != nil:
		p.imageByte(b)
	case len(p.cmd) > 0:
		p.cmd = append(p.cmd, b)
		p.execute()
	default:
		p.first(b)
	}
}

// first is a byte outside a command.
func (p *Printer) first(b byte) {
	switch {
	case b == esc || b == gs || b == fs || b == dle || p.chinese && b > 0x80 && b < 0xFF:
		p.cmd = append(p.cmd[:0], b)
	case b == lf:
		p.advanceLine(p.spacing)
	case b == '\t':
		p.tab()
	case b >= 0x20 && b != 0x7F:
		p.character(b)
	}
}

// execute runs the command in p.cmd if it is complete.
func (p *Printer) execute() {
	if p.cmd[0] > 0x80 {
		p.doubleByte()
		return
	}
	c, known := p.table[[2]byte(p.cmd)]
	if !known {
		p.ignore(2)
		p.cmd = p.cmd[:0]
		return
	}
	n := 2 + c.params
	if c.length != nil {
		n = c.length(p.cmd)
	}
	switch {
	case len(p.cmd) < n && n <= maxCommand:
		return
	case len(p.cmd) < n:
		p.ignore(3)
		p.skip = n - len(p.cmd)
	case c.do == nil:
		p.ignore(min(n, 3))
	default:
		c.do(p, p.cmd[2:])
	}
	if len(p.cmd) > 0 { // a command that clears the memory has emptied it already
		p.cmd = p.cmd[:0]
	}
}

// ignore counts a command without effect by its first n bytes.
func (p *Printer) ignore(n int) {
	name := fmt.Sprintf("% X", p.cmd[:min(n, len(p.cmd))])
	if _, seen := p.count.Ignored[name]; !seen && len(p.count.Ignored) >= 64 {
		return
	}
	if p.count.Ignored == nil {
		p.count.Ignored = make(map[string]int)
	}
	p.count.Ignored[name]++
}

// command is one entry of the dialect.
type command struct {
	params int                        // bytes after the first two
	length func(cmd []byte) int       // all bytes, as far as cmd tells; for commands whose length varies
	do     func(p *Printer, a []byte) // a: the parameters; nil for what this printer does not do
}

// block is the length of a command with pL pH after its third byte.
func block(cmd []byte) int {
	if len(cmd) < 5 {
		return 5
	}
	return 5 + int(cmd[3]) + int(cmd[4])<<8
}

// untilNUL is the length of a command whose parameters end with 00.
func untilNUL(from, limit int) func([]byte) int {
	return func(cmd []byte) int {
		if n := len(cmd); n > from && (cmd[n-1] == 0 || n >= limit) {
			return n
		}
		return len(cmd) + 1
	}
}

func nothing(*Printer, []byte) {}
