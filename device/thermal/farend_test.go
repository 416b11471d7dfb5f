// SPDX-License-Identifier: EUPL-1.2

package thermal_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/avanti-queue/avanti/device"
)

// farEnd is a small printer at the other end of a pipe: it obeys what the manuals say of the few
// commands that a slip has, keeps its buffer through paper ends and open covers, and goes on
// with it afterwards.
type farEnd struct {
	model string // a profile's name
	kind  kind

	serving sync.WaitGroup

	mu       sync.Mutex         // guards all below
	conn     io.ReadWriteCloser // nil: nobody is connected
	unplug   bool
	noPaper  bool
	cover    bool
	silent   bool
	nearEnd  bool
	hot      bool
	jammed   bool // something is in the cutter
	cutter   bool // the cutter's error, which outlasts that
	deaf     bool // does not know the command that clears it
	echo     bool // sends back what it gets, and does nothing else
	nameless bool // does not name jobs
	presents bool // leaves slips in the mouth until they are taken
	mouth    bool // one is there
	cuts     int
	ends     int // ETB
	powerUps int
	held     []byte        // the newest name of a job, for a host that is away
	jobs     []*int        // that the mechanism is at
	arm      func()        // at the third line of the next slip
	atCut    func()        // at the next cut
	cutting  bool          // since nobody asked
	prints   time.Duration // a slip; the lines before its cut take no time
	buffer   []byte
	auto     bool
	lineText strings.Builder
	lines    []string
	sheets   []string
	received []byte
}

// kind is how a far end answers.
type kind struct {
	asks   string // the dialect of its status: "epson", "custom", "star", "nippon"; "" for silence
	clears bool   // knows the command that clears it, and names jobs
	heals  bool   // notices by itself that its cutter was freed
}

func newFarEnd(model string) *farEnd {
	return &farEnd{model: model, kind: map[string]kind{
		"custom-tg2480":   {asks: "custom", heals: true},
		"custom-vkp80iii": {asks: "custom", heals: true},
		"epson-tm-t20iii": {asks: "epson", clears: true},
		"epson-tm-t88":    {asks: "epson"},
		"generic":         {asks: "epson"},
		"nippon-np2511":   {asks: "nippon", heals: true},
		"star-line":       {asks: "star", heals: true},
		"xprinter":        {asks: "epson"},
	}[model]}
}

func (f *farEnd) open(context.Context) (device.Port, error) {
	f.serving.Wait() // what came over the cable before it was pulled out comes first
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.unplug {
		return nil, errors.New("no such device")
	}
	host, printer := net.Pipe()
	f.connect(printer)
	return host, nil
}

// connect makes conn the printer's end of the cable. f.mu is held.
func (f *farEnd) connect(conn io.ReadWriteCloser) {
	f.conn = conn
	f.serving.Go(func() { f.serve(conn) })
}

func (f *farEnd) serve(conn io.ReadWriteCloser) {
	buf := make([]byte, 4096)
	for {
		n, err := conn.Read(buf)
		if err != nil {
			return
		}
		f.mu.Lock()
		if f.echo {
			f.mu.Unlock()
			conn.Write(buf[:n])
			continue
		}
		f.received = append(f.received, buf[:n]...)
		answer := append(f.held, f.take(buf[:n])...)
		f.held = nil
		f.mu.Unlock()
		f.say(conn, answer)
	}
}

// say writes an answer unless the printer has fallen silent.
func (f *farEnd) say(conn io.ReadWriteCloser, answer []byte) {
	f.mu.Lock()
	silent := f.silent || f.kind.asks == ""
	f.mu.Unlock()
	if len(answer) > 0 && !silent && conn != nil {
		conn.Write(answer) // its end has hung up at worst
	}
}

