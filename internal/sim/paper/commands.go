// SPDX-License-Identifier: EUPL-1.2

package paper

// commands is the dialect of a model: the lengths of all commands, and what those do that it simulates.
func commands(t traits) commandTable {
	table := commandTable{}
	if t.star {
		addStar(table)
		return table
	}
	addESC(table)
	addFS(table, t)
	addGS(table, t)
	if t.full {
		addCustom(table, t)
	}
	if t.nippon {
		addNippon(table)
	}
	return table
}

func addESC(table commandTable) {
	realtime := command{length: func(cmd []byte) int { return max(2, realtimeLength(cmd)) }, do: (*Printer).ordered}
	for head, c := range map[string]command{
		"\x10\x04": realtime, "\x10\x05": realtime, "\x10\x14": realtime,

		"\x1B@":  {do: (*Printer).initialise},
		"\x1B!":  {params: 1, do: printModes},
		"\x1B ":  {params: 1, do: func(p *Printer, a []byte) { p.space = int(a[0]) }},
		"\x1B$":  {params: 2, do: func(p *Printer, a []byte) { p.text.move(word(a)) }},
		"\x1B\\": {params: 2, do: func(p *Printer, a []byte) { p.text.move(p.text.pen + int(int16(word(a)))) }},
		"\x1B-":  {params: 1, do: underline},
		"\x1B2":  {do: func(p *Printer, _ []byte) { p.spacing = p.t.spacing }},
		"\x1B3":  {params: 1, do: func(p *Printer, a []byte) { p.spacing = p.units(a[0]) }},
		"\x1B%":  {params: 1, do: func(p *Printer, a []byte) { p.own.on = a[0]&1 != 0 }},
		"\x1B&":  {length: glyphsLength, do: defineGlyphs},
		"\x1B?":  {params: 1, do: func(p *Printer, a []byte) { p.own.drop(a[0]) }},
		"\x1B*":  {length: bitImageLength, do: bitImage},
		"\x1BD":  {length: untilNUL(2, 35), do: setTabs},
		"\x1BE":  {params: 1, do: func(p *Printer, a []byte) { p.bold = a[0]&1 != 0 }},
		"\x1BG":  {params: 1, do: func(p *Printer, a []byte) { p.bold = a[0]&1 != 0 }},
		"\x1BJ":  {params: 1, do: func(p *Printer, a []byte) { p.advanceLine(p.units(a[0])) }},
		"\x1BM":  {params: 1, do: func(p *Printer, a []byte) { p.fontB = a[0] == 1 || a[0] == '1' }},
		"\x1BR":  {params: 1, do: selectNational},
		"\x1Ba":  {params: 1, do: justify},
		"\x1Bd":  {params: 1, do: func(p *Printer, a []byte) { p.advanceLine(int(a[0]) * p.spacing) }},
		"\x1Bi":  {do: oldCut},
		"\x1Bm":  {do: oldCut},
		"\x1Bt":  {params: 1, do: selectPage},
		"\x1Bv":  {do: func(p *Printer, _ []byte) { p.reply(p.paperSensor()) }},

		"\x1BL": {do: func(p *Printer, _ []byte) { p.ignore(2); p.paged = true }},
		"\x1BS": {do: func(p *Printer, _ []byte) { p.leavePage() }},
		"\x1BW": {params: 8, do: nothing}, // area of page mode
		"\x1BT": {params: 1, do: nothing}, // direction in page mode

		"\x1B=": {params: 1, do: nothing}, // peripheral device
		"\x1BB": {params: 2, do: nothing}, // buzzer
		"\x1BU": {params: 1, do: nothing}, // unidirectional printing
		"\x1Bc": {params: 2, do: nothing}, // sensors that stop printing, panel buttons
		"\x1Bp": {params: 3, do: nothing}, // drawer pulse

		"\x1B(": {length: blockLength}, "\x1BV": {params: 1}, "\x1B{": {params: 1, do: upsideDown},
	} {
		table.add(head, c)
	}
}

func addFS(table commandTable, t traits) {
	for head, c := range map[string]command{
		"\x1C&": {do: func(p *Printer, _ []byte) { p.chinese = p.t.chinese }},
		"\x1C.": {do: func(p *Printer, _ []byte) { p.chinese = false }},
		"\x1CS": {params: 2, do: nothing}, // space beside Chinese characters
		"\x1CC": {params: 1, do: nothing}, // Japanese code
		"\x1C-": {params: 1, do: nothing}, // underlined Chinese characters
		"\x1C!": {params: 1}, "\x1C(": {length: blockLength}, "\x1C2": {params: 74}, "\x1CW": {params: 1},
		"\x1Cp": {params: 2}, "\x1Cq": {length: logosLength(2)},
	} {
		table.add(head, c)
	}
	if t.logos {
		table.add("\x1Cp", command{params: 2, do: printStored})
		table.add("\x1Cq", command{length: logosLength(2), max: nvSize, do: storeLogos})
	}
}

// ordered is a real-time command that has come to its turn in the buffer: done long ago, or only now.
func (p *Printer) ordered([]byte) {
	if p.o.OrderedStatus && len(p.cmd) == realtimeLength(p.cmd) {
		p.realtime(p.cmd)
	}
}

func word(a []byte) int { return int(a[0]) | int(a[1])<<8 }

// units is a vertical distance in dots.
func (p *Printer) units(n byte) int {
	if p.t.half {
		return int(n) / 2
	}
	return int(n)
}

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

// upsideDown is ESC { n; the right way up is all there is.
func upsideDown(p *Printer, a []byte) {
	if a[0]&1 != 0 {
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
	n := a[0]
	if p.t.star && n >= '0' {
		n -= '0'
	}
	set := national(n)
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
		p.ignore(len(p.cmd))
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
	p.cutAfter(0)
}

// cutAfter prints what is in the line, feeds and cuts.
func (p *Printer) cutAfter(feed int) {
	if !p.text.empty() {
		p.advanceLine(p.spacing)
	}
	pending := 0
	for _, o := range p.ops {
		pending += o.dots
	}
	p.feed(max(feed, p.t.shortest-(p.paper.y-p.t.gap)-pending))
	p.do(op{kind: opCut})
	if p.t.mouth == automatic {
		p.do(op{kind: opPresent})
	}
}

// do adds an act of the mechanism, unless there is nobody to see it.
func (p *Printer) do(o op) {
	if p.paged || p.job.spoilt {
		return
	}
	p.ops = append(p.ops, o)
}

func (p *Printer) feed(dots int) {
	if dots > 0 {
		p.do(op{kind: opFeed, dots: dots})
	}
}
