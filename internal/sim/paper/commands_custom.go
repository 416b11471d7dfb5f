// SPDX-License-Identifier: EUPL-1.2

package paper

import "strconv"

// addCustom adds the presenter, the full status and the counters of Custom's kiosk printers.
func addCustom(table map[[2]byte]command) {
	for key, c := range map[[2]byte]command{
		{gs, 0xE0}: {params: 1, do: autoFullStatus},
		{gs, 0xE1}: {do: func(p *Printer, _ []byte) { p.reply([]byte("0cm")...) }},
		{gs, 0xE2}: {do: func(p *Printer, _ []byte) { p.reply([]byte(strconv.Itoa(p.cuts) + " cuts")...) }},
		{gs, 0xE3}: {do: func(p *Printer, _ []byte) {
			p.reply([]byte(strconv.FormatInt(p.count.Dots/(10*dotsPerMM), 10) + "cm")...)
		}},
		{gs, 0xE4}: {do: func(p *Printer, _ []byte) { p.reply([]byte("0ret")...) }},
		{gs, 0xE5}: {do: func(p *Printer, _ []byte) { p.reply([]byte(strconv.Itoa(p.powerUps) + "on")...) }},
		{gs, 0xE6}: {params: 2, do: nothing}, // virtual paper end
		{gs, 0xE7}: {params: 2, do: nothing}, // notch distance
		{gs, 0xE8}: {params: 2},              // minimum length of a ticket
		{gs, 0xF0}: {params: 1, do: nothing}, // quality
		{gs, '|'}:  {params: 1, do: nothing}, // density
		{gs, 'e'}:  {length: presenterLength, do: presenter},
		{fs, 'P'}:  {params: 4, do: cutAndPresent},
	} {
		table[key] = c
	}
}

// autoFullStatus is GS E0 n: the chosen bytes are sent on every change of one of them.
func autoFullStatus(p *Printer, a []byte) {
	p.status.fullMask = a[0] & 0x0F
	p.status.lastFull = p.fullStatus()
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
	case 2, 5: // retract; eject
		p.state.presented = false
	case 3:
		p.ops = append(p.ops, op{kind: opPresent})
	case 6:
		p.reply(bits(p.state.paperEnd(), 0x04) | bits(p.state.presented, 0x08))
	case 0x12, 0x14: // presenter loop on; off
	default:
		p.ignore(3)
	}
}

// cutAndPresent is FS P a b c d.
func cutAndPresent(p *Printer, _ []byte) {
	oldCut(p, nil)
	p.ops = append(p.ops, op{kind: opPresent})
}