// take obeys what is obeyed at once and keeps everything for the mechanism, which skips it, or
// takes it for what an interrupted command still lacks.
func (f *farEnd) take(data []byte) (answer []byte) {
	realTimeClear := []byte{0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08}
	for i, b := range data {
		f.buffer = append(f.buffer, b)
		switch rest := data[i:]; {
		case f.kind.asks == "star":
			switch {
			case bytes.HasPrefix(rest, []byte{0x1b, 0x06, 0x01}):
				answer = append(answer, f.starStatus()...)
			case bytes.HasPrefix(rest, []byte{0x1b, 0x06, 0x18}):
				f.buffer, f.ends = nil, 0
				f.lineText.Reset()
				return answer // nothing follows in the same write
			}
		case f.kind.asks == "nippon":
		case bytes.HasPrefix(rest, []byte{0x10, 0x04}) && len(rest) > 2:
			answer = append(answer, f.status(rest[2])...)
		case bytes.HasPrefix(rest, []byte{0x10, 0x05, 2}) && f.cutter && !f.jammed:
			f.cutter = false
			f.buffer = nil
			f.lineText.Reset()
		case bytes.HasPrefix(rest, realTimeClear) && f.kind.clears && !f.deaf:
			f.buffer, f.jobs = nil, nil
			f.lineText.Reset()
			return append(answer, 0x37, 0x25, 0) // nothing follows in the same write
		}
	}
	return append(answer, f.work()...)
}

func (f *farEnd) stopped() bool { return f.noPaper || f.cover || f.cutter }

// jam puts something into the cutter or takes it out, which not all printers notice.
func (f *farEnd) jam(jammed bool) {
	f.turn(func() {
		f.jammed = jammed
		f.cutter = jammed || f.cutter && !f.kind.heals
	})
}

func flag(on bool, bits byte) byte {
	if on {
		return bits
	}
	return 0
}

func (f *farEnd) status(n byte) []byte {
	stopped := f.stopped()
	switch n {
	case 1:
		return []byte{0x12 | flag(stopped, 0x08)}
	case 2:
		return []byte{0x12 | flag(f.cover, 0x04) | flag(f.noPaper, 0x20)}
	case 3:
		return []byte{0x12 | flag(f.hot, 0x40) | flag(f.cutter, 0x08)}
	case 4:
		return []byte{0x12 | flag(f.nearEnd, 0x0c) | flag(f.noPaper, 0x60)}
	case 20:
		return []byte{
			0x10, 0x0f, flag(f.noPaper, 0x01) | flag(f.nearEnd, 0x04) | flag(f.mouth, 0x20),
			flag(f.cover, 0x02), flag(f.hot, 0x01), flag(f.cutter, 0x01),
		}
	}
	return nil
}

func (f *farEnd) starStatus() []byte {
	n := byte(f.ends % 32)
	return []byte{
		0x23, 0x06, flag(f.stopped(), 0x08) | flag(f.cover, 0x20), flag(f.hot, 0x40) | flag(f.cutter, 0x08), 0,
		flag(f.noPaper, 0x08) | flag(f.nearEnd, 0x04), 0, n&7<<1 | n&0x18<<2, flag(f.mouth, 0x06),
	}
}

func (f *farEnd) nipponStatus() byte {
	return flag(f.nearEnd, 0x01) | flag(f.cover, 0x02) | flag(f.noPaper, 0x04) | flag(f.cutter, 0x10)
}

func (f *farEnd) autoStatus() []byte {
	if !f.auto {
		return nil
	}
	switch f.kind.asks {
	case "custom":
		return f.status(20)
	case "star":
		return f.starStatus()
	}
	s := []byte{0x10, 0, 0, 0x0f}
	if f.stopped() {
		s[0] |= 0x08
	}
	if f.cover {
		s[0] |= 0x20
	}
	if f.cutter {
		s[1] |= 0x08
	}
	if f.noPaper {
		s[2] |= 0x0c
	}
	return s
}

// work obeys the buffer for as long as the printer is on line; Nippon's tell their status even
// when they are not.
func (f *farEnd) work() (answer []byte) {
	for len(f.buffer) > 0 {
		b := f.buffer
		n := length(b, f.kind.asks == "star")
		if n == 0 || len(b) < n {
			return answer // the rest has not come yet
		}
		command := string(b[:n])
		asks := f.kind.asks == "nippon" && command == "\x1bv"
		if f.stopped() && !asks {
			return answer
		}
		f.buffer = b[n:]
		if n > 1 || command == "\x17" {
			answer = append(answer, f.obey(command)...)
			continue
		}
		switch command {
		case "\n":
			answer = append(answer, f.feed()...)
		case "\x00":
		default:
			f.lineText.WriteString(command)
		}
	}
	return answer
}

