// SPDX-License-Identifier: EUPL-1.2

package paper

import (
	"strings"
	"time"
)

const (
	lf  = 0x0A
	ff  = 0x0C
	dle = 0x10
	eot = 0x04
	enq = 0x05
	ack = 0x06
	dc4 = 0x14
	syn = 0x16
	etb = 0x17
	can = 0x18
	esc = 0x1B
	fs  = 0x1C
	gs  = 0x1D
	rs  = 0x1E

	xon  = 0x11
	xoff = 0x13
)

// receive puts bytes that have crossed the line into the buffer, and acts on real-time commands at once.
func (p *Printer) receive(b []byte) {
	p.count.Bytes += int64(len(b))
	if p.state.off || p.writing() && p.o.Flow != Hold {
		p.count.Lost += int64(len(b))
		return
	}
	for _, c := range b {
		if p.rx.Len() < p.o.Buffer {
			p.rx.WriteByte(c)
		} else {
			p.count.Lost++
			p.status.overflow = true
		}
		if p.o.OrderedStatus {
			continue
		}
		if cmd := p.early.next(c); cmd != nil {
			p.realtime(cmd)
		}
	}
	p.heed()
}

// heed raises and drops BUSY.
func (p *Printer) heed() {
	free := p.o.Buffer - p.rx.Len()
	limit := p.o.slack()
	if p.busy {
		limit = 2*limit - 1
	}
	busy := free <= limit || p.o.BusyOffline && p.state.stopped() || p.writing()
	if busy == p.busy {
		return
	}
	p.busy = busy
	if busy {
		p.signal(xoff)
	} else {
		p.signal(xon)
	}
	poke(p.room)
}

// signal sends XON or XOFF where that is the flow control.
func (p *Printer) signal(c byte) {
	if p.o.Flow != XonXoff || p.mute() {
		return
	}
	p.tx.flow = c
	poke(p.say)
}

// scanner finds real-time commands in a stream of bytes.
type scanner struct {
	length func(seq []byte) int // of the command that begins with seq, as far as one can tell; 0 if it is none
	seq    []byte
}

// next returns the command that b completes, or nil. The result is valid until the next call.
func (s *scanner) next(b byte) []byte {
	s.seq = append(s.seq, b)
	n := s.length(s.seq)
	if n == 0 {
		s.seq = append(s.seq[:0], b)
		if n = s.length(s.seq); n == 0 {
			s.seq = s.seq[:0]
			return nil
		}
	}
	if len(s.seq) < n {
		return nil
	}
	cmd := s.seq
	s.seq = s.seq[:0]
	return cmd
}

// early returns the lengths of the model's real-time commands.
func (t traits) early() func(seq []byte) int {
	exact := t.exact()
	return func(seq []byte) int {
		for _, c := range exact {
			if strings.HasPrefix(c, string(seq)) {
				return len(c)
			}
		}
		if t.star || t.nippon {
			return 0
		}
		return realtimeLength(seq)
	}
}

const (
	starAsk      = "\x1B\x06\x01"             // ESC ACK SOH
	starReset    = "\x1B\x06\x18"             // ESC ACK CAN
	customReset  = "\x1C\xC0\x18\x10\x14\x1A" // hardware reset
	customPaper  = "\x1Bv"                    // ESC v
	nipponCancel = "\x1D\x65\x05"             // GS e 5
)

// exact returns the real-time commands that are a fixed sequence.
func (t traits) exact() []string {
	switch {
	case t.star:
		return []string{starAsk, starReset}
	case t.nippon:
		return []string{nipponCancel}
	case t.full:
		return []string{customReset, customPaper}
	default:
		return nil
	}
}

// realtimeLength is how many bytes the real-time command that begins with seq has, as far as one can tell; 0 if it is none.
func realtimeLength(seq []byte) int {
	const clearing = "\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
	if seq[0] != dle {
		return 0
	}
	if len(seq) == 1 {
		return 2
	}
	switch seq[1] {
	case eot, enq:
		return 3
	case dc4:
	default:
		return 0
	}
	if len(seq) == 2 {
		return 3
	}
	switch seq[2] {
	case 1, 2: // drawer pulse, power-off sequence
		return 5
	case 7: // send a status
		return 4
	case 8:
		if string(seq) != clearing[:len(seq)] {
			return 0
		}
		return len(clearing)
	default:
		return 0
	}
}

// realtime executes a complete real-time command.
func (p *Printer) realtime(cmd []byte) {
	switch {
	case p.t.star:
		p.starRealtime(string(cmd))
	case string(cmd) == customReset:
		p.interrupt(time.Now())
		p.reset()
	case string(cmd) == customPaper:
		p.reply(p.paperSensor())
	case string(cmd) == nipponCancel:
		p.clear(time.Now())
		p.leave(positionNone)
		p.changed()
	case cmd[1] == eot:
		p.answerEOT(cmd[2])
	case cmd[1] == enq:
		if n := cmd[2]; n == 1 || n == 2 {
			p.recover(n == 2)
		}
	case cmd[2] == 7 && cmd[3] == 1 && p.t.asb:
		a := p.asb()
		p.reply(a[:]...)
	case cmd[2] == 8 && p.t.clear:
		p.clear(time.Now())
		p.state.jamError = p.state.jamError && p.state.jammed
		p.respond(responseClear, 0x37, 0x25, 0x00)
		p.changed()
	}
}

// recover is DLE ENQ 1 and 2: it ends a cutter jam that has been removed, and no other trouble.
func (p *Printer) recover(empty bool) {
	if !p.state.jamError {
		return
	}
	if empty {
		p.clear(time.Now())
	}
	p.state.jamError = p.state.jammed
	p.changed()
}
