// SPDX-License-Identifier: EUPL-1.2

package paper

import (
	"strconv"
	"time"
)

// addCustom adds the presenter, the full status, the logos and the counters of Custom's kiosk printers.
func addCustom(table commandTable, t traits) {
	for head, c := range map[string]command{
		"\x1D\xE0": {params: 1, do: autoFullStatus},
		"\x1D\xE1": {do: func(p *Printer, _ []byte) { p.reply([]byte("0cm")...) }},
		"\x1D\xE2": {do: counter(" cuts", func(p *Printer) int { return p.cuts })},
		"\x1D\xE3": {do: counter("cm", func(p *Printer) int { return int(p.count.MM() / 10) })},
		"\x1D\xE4": {do: counter("ret", func(p *Printer) int { return p.retracted })},
		"\x1D\xE5": {do: counter("on", func(p *Printer) int { return p.powerUps })},
		"\x1D\xE6": {params: 2, do: nothing}, // virtual paper end
		"\x1D\xE7": {params: 2, do: nothing}, // notch distance
		"\x1D\xE8": {params: 1, do: shortest},
		"\x1D\xF0": {params: 1, do: nothing}, // quality
		"\x1D|":    {params: 1, do: nothing}, // density
		"\x1De":    {length: presenterLength},
		"\x1CP":    {params: 4},
		"\x1Bv":    {do: nothing}, // done when it came in
		"\x1C\x90": {do: countLogos},
		"\x1C\x91": {}, "\x1C\x92": {params: 2},
		"\x1C\x93": {params: 6, do: printLogo},
		"\x1C\x94": {length: logoLength, max: nvSize, do: storeLogo},
	} {
		table.add(head, c)
	}
	if t.mouth == presented {
		table.add("\x1De", command{length: presenterLength, do: presenter})
		table.add("\x1CP", command{params: 4, do: cutAndPresent})
	}
}

func counter(unit string, value func(p *Printer) int) func(*Printer, []byte) {
	return func(p *Printer, _ []byte) { p.reply([]byte(strconv.Itoa(value(p)) + unit)...) }
}

// autoFullStatus is GS E0 n: the chosen bytes are sent on every change of one of them.
func autoFullStatus(p *Printer, a []byte) {
	p.status.fullMask = a[0] & 0x0F
	p.status.lastFull = p.fullStatus()
}

// shortest is GS E8 n: the length in millimetres to which a shorter ticket is fed.
func shortest(p *Printer, a []byte) {
	if a[0] < 54 {
		p.ignore(3)
		return
	}
	p.t.shortest = int(float64(a[0]) * p.t.perMM)
}

// presenterLength is GS e n [m].
func presenterLength(cmd []byte) int {
	if len(cmd) > 2 && cmd[2] == 3 {
		return 4
	}
	return 3
}

func presenter(p *Printer, a []byte) {
	switch a[0] {
	case 2:
		p.leave(positionRecovered)
	case 5:
		p.leave(positionNone)
	case 3:
		p.do(op{kind: opPresent})
	case 6:
		p.reply(bits(p.state.paperEnd(), 0x04) | bits(p.state.presented(), 0x08))
	case 0x12, 0x14: // presenter loop on; off
	default:
		p.ignore(3)
	}
}

// cutAndPresent is FS P a b c d: after d seconds a ticket that nobody takes is drawn back (c is 'R') or thrown out ('E').
func cutAndPresent(p *Printer, a []byte) {
	oldCut(p, nil)
	p.patience = patience{after: time.Duration(a[3]) * time.Second, fate: positionNone}
	if a[2] == 'R' {
		p.patience.fate = positionRecovered
	}
	p.do(op{kind: opPresent})
}

// countLogos is FS 90h.
func countLogos(p *Printer, _ []byte) {
	p.reply([]byte("<PN" + strconv.Itoa(len(p.nv.named)) + ">")...)
}

// logoLength is how long FS 94h nH nL xH xL yH yL 0 0 id1…id16 d… '>' is; x is the width in dots, y the height.
func logoLength(cmd []byte) int {
	const head = 2 + 8 + 16
	if len(cmd) < head {
		return head
	}
	return head + big(cmd[4:])/16*2*big(cmd[6:]) + 1
}

func big(a []byte) int { return int(a[0])<<8 | int(a[1]) }

// storeLogo is FS 94h. The answer comes when the logo is written; it is printed after the next power-up.
func storeLogo(p *Printer, a []byte) {
	w, h, d := big(a[2:]), big(a[4:]), a[24:len(a)-1]
	if w == 0 || w%16 != 0 || h == 0 || big(a[6:]) != 0 || a[len(a)-1] != '>' || len(d) > p.nv.free() {
		p.reply([]byte("<PC0>")...)
		return
	}
	n, l := big(a), &logo{picture: picture{w: w, h: h, stride: w / 8, bits: append([]byte(nil), d...), sx: 1, sy: 1}}
	p.write(len(d), func() {
		if p.nv.named == nil {
			p.nv.named = make(map[int]*logo)
		}
		p.nv.named[n] = l
		p.reply([]byte("<PC1\xAA>")...)
	})
}

// printLogo is FS 93h nH nL opt border xH xL; opt has the justification, or 3 for x.
func printLogo(p *Printer, a []byte) {
	l := p.nv.named[big(a)]
	if l == nil || !l.ripe || a[2]&0x80 != 0 {
		p.ignore(2)
		return
	}
	align, left := p.align, p.left
	if p.align = a[2] & 3; p.align == 3 {
		p.align, p.left = 0, big(a[4:])
	}
	p.printPicture(l.picture, 1, 1)
	p.align, p.left = align, left
}
