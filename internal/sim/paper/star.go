// SPDX-License-Identifier: EUPL-1.2

package paper

import "time"

// starStatus is Star's automatic status: two header bytes, of which the first codes the length, and seven of status
// (Star line mode, appendix 2). Bit 0 marks the first byte, bit 4 is free everywhere, so that XON and XOFF stand out.
func (p *Printer) starStatus() [9]byte {
	s, r := &p.state, &p.status
	return [9]byte{
		0x23, // nine bytes
		0x06, // version 3
		bits(r.etbDone, 0x02) | bits(s.stopped(), 0x08) | bits(s.cover, 0x20),
		bits(s.jamError, 0x08) | bits(s.hot, 0x40),
		bits(r.overflow, 0x40),
		bits(s.nearEnd || s.paperEnd(), 0x04) | bits(s.paperEnd(), 0x08),
		bits(s.presented(), 0x02),
		r.etb&0x07<<1 | r.etb&0x18<<2,
		byte(s.position) << 1,
	}
}

// starChanged sends the status to a host that wants to know of a change.
func (p *Printer) starChanged() {
	now := p.starStatus()
	if now == p.status.lastStar {
		return
	}
	p.status.lastStar = now
	if p.status.starASB {
		p.sendStar()
	}
}

// sendStar sends the status; the host then knows of what was printed.
func (p *Printer) sendStar() {
	now := p.starStatus()
	p.reply(now[:]...)
	p.status.etbDone = false
	p.status.lastStar = p.starStatus()
}

// starRealtime is a command that does not wait for its turn.
func (p *Printer) starRealtime(cmd string) {
	switch cmd {
	case starAsk:
		p.sendStar()
	case starReset:
		p.interrupt(time.Now())
		p.reset()
	}
}

// starControl is a control character outside a command.
func (p *Printer) starControl(b byte) {
	switch b {
	case etb:
		// Everything before it has been printed, or it would not be its turn; but not the line that is not ended.
		if !p.text.empty() {
			p.advanceLine(p.spacing)
		}
		p.do(op{kind: opThen, then: p.jobDone})
	case can:
		p.text = lineBuffer{}
		p.modes = newModes(p.t, p.o.Dots)
		p.qr = newSymbol(p.t)
		p.status.etb, p.status.etbDone, p.status.overflow = 0, false, false
	case 0x0E: // SO
		p.sx = 2
	case dc4:
		p.sx = 1
	}
}

// jobDone is ETB when the motor has stopped.
func (p *Printer) jobDone() {
	p.status.etb = (p.status.etb + 1) & 0x1F
	p.status.etbDone = true
	if p.status.starASB {
		p.inTurn = true
		p.sendStar()
		p.inTurn = false
	}
}
