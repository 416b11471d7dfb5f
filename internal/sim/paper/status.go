// SPDX-License-Identifier: EUPL-1.2

package paper

// reporting is what the host asked to be told without asking again, and what it knows.
type reporting struct {
	asbMask  byte // GS a n
	fullMask byte // GS E0 n
	offline  byte // GS ( H fn 49
	starASB  bool // ESC RS a n
	etb      byte // Star's counter of finished jobs
	etbDone  bool // since the last report
	ended    byte // Star's other counter of finished jobs, ESC GS ETX
	overflow bool // the receive buffer was full
	last     [4]byte
	lastFull [4]byte
	lastStar [9]byte
	stopped  bool
}

// remember takes the state as it is for known.
func (s *reporting) remember(p *Printer) {
	s.last, s.lastFull, s.lastStar = p.asb(), p.fullStatus(), p.starStatus()
}

func bits(set bool, mask byte) byte {
	if set {
		return mask
	}
	return 0
}

// answerEOT is DLE EOT n.
func (p *Printer) answerEOT(n byte) {
	known := false
	for _, k := range []byte(p.t.eot) {
		known = known || k == n
	}
	if !known {
		return
	}
	fixed := bits(!p.o.LenientBits, 0x12)
	s := &p.state
	switch n {
	case 1:
		p.reply(fixed | 0x04 | bits(s.stopped(), 0x08))
	case 2:
		p.reply(fixed | bits(s.cover, 0x04) | bits(s.paperEnd(), 0x20) | bits(s.jamError || s.hot, 0x40))
	case 3:
		p.reply(fixed | bits(s.jamError, 0x08) | bits(s.hot, 0x40))
	case 4:
		p.reply(fixed | bits(s.nearEnd || s.paperEnd(), 0x0C) | bits(s.paperEnd(), 0x60))
	case 17:
		p.reply(fixed | bits(p.moving(), 0x04) | bits(s.paperEnd(), 0x20))
	case 20:
		f := p.fullStatus()
		p.reply(0x10, 0x0F, f[0], f[1], f[2], f[3])
	}
}

// asb is the four bytes of automatic status back.
func (p *Printer) asb() [4]byte {
	s := &p.state
	return [4]byte{
		0x14 | bits(s.stopped(), 0x08) | bits(s.cover, 0x20),
		bits(s.jamError, 0x08) | bits(s.hot, 0x40),
		bits(s.nearEnd || s.paperEnd(), 0x03) | bits(s.paperEnd(), 0x0C),
		0x0F,
	}
}

// fullStatus is Custom's paper, user, recoverable and unrecoverable bytes.
func (p *Printer) fullStatus() [4]byte {
	s := &p.state
	return [4]byte{
		bits(s.paperEnd(), 0x01) | bits(s.nearEnd || s.paperEnd(), 0x04) | bits(s.presented(), 0x20),
		bits(s.cover, 0x03) | bits(p.moving(), 0x08),
		bits(s.hot, 0x01) | bits(s.jamError, 0x40),
		0,
	}
}

// paperSensor is the answer to GS r 1 and ESC v.
func (p *Printer) paperSensor() byte {
	return bits(p.state.nearEnd || p.state.paperEnd(), 0x03) | bits(p.state.paperEnd(), 0x0C)
}

// changed reports what differs from the last report to a host that wants to know; p.mu is held.
func (p *Printer) changed() {
	if p.state.off {
		return
	}
	s := &p.status
	if p.t.star {
		p.starChanged()
		p.heed()
		return
	}
	now, full := p.asb(), p.fullStatus()
	stopped := p.state.stopped()
	if s.asbMask&0x02 != 0 && now[0] != s.last[0] || s.asbMask&0x04 != 0 && now[1] != s.last[1] ||
		s.asbMask&0x08 != 0 && now[2] != s.last[2] {
		p.reply(now[:]...)
	}
	for i := range full {
		if s.fullMask&(1<<i) != 0 && full[i] != s.lastFull[i] {
			p.replyFull()
			break
		}
	}
	if stopped && !s.stopped && s.offline != 0 {
		p.respondOffline()
	}
	s.last, s.lastFull, s.stopped = now, full, stopped
	p.heed()
}

func (p *Printer) replyFull() {
	b := []byte{0x10, p.status.fullMask}
	for i, v := range p.fullStatus() {
		if p.status.fullMask&(1<<i) != 0 {
			b = append(b, v)
		}
	}
	p.reply(b...)
}

// respondOffline is the offline response; the manuals leave the cause byte to the model (40h to 7Fh).
func (p *Printer) respondOffline() {
	b := []byte{0x37, 0x23}
	if p.status.offline == 2 {
		s := &p.state
		b = append(b, 0x40|bits(s.cover, 0x01)|bits(s.paperEnd(), 0x02)|bits(s.hot, 0x04)|bits(s.jamError, 0x08))
	}
	p.respond(responseOffline, append(b, 0)...)
}
