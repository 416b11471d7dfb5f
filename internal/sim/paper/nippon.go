// SPDX-License-Identifier: EUPL-1.2

package paper

import (
	"strings"

	"github.com/avanti-queue/avanti/device/qr"
)

// job is what stands between "print start" and "print finish" of a Nippon (GS G n). It is stored as it comes, and
// printed when it is complete or longer than the store. If something stops the printer before all of it is out, the
// rest is thrown away.
type job struct {
	open    bool   // begun, not yet finished
	id      []byte // its four bytes; none for a job without
	full    bool   // the store is being emptied
	waiting bool   // its finish notification is still to come
	spoilt  bool   // the rest of it is not printed
	why     byte   // the status that spoilt it
}

// storing reports that bytes are read although there is something to print.
func (p *Printer) storing() bool {
	if !p.job.open || p.t.store == 0 {
		return false
	}
	if len(p.ops) == 0 {
		p.job.full = false
	}
	dots := 0
	for _, o := range p.ops {
		dots += o.dots
	}
	if dots >= p.t.store {
		p.job.full = true
	}
	return !p.job.full
}

// spoil throws a job away that something has stopped.
func (p *Printer) spoil() {
	if !p.t.nippon || !p.state.stopped() {
		return
	}
	switch {
	case p.job.waiting:
		p.ops, p.text = nil, lineBuffer{}
		p.notify()
	case p.job.open && !p.job.spoilt:
		p.ops, p.text = nil, lineBuffer{}
		p.job.spoilt, p.job.why = true, p.nipponStatus()
	}
}

// notify says how the job ended: FF 13, its ID, the printer's status now and when it was spoilt, three spare bytes.
func (p *Printer) notify() {
	p.inTurn = true
	status := (p.nipponStatus() | p.job.why) &^ 0x80
	p.reply(append(append([]byte{0xFF, 0x13}, p.job.id...), status, 0, 0, 0)...)
	p.inTurn = false
	p.job = job{}
}

// nipponStatus is the answer to ESC v.
func (p *Printer) nipponStatus() byte {
	s := &p.state
	return bits(s.nearEnd || s.paperEnd(), 0x01) | bits(s.cover, 0x02) | bits(s.paperEnd(), 0x04) |
		bits(s.jamError, 0x10) | bits(s.hot, 0x20) | bits(p.job.open || p.job.waiting, 0x80)
}

func addNippon(table commandTable) {
	for head, c := range map[string]command{
		"\x1DG":    {length: jobLength, do: jobMark},
		"\x1De":    {params: 1, do: nothing}, // 5: done when it came in
		"\x1Bb":    {params: 3, do: nipponImage},
		"\x1Bq":    {length: untilNUL(5, 1<<10), do: nipponQR},
		"\x1Br":    {params: 1, do: func(p *Printer, _ []byte) { p.leave(positionNone) }},
		"\x1Bs":    {params: 1, do: information},
		"\x1Bv":    {do: func(p *Printer, _ []byte) { p.reply(p.nipponStatus()) }},
		"\x1B\x1E": {params: 2, do: nothing}, // how bar codes end
	} {
		table.add(head, c)
	}
}

// jobLength is GS G n, with four bytes of ID for n 31h and 30h.
func jobLength(cmd []byte) int {
	if len(cmd) > 2 && (cmd[2] == 0x31 || cmd[2] == 0x30) {
		return 7
	}
	return 3
}

func jobMark(p *Printer, a []byte) {
	switch a[0] {
	case 0x21, 0x31:
		p.job = job{open: true}
	case 0x20:
		p.job = job{}
	case 0x30:
		p.job = job{id: append([]byte(nil), a[1:]...), waiting: true, spoilt: p.job.spoilt, why: p.job.why}
		if p.job.spoilt {
			p.notify()
			return
		}
		p.do(op{kind: opThen, then: p.notify})
	default:
		p.ignore(3)
	}
}

// nipponImage is ESC b n1 n2 n3: n2 and n3 rows of n1 bytes follow.
func nipponImage(p *Printer, a []byte) { p.startImage(0, int(a[0]), word(a[1:])) }

// information is ESC s n.
func information(p *Printer, a []byte) {
	switch a[0] {
	case 2:
		p.reply([]byte("\xFF\x02NP-SIM\x00")...)
	case 3, 4:
		p.reply([]byte("\xFF" + string(rune(a[0])) + "V1.00SIM")...)
	default:
		p.ignore(3)
	}
}

// nipponQR is ESC q size level mode data… 00; a comma begins a stretch in another mode, an exclamation mark quotes.
func nipponQR(p *Printer, a []byte) {
	module, ok := int(a[0]&0x0F), strings.IndexByte("\x01\x02\x03\x04\x08", a[0]&0x0F) >= 0
	if !ok {
		module = 4
	}
	level, ok := p.t.ecc[a[1]&0x0F]
	if !ok {
		level = qr.L
	}
	var data []byte
	for rest := a[3 : len(a)-1]; len(rest) > 0; rest = rest[1:] {
		switch {
		case rest[0] == '!' && len(rest) > 1:
			rest = rest[1:]
			data = append(data, rest[0])
		case rest[0] == ',' && len(rest) > 1:
			rest = rest[1:] // the letter of the mode
		default:
			data = append(data, rest[0])
		}
	}
	if strings.IndexByte("NAB", a[2]) < 0 || !p.printQR(string(data), level, module) {
		p.ignore(2)
	}
}
