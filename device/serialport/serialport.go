// SPDX-License-Identifier: EUPL-1.2

package serialport

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"

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
// wait for a carrier nor for anything else. The caller closes the port; closing ends the calls
// that are under way, throws away what was not yet sent and gives the lock back.
//
// The error names the path and what to do; it is [ErrTaken] where another program has the line.
//
// Reads and writes of the port return an error once the device is gone. A printer's device file
// that cannot be read from, or that hands out nothing for the moment, is a silent one.
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
		return nil, refusal(c.Path, err)
	}
	p := newPort(file)
	if err := p.setUp(c); err != nil {
		return nil, errors.Join(refusal(c.Path, err), p.Close())
	}
	return p, nil
}
