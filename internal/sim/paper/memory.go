// SPDX-License-Identifier: EUPL-1.2

package paper

import "time"

// nvSize is the size of the lasting memory for logos, in bytes.
const nvSize = 128 << 10

// memory is what a power cut does not erase.
type memory struct {
	keyed    map[[2]byte]*picture // GS ( L
	numbered []*picture           // FS q, from 1 on
	named    map[int]*logo        // Custom's FS 94h
}

// logo is one of Custom's.
type logo struct {
	picture
	ripe bool // the printer has been switched off and on since it was stored; before that it is not printed
}

func (m *memory) ripen() {
	for _, l := range m.named {
		l.ripe = true
	}
}

// free is how many bytes are left.
func (m *memory) free() int {
	n := nvSize
	for _, p := range m.keyed {
		n -= len(p.bits)
	}
	for _, p := range m.numbered {
		n -= len(p.bits)
	}
	for _, l := range m.named {
		n -= len(l.bits)
	}
	return n
}

func (m *memory) keep(key [2]byte, p *picture) {
	if m.keyed == nil {
		m.keyed = make(map[[2]byte]*picture)
	}
	m.keyed[key] = p
}

// write changes the lasting memory. It takes its time, in which the printer hears nothing: with flow control the host
// is held, without it what it sends is lost.
func (p *Printer) write(bytes int, change func()) {
	p.do(op{kind: opWrite, took: 500*time.Millisecond + time.Duration(bytes)*40*time.Microsecond, then: func() {
		p.count.Writes++
		change()
	}})
}

// logosLength is how long FS q n [xL xH yL yH d1…dk]1…n is, with so many bytes before the n.
func logosLength(head int) func(cmd []byte) int {
	return func(cmd []byte) int {
		if len(cmd) <= head {
			return head + 1
		}
		at := head + 1
		for range int(cmd[head]) {
			if len(cmd) < at+4 {
				return at + 4
			}
			at += 4 + word(cmd[at:])*word(cmd[at+2:])*8
		}
		return at
	}
}

// storeLogos is FS q: it replaces all logos and resets the printer.
func storeLogos(p *Printer, a []byte) {
	var logos []*picture
	size := 0
	for at := 1; at < len(a); {
		w, h := word(a[at:]), word(a[at+2:])
		size += w * h * 8
		if w == 0 || w > 1023 || h == 0 || h > 288 || size > nvSize {
			p.ignore(2)
			return
		}
		logos = append(logos, fromColumns(w*8, h, a[at+4:at+4+w*h*8]))
		at += 4 + w*h*8
	}
	if len(logos) == 0 || !p.text.empty() {
		p.ignore(2)
		return
	}
	p.write(size, func() {
		p.nv.numbered = logos
		p.reset()
	})
}

// printStored is FS p n m.
func printStored(p *Printer, a []byte) {
	n, m := int(a[0]), a[1]&^'0'
	if n < 1 || n > len(p.nv.numbered) || m > 3 {
		p.ignore(len(p.cmd))
		return
	}
	p.printPicture(*p.nv.numbered[n-1], 1+int(m&1), 1+int(m>>1))
}
