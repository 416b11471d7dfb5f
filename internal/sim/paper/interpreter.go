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
	text    lineBuffer
	qr      symbol
	drawing *picture // GS ( L fn 112, to be printed by fn 50
}

// modes is what ESC @ resets.
type modes struct {
	chinese   bool
	paged     bool // in page mode, which swallows what it gets
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
	bars      bars
	own       ownGlyphs
}

const maxCommand = 7200 // bytes; the longest command with short data stores a QR code's text

func newInterpreter(t traits, dots int) interpreter {
	in := interpreter{qr: newSymbol(t)}
	in.modes = newModes(t, dots)
	return in
}

func newModes(t traits, dots int) modes {
	m := modes{
		chinese: t.chinese, page: t.pages[0], national: []rune(national(0)), sx: 1, sy: 1,
		spacing: t.spacing, width: dots, bars: newBars(),
	}
	for c := 8; c <= 32*8; c += 8 {
		m.tabs = append(m.tabs, c)
	}
	return m
}

// forget drops the command and the line that are being put together; the modes stay.
func (in *interpreter) forget() {
	in.cmd, in.skip, in.image, in.drawing, in.text = nil, 0, nil, nil, lineBuffer{}
}

// accept executes the next byte in order. It is called only when the mechanism has nothing left to do, or when a job is
// being stored.
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
	case b == esc || !p.t.star && (b == gs || b == fs || b == dle) || p.chinese && b > 0x80 && b < 0xFF:
		p.cmd = append(p.cmd[:0], b)
	case b == lf:
		p.advanceLine(p.spacing)
	case b == '\t':
		p.tab()
	case b >= 0x20 && b != 0x7F:
		p.character(b)
	case p.t.star:
		p.starControl(b)
	case b == ff:
		p.leavePage()
	}
}

// leavePage ends page mode; what was in the page is not printed.
func (p *Printer) leavePage() {
	if p.paged {
		p.paged, p.text = false, lineBuffer{}
	}
}

// execute runs the command in p.cmd if it is complete.
func (p *Printer) execute() {
	if p.cmd[0] > 0x80 {
		p.doubleByte()
		return
	}
	c, head, whole := p.table.find(p.cmd)
	if !whole {
		return
	}
	if !c.known {
		p.ignore(head)
		p.cmd = p.cmd[:0]
		return
	}
	n, limit := head+c.params, max(maxCommand, c.max)
	if c.length != nil {
		n = c.length(p.cmd)
	}
	switch {
	case len(p.cmd) < n && n <= limit:
		return
	case len(p.cmd) < n:
		p.ignore(head + 1)
		p.skip = n - len(p.cmd)
	case c.do == nil:
		p.ignore(min(n, head+1))
	default:
		c.do(p, p.cmd[head:])
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
	known  bool
	params int                        // bytes after the head
	length func(cmd []byte) int       // all bytes, as far as cmd tells; for commands whose length varies
	max    int                        // bytes that are kept for it, if more than maxCommand
	do     func(p *Printer, a []byte) // a: the parameters; nil for what this printer does not do
}

// commandTable is a dialect: commands by their head, which has two bytes, or three if the first two are in it with an
// empty third part.
type commandTable map[string]command

// family marks the first two bytes of commands with a head of three.
const family = -1

func (t commandTable) add(head string, c command) {
	c.known = true
	t[head] = c
	if len(head) == 3 {
		t[head[:2]] = command{params: family}
	}
}

// find returns the command that begins with cmd and the length of its head; whole is false if the head is not.
func (t commandTable) find(cmd []byte) (c command, head int, whole bool) {
	c = t[string(cmd[:2])]
	if c.params != family {
		return c, 2, true
	}
	if len(cmd) < 3 {
		return c, 3, false
	}
	return t[string(cmd[:3])], 3, true
}

// blockLength is the length of a command with pL pH after its third byte.
func blockLength(cmd []byte) int {
	if len(cmd) < 5 {
		return 5
	}
	return 5 + int(cmd[3]) + int(cmd[4])<<8
}

// untilNUL is the length of a command whose parameters end with 00.
func untilNUL(from, limit int) func([]byte) int { return until(0, from, limit) }

// until is the length of a command whose parameters end with the byte last.
func until(last byte, from, limit int) func([]byte) int {
	return func(cmd []byte) int {
		if n := len(cmd); n > from && (cmd[n-1] == last || n >= limit) {
			return n
		}
		return len(cmd) + 1
	}
}

func nothing(*Printer, []byte) {}
