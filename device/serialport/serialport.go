// SPDX-License-Identifier: EUPL-1.2

package serialport

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/avanti-queue/avanti/device"
)

// Parity is the check bit of each character.
type Parity string

// The parities.
const (
	ParityNone Parity = "none" // the zero value means this too
	ParityEven Parity = "even"
	ParityOdd  Parity = "odd"
)

// FlowControl is how a device holds back what is sent to it.
type FlowControl string

// The kinds of flow control. Linux has none by DTR; a cable that brings the printer's DTR to
// the host's CTS makes it FlowRTSCTS.
const (
	FlowNone    FlowControl = "none"    // the zero value means this too
	FlowRTSCTS  FlowControl = "rtscts"  // by wires
	FlowXonXoff FlowControl = "xonxoff" // by the bytes 11h and 13h, which are then not read
)

// Config says which line to open and how. What concerns characters is ignored for a file that is
// no terminal.
type Config struct {
	// Path is the device file. Prefer a stable name below /dev/serial/by-id or by-path: it is
	// resolved at each opening, and a device that was pulled out may come back under another
	// number. Required.
	Path        string
	Baud        int         // bit/s; required for a terminal
	DataBits    int         // 7 or 8; 0: 8
	Parity      Parity      // "": none
	FlowControl FlowControl // "": none
}

func (c Config) validate() error {
	switch {
	case c.Path == "":
		return errors.New("serial port: no path is configured")
	case c.Baud < 0:
		return fmt.Errorf("serial port %s: %d baud: use the speed in bit/s that the device is set to", c.Path, c.Baud)
	case c.DataBits != 0 && c.DataBits != 7 && c.DataBits != 8:
		return fmt.Errorf("serial port %s: %d data bits: use 7 or 8", c.Path, c.DataBits)
	case c.Parity != "" && c.Parity != ParityNone && c.Parity != ParityEven && c.Parity != ParityOdd:
		return fmt.Errorf("serial port %s: parity %q: use none, even or odd", c.Path, c.Parity)
	case c.FlowControl != "" && c.FlowControl != FlowNone && c.FlowControl != FlowRTSCTS && c.FlowControl != FlowXonXoff:
		return fmt.Errorf("serial port %s: flow control %q: use none, rtscts or xonxoff", c.Path, c.FlowControl)
	}
	return nil
}

// Open opens, locks and sets up a line. Input that arrived before is thrown away. It does not
// wait for a carrier nor for anything else. The caller closes the port; closing throws away what
// was not yet sent and gives the lock back.
//
// Reads of the port return io.EOF or an error once the device is gone.
func Open(ctx context.Context, c Config) (device.Port, error) {
	if err := c.validate(); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	// Non-blocking from the start: opening waits for no carrier, and the runtime's poller takes
	// the file, which is what makes deadlines work.
	file, err := os.OpenFile(c.Path, os.O_RDWR|syscall.O_NOCTTY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, fmt.Errorf("serial port: %w", err)
	}
	p := &port{File: file}
	if err := p.setUp(c); err != nil {
		return nil, errors.Join(fmt.Errorf("serial port %s: %w", c.Path, err), file.Close())
	}
	return p, nil
}

type port struct {
	*os.File
	terminal bool
}

// setUp locks the file before it changes anything: the line may be another program's.
func (p *port) setUp(c Config) error {
	if err := p.SetDeadline(time.Time{}); err != nil {
		return fmt.Errorf("it is no device that can be waited for: %w", err)
	}
	return p.control(func(fd int) error {
		if err := unix.Flock(fd, unix.LOCK_EX|unix.LOCK_NB); err != nil {
			if errors.Is(err, unix.EWOULDBLOCK) {
				return errors.New("another program has it locked: end that one first")
			}
			return fmt.Errorf("lock: %w", err)
		}
		terminal, err := setMode(fd, c)
		p.terminal = terminal
		return err
	})
}

// control runs fn on the descriptor, which cannot be closed meanwhile.
func (p *port) control(fn func(fd int) error) error {
	raw, err := p.SyscallConn()
	if err != nil {
		return err
	}
	var result error
	if err := raw.Control(func(fd uintptr) { result = fn(int(fd)) }); err != nil {
		return err
	}
	return result
}

// Close throws away what was not sent, or closing would wait half a minute for a line that flow
// control holds, and the rest of a slip could come out later.
func (p *port) Close() error {
	var flushed error
	if p.terminal {
		flushed = p.control(flush)
		if errors.Is(flushed, unix.EIO) {
			flushed = nil // the device is gone, and its bytes with it
		}
	}
	return errors.Join(flushed, p.File.Close())
}
