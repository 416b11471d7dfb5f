// SPDX-License-Identifier: EUPL-1.2

package thermal_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
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

	mu       sync.Mutex         // guards all below
	conn     io.ReadWriteCloser // nil: nobody is connected
	unplug   bool
	noPaper  bool
	cover    bool
	silent   bool
	nearEnd  bool
	hot      bool
	jammed   bool   // something is in the cutter
	cutter   bool   // the cutter's error, which outlasts that
	deaf     bool   // does not know the command that clears it
	arm      func() // at the third line of the next slip
	prints   time.Duration
	buffer   []byte
	auto     bool
	lineText strings.Builder
	lines    []string
	sheets   []string
	received []byte
}

func (f *farEnd) open(context.Context) (device.Port, error) {
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
	go f.serve(conn)
}

func (f *farEnd) serve(conn io.ReadWriteCloser) {
	buf := make([]byte, 4096)
	for {
		n, err := conn.Read(buf)
		if err != nil {
			return
		}
		f.mu.Lock()
		f.received = append(f.received, buf[:n]...)
		answer := f.take(buf[:n])
		f.mu.Unlock()
		f.say(conn, answer)
	}
}

// say writes an answer unless the printer has fallen silent.
func (f *farEnd) say(conn io.ReadWriteCloser, answer []byte) {
	f.mu.Lock()
	silent := f.silent || f.model == "silent"
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
		case bytes.HasPrefix(rest, []byte{0x10, 0x04}) && len(rest) > 2:
			answer = append(answer, f.status(rest[2])...)
		case bytes.HasPrefix(rest, []byte{0x10, 0x05, 2}) && f.cutter && !f.jammed:
			f.cutter = false
			f.buffer = nil
			f.lineText.Reset()
		case bytes.HasPrefix(rest, realTimeClear) && f.model == "epson-tm-t20iii" && !f.deaf:
			f.buffer = nil
			f.lineText.Reset()
			return append(answer, 0x37, 0x25, 0) // nothing follows in the same write
		}
	}
	return append(answer, f.work()...)
}

func (f *farEnd) stopped() bool { return f.noPaper || f.cover || f.cutter }

// jam puts something into the cutter or takes it out; only Custom's printers notice the latter.
func (f *farEnd) jam(jammed bool) {
	f.turn(func() {
		f.jammed = jammed
		f.cutter = jammed || f.cutter && f.model != "custom-vkp80iii"
	})
}

func (f *farEnd) status(n byte) []byte {
	flag := func(on bool, bits byte) byte {
		if on {
			return bits
		}
		return 0
	}
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
		return []byte{0x10, 0x0f, flag(f.noPaper, 0x01) | flag(f.nearEnd, 0x04), flag(f.cover, 0x02), flag(f.hot, 0x01), flag(f.cutter, 0x01)}
	}
	return nil
}

func (f *farEnd) autoStatus() []byte {
	if !f.auto {
		return nil
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

// work obeys the buffer for as long as the printer is on line.
func (f *farEnd) work() (answer []byte) {
	for len(f.buffer) > 0 && !f.stopped() {
		b := f.buffer
		n := length(b)
		if n == 0 || len(b) < n {
			return answer // the rest has not come yet
		}
		command := string(b[:n])
		f.buffer = b[n:]
		if n == 1 {
			switch {
			case command == "\n":
				answer = append(answer, f.feed()...)
			case command != "\x00":
				f.lineText.WriteString(command)
			}
			continue
		}
		switch command[:2] {
		case "\x1da":
			f.auto = true
			answer = append(answer, f.autoStatus()...)
		case "\x1dV", "\x1cP":
			if f.lineText.Len() == 0 {
				f.sheets = append(f.sheets, strings.Join(f.lines, "\n"))
				f.lines = nil
			}
		case "\x1dr", "\x1bv":
			f.later([]byte{0})
		case "\x1d(":
			if command[2] == 'H' {
				f.later([]byte("\x37\x22" + command[7:] + "\x00"))
			}
		}
	}
	return answer
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

// later answers when the mechanism has come to rest, if it is still on line then.
func (f *farEnd) later(answer []byte) {
	conn := f.conn
	time.AfterFunc(f.prints, func() {
		f.mu.Lock()
		stopped := f.stopped()
		f.mu.Unlock()
		if !stopped {
			f.say(conn, answer)
		}
	})
}

// length returns how many bytes the first command has; 0: not known yet.
func length(b []byte) int {
	if b[0] >= 0x20 || b[0] == '\n' || b[0] == 0 {
		return 1
	}
	if len(b) < 2 {
		return 0
	}
	switch string(b[:2]) {
	case "\x1b@", "\x1c.", "\x1bv":
		return 2
	case "\x1dV":
		return 4
	case "\x1cP":
		return 6
	case "\x10\x14":
		return 10
	case "\x1d(":
		if len(b) < 5 {
			return 0
		}
		return 5 + int(b[3]) + int(b[4])<<8
	}
	return 3
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