// obey does what the mechanism and the counters do.
func (f *farEnd) obey(command string) (answer []byte) {
	star := f.kind.asks == "star"
	switch command[0] {
	case 0x17:
		if star {
			f.then(func() []byte { f.ends++; return f.starStatus() })
		}
		return nil
	}
	switch command[:2] {
	case "\x1da", "\x1d\xe0":
		f.auto = true
		return f.autoStatus()
	case "\x1dV", "\x1cP", "\x1bi", "\x1bd":
		if command[:2] == "\x1bi" && star || command[:2] == "\x1bd" && !star {
			return nil // the size of letters; a feed
		}
		if f.lineText.Len() == 0 {
			f.sheets = append(f.sheets, strings.Join(f.lines, "\n"))
			f.lines = nil
			f.cuts++
			f.cutting = true
			f.mouth = f.presents
			if atCut := f.atCut; atCut != nil {
				f.atCut = nil
				atCut()
			}
		}
	case "\x1dr":
		f.then(func() []byte { return []byte{0} })
	case "\x1bv":
		if f.kind.asks == "nippon" && len(f.jobs) == 0 {
			return []byte{f.nipponStatus()}
		}
		f.then(func() []byte { return []byte{flag(f.kind.asks == "nippon", f.nipponStatus())} })
	case "\x1d(":
		if command[2] == 'H' && f.kind.clears && !f.nameless {
			f.then(func() []byte { return []byte("\x37\x22" + command[7:] + "\x00") })
		}
	case "\x1d\xe2":
		return []byte(strconv.Itoa(f.cuts) + " cuts")
	case "\x1d\xe3":
		return []byte(strconv.Itoa(12*f.cuts) + "cm")
	case "\x1d\xe5":
		return []byte(strconv.Itoa(f.powerUps) + "on")
	case "\x1dG":
		if command[2] == 0x30 {
			f.then(func() []byte { return []byte("\xff\x13" + command[3:] + "\x00\x00\x00\x00") })
		}
	case "\x1b\x1e":
		switch command[2] {
		case 'a':
			f.auto = command[3] == 1
			return f.starStatus()
		case 'E':
			f.ends = 0
		}
	case "\x1b\x1d":
		if command[2] == 3 {
			f.then(func() []byte { return []byte(command + "\x07\x00") })
		}
	}
	return nil
}

// feed ends a line, which is when armed troubles come.
func (f *farEnd) feed() []byte {
	f.lines = append(f.lines, f.lineText.String())
	f.lineText.Reset()
	if len(f.lines) == 3 && f.arm != nil {
		arm := f.arm
		f.arm = nil
		arm()
		return f.autoStatus()
	}
	return nil
}

// then says something when the mechanism has come to rest, if it is still on line then.
func (f *farEnd) then(answer func() []byte) {
	conn := f.conn
	var delay time.Duration
	if f.cutting || len(f.jobs) > 0 {
		delay, f.cutting = f.prints, false
	}
	job := new(int)
	f.jobs = append(f.jobs, job)
	time.AfterFunc(delay, func() {
		f.mu.Lock()
		due := slices.Contains(f.jobs, job) // or it was cleared
		f.jobs = slices.DeleteFunc(f.jobs, func(j *int) bool { return j == job })
		var words []byte
		if due && !f.stopped() {
			words = answer()
		}
		if (conn == nil || f.conn != conn) && len(words) > 1 && words[0] == 0x37 {
			f.held = words
		}
		f.mu.Unlock()
		f.say(conn, words)
	})
}

// turn changes the printer's state as a hand would, and lets it go on and tell of it.
func (f *farEnd) turn(change func()) {
	f.mu.Lock()
	change()
	conn, answer := f.conn, f.autoStatus()
	answer = append(answer, f.work()...)
	f.mu.Unlock()
	f.say(conn, answer)
}

func (f *farEnd) plug(plugged bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.unplug = !plugged
	if !plugged && f.conn != nil {
		f.conn.Close()
		f.conn = nil
	}
}

func (f *farEnd) cut() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.sheets...)
}
