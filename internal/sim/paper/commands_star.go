// SPDX-License-Identifier: EUPL-1.2

package paper

// addStar fills the table with Star's line mode. Its commands begin with ESC; many have a head of three bytes.
func addStar(table commandTable) {
	addStarText(table)
	addStarGraphics(table)
	for head, c := range map[string]command{
		"\x1B@": {do: (*Printer).initialise},
		"\x1Bd": {params: 1, do: starCut},

		"\x1B\x06":     {params: 1, do: nothing}, // ESC ACK: done when it came in
		"\x1B\x1D\x03": {params: 3, do: documentEnd},
		"\x1B\x1Ea":    {params: 1, do: func(p *Printer, a []byte) { p.status.starASB = a[0]&1 != 0 }},
		"\x1B\x1EE":    {params: 1, do: func(p *Printer, _ []byte) { p.status.etb, p.status.etbDone = 0, false }},
		"\x1B\x16":     {params: 2, do: starPresenter},
		"\x1B?":        {params: 2, do: func(p *Printer, _ []byte) { p.reset() }}, // LF NUL follow

		"\x1B#":        {length: untilNUL(4, 16)}, // memory switches
		"\x1B\x07":     {params: 2, do: nothing},  // drawer
		"\x1B\x1D#":    {length: untilNUL(5, 16)},
		"\x1B\x1D\x07": {params: 3, do: nothing}, // buzzer
		"\x1B\x1D\x19": {params: 3, do: nothing},
		"\x1B\x1DP":    {length: starPageLength},
		"\x1B\x1Ed":    {params: 1, do: nothing}, // density
		"\x1B\x1Er":    {params: 1, do: nothing}, // speed
		"\x1B\x1EC":    {params: 1, do: nothing}, // colour
		"\x1B\x1Ec":    {params: 1, do: nothing},
		"\x1B\x1EA":    {params: 1}, "\x1B\x1EL": {params: 1}, "\x1B\x1ER": {params: 1, do: nothing},
		"\x1B\x1Ei": {params: 1}, "\x1B\x1Em": {params: 1},
	} {
		table.add(head, c)
	}
}

func addStarText(table commandTable) {
	for head, c := range map[string]command{
		"\x1B\x1Dt": {params: 1, do: selectPage},
		"\x1BR":     {params: 1, do: selectNational},
		"\x1B\x1EF": {params: 1, do: func(p *Printer, a []byte) { p.fontB = a[0]&^'0' != 0 }},
		"\x1B ":     {params: 1, do: func(p *Printer, a []byte) { p.space = int(a[0] &^ '0') }},
		"\x1Bi":     {params: 2, do: starSize},
		"\x1BW":     {params: 1, do: starSizeX},
		"\x1Bh":     {params: 1, do: starSizeY},
		"\x1B\x0E":  {do: func(p *Printer, _ []byte) { p.sy = 2 }},
		"\x1B\x14":  {do: func(p *Printer, _ []byte) { p.sy = 1 }},
		"\x1BE":     {do: func(p *Printer, _ []byte) { p.bold = true }},
		"\x1BF":     {do: func(p *Printer, _ []byte) { p.bold = false }},
		"\x1B4":     {do: func(p *Printer, _ []byte) { p.reverse = true }},
		"\x1B5":     {do: func(p *Printer, _ []byte) { p.reverse = false }},
		"\x1B-":     {params: 1, do: underline},
		"\x1BM":     {do: func(p *Printer, _ []byte) { p.fontB = false }}, // pitch of 12 dots

		"\x1Ba":     {params: 1, do: func(p *Printer, a []byte) { p.advanceLine(int(a[0]) * p.spacing) }},
		"\x1BJ":     {params: 1, do: func(p *Printer, a []byte) { p.advanceLine(2 * int(a[0])) }}, // quarters of a millimetre
		"\x1BI":     {params: 1, do: func(p *Printer, a []byte) { p.advanceLine(int(a[0])) }},
		"\x1B0":     {do: func(p *Printer, _ []byte) { p.spacing = 24 }},
		"\x1Bz":     {params: 1, do: starSpacing},
		"\x1BD":     {length: untilNUL(2, 35), do: setTabs},
		"\x1Bl":     {params: 1, do: starLeft},
		"\x1BQ":     {params: 1, do: starRight},
		"\x1B\x1Da": {params: 1, do: justify},
		"\x1B\x1DA": {params: 2, do: func(p *Printer, a []byte) { p.text.move(word(a)) }},
		"\x1B\x1DR": {params: 2, do: func(p *Printer, a []byte) { p.text.move(p.text.pen + int(int16(word(a)))) }},

		"\x1B/": {params: 1, do: nothing}, // a stroke through the zero
		"\x1Bs": {params: 2, do: nothing}, // space beside Chinese characters
		"\x1Bt": {params: 2, do: nothing},
		"\x1B$": {params: 1, do: nothing}, // Japanese code
		"\x1Bp": {do: nothing}, "\x1Bq": {do: nothing},
		"\x1B_": {params: 1}, "\x1BP": {}, "\x1B:": {}, "\x1Bg": {}, "\x1B2": {}, "\x1BA": {params: 1},
		"\x1B3": {params: 1}, "\x1By": {params: 1}, "\x1BC": {params: 1}, "\x1BN": {params: 1}, "\x1BO": {},
		"\x1BB": {length: untilNUL(2, 19)}, "\x1B\x1D=": {params: 130}, "\x1B\x1Dh": {params: 2},
	} {
		table.add(head, c)
	}
}

