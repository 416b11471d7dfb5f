// SPDX-License-Identifier: EUPL-1.2

package paper

// commands is the dialect of a model: the lengths of all commands, and what those do that it simulates.
func commands(t traits) map[[2]byte]command {
	realtime := command{length: func(cmd []byte) int { return max(2, realtimeLength(cmd)) }, do: (*Printer).ordered}
	table := map[[2]byte]command{
		{dle, eot}: realtime, {dle, enq}: realtime, {dle, dc4}: realtime,

		{esc, '@'}:  {do: (*Printer).initialise},
		{esc, '!'}:  {params: 1, do: printModes},
		{esc, ' '}:  {params: 1, do: func(p *Printer, a []byte) { p.space = int(a[0]) }},
		{esc, '$'}:  {params: 2, do: func(p *Printer, a []byte) { p.text.move(word(a)) }},
		{esc, '\\'}: {params: 2, do: func(p *Printer, a []byte) { p.text.move(p.text.pen + int(int16(word(a)))) }},
		{esc, '-'}:  {params: 1, do: underline},
		{esc, '2'}:  {do: func(p *Printer, _ []byte) { p.spacing = lineSpacing }},
		{esc, '3'}:  {params: 1, do: func(p *Printer, a []byte) { p.spacing = int(a[0]) }},
		{esc, 'D'}:  {length: untilNUL(2, 35), do: setTabs},
		{esc, 'E'}:  {params: 1, do: func(p *Printer, a []byte) { p.bold = a[0]&1 != 0 }},
		{esc, 'G'}:  {params: 1, do: func(p *Printer, a []byte) { p.bold = a[0]&1 != 0 }},
		{esc, 'J'}:  {params: 1, do: func(p *Printer, a []byte) { p.advanceLine(int(a[0])) }},
		{esc, 'M'}:  {params: 1, do: func(p *Printer, a []byte) { p.fontB = a[0] == 1 || a[0] == '1' }},
		{esc, 'R'}:  {params: 1, do: selectNational},
		{esc, 'a'}:  {params: 1, do: justify},
		{esc, 'd'}:  {params: 1, do: func(p *Printer, a []byte) { p.advanceLine(int(a[0]) * p.spacing) }},
		{esc, 'i'}:  {do: oldCut},
		{esc, 'm'}:  {do: oldCut},
		{esc, 't'}:  {params: 1, do: selectPage},
		{esc, 'v'}:  {do: func(p *Printer, _ []byte) { p.reply(p.paperSensor()) }},

		{esc, '='}: {params: 1, do: nothing}, // peripheral device
		{esc, 'B'}: {params: 2, do: nothing}, // buzzer
		{esc, 'S'}: {do: nothing},            // standard mode, which it is in
		{esc, 'U'}: {params: 1, do: nothing}, // unidirectional printing
		{esc, 'c'}: {params: 2, do: nothing}, // sensors that stop printing, panel buttons
		{esc, 'p'}: {params: 3, do: nothing}, // drawer pulse

		{esc, '%'}: {params: 1}, {esc, '&'}: {length: glyphsLength}, {esc, '('}: {length: block},
		{esc, '*'}: {length: bitImageLength}, {esc, '?'}: {params: 1}, {esc, 'L'}: {}, {esc, 'T'}: {params: 1},
		{esc, 'V'}: {params: 1}, {esc, 'W'}: {params: 8}, {esc, '{'}: {params: 1},

		{fs, '&'}: {do: func(p *Printer, _ []byte) { p.chinese = p.t.chinese }},
		{fs, '.'}: {do: func(p *Printer, _ []byte) { p.chinese = false }},
		{fs, '!'}: {params: 1}, {fs, '('}: {length: block}, {fs, '-'}: {params: 1}, {fs, '2'}: {params: 74},
		{fs, 'C'}: {params: 1}, {fs, 'S'}: {params: 2}, {fs, 'W'}: {params: 1}, {fs, 'p'}: {params: 2},
	}
	addGS(table, t)
	if t.full {
		addCustom(table)
	}
	return table
}

// ordered is a real-time command that has come to its turn in the buffer: done long ago, or only now.
func (p *Printer) ordered([]byte) {
	if p.o.OrderedStatus && len(p.cmd) == realtimeLength(p.cmd) {
		p.realtime(p.cmd)
	}
}

func word(a []byte) int { return int(a[0]) | int(a[1])<<8 }

func (p *Printer) initialise([]byte) {
	p.text = lineBuffer{}
	p.modes = newModes(p.t, p.o.Dots)
	p.qr = newSymbol(p.t)
}

func printModes(p *Printer, a []byte) {
	n := a[0]
	p.fontB = n&0x01 != 0
	p.bold = n&0x08 != 0
	p.sy = 1 + int(n>>4&1)
	p.sx = 1 + int(n>>5&1)
	p.underline = int(n >> 7)
}

func underline(p *Printer, a []byte) {
	switch n := a[0]; {
	case n <= 2:
		p.underline = int(n)
	case n >= '0' && n <= '2':
		p.underline = int(n - '0')
	default:
		p.ignore(3)
	}
}

func setTabs(p *Printer, a []byte) {
	p.tabs = nil
	last := byte(0)
	for _, n := range a {
		if n <= last {
			return
		}
		p.tabs = append(p.tabs, int(n))
		last = n
	}
}

func selectNational(p *Printer, a []byte) {
	set := national(a[0])
	if set == "" {
		p.ignore(3)
		return
	}
	p.national = []rune(set)
}

func justify(p *Printer, a []byte) {
	n := a[0]
	if n >= '0' {
		n -= '0'
	}
	if n > 2 || !p.text.empty() {
		p.ignore(3)
		return
	}
	p.align = n
}

func selectPage(p *Printer, a []byte) {
	page, ok := p.t.pages[a[0]]
	if !ok {
		p.ignore(3)
		return
	}
	p.page = page
}

// oldCut is ESC i and ESC m.
func oldCut(p *Printer, _ []byte) {
	if p.t.gsCut && !p.text.empty() {
		p.ignore(2)
		return
	}
	if !p.text.empty() {
		p.advanceLine(p.spacing)
	}
	p.cutAfter(0)
}

// cutAfter feeds and cuts.
func (p *Printer) cutAfter(feed int) {
	pending := 0
	for _, o := range p.ops {
		pending += o.dots
	}
	p.feed(max(feed, p.t.shortest-(p.paper.y-p.t.gap)-pending))
	p.ops = append(p.ops, op{kind: opCut})
}

func (p *Printer) feed(dots int) {
	if dots > 0 {
		p.ops = append(p.ops, op{kind: opFeed, dots: dots})
	}
}

// glyphsLength is how long ESC & y c1 c2 [x d1…d(y·x)]… is.
func glyphsLength(cmd []byte) int {
	if len(cmd) < 5 {
		return 5
	}
	y, glyphs, at := int(cmd[2]), int(cmd[4])-int(cmd[3])+1, 5
	for range glyphs {
		if at >= len(cmd) {
			return at + 1
		}
		at += 1 + y*int(cmd[at])
	}
	return at
}

// bitImageLength is how long ESC * m nL nH d… is.
func bitImageLength(cmd []byte) int {
	if len(cmd) < 5 {
		return 5
	}
	n := word(cmd[3:])
	if cmd[2] >= 32 {
		n *= 3
	}
	return 5 + n
}