// starSize is ESC i n1 n2: height and width, each one to six times.
func starSize(p *Printer, a []byte) {
	if h, w := a[0]&^'0', a[1]&^'0'; h <= 5 && w <= 5 {
		p.sy, p.sx = 1+int(h), 1+int(w)
		return
	}
	p.ignore(2)
}

func starSizeX(p *Printer, a []byte) { starSize(p, []byte{byte(p.sy - 1), a[0]}) }

func starSizeY(p *Printer, a []byte) { starSize(p, []byte{a[0], byte(p.sx - 1)}) }

// starSpacing is ESC z n: three or four millimetres.
func starSpacing(p *Printer, a []byte) {
	switch a[0] &^ '0' {
	case 0:
		p.spacing = 24
	case 1:
		p.spacing = 32
	default:
		p.ignore(3)
	}
}

// starLeft is ESC l n and starRight is ESC Q n: the margins, counted in characters from the left edge.
func starLeft(p *Printer, a []byte) {
	right := p.left + p.width
	p.left = min(int(a[0])*12, p.o.Dots)
	p.width = right - p.left
}

func starRight(p *Printer, a []byte) { p.width = int(a[0])*12 - p.left }

// starCut is ESC d n: 0 and 1 cut where the paper is, 2 and 3 feed it to the cutter; the even ones cut it all.
func starCut(p *Printer, a []byte) {
	switch a[0] &^ '0' {
	case 0, 1:
		p.cutAfter(0)
	case 2, 3:
		p.cutAfter(p.t.gap)
	default:
		p.ignore(3)
	}
}

// documentEnd is ESC GS ETX s n1 n2: it tells a counter of finished jobs, raised if s is 1; 2 clears it.
func documentEnd(p *Printer, a []byte) {
	echo := append([]byte{esc, gs, 0x03}, a...)
	answer := func() {
		p.inTurn = true
		p.reply(append(echo, p.status.ended, 0)...)
		p.inTurn = false
	}
	switch a[0] {
	case 0:
		answer()
	case 1:
		if !p.text.empty() {
			p.advanceLine(p.spacing)
		}
		p.do(op{kind: opThen, then: func() {
			p.status.ended++
			answer()
		}})
	case 2:
		p.status.ended = 0
	case 3, 4, 5: // begin and end of a document, time-out
	default:
		p.ignore(3)
	}
}
