// SPDX-License-Identifier: EUPL-1.2

package serialport

import (
	"golang.org/x/sys/unix"

	"github.com/avanti-queue/avanti/device"
)

// Wires are the signals of a serial line that come from the device.
type Wires struct {
	CTS bool // clear to send: a printer whose DTR arrives here takes bytes while it is up
	DSR bool // data set ready: the device has power
}

// ReadWires returns the signals at this moment (TIOCMGET, ioctl_tty(2)). False: the port is no
// open serial line of [Open], or its adapter does not tell.
func ReadWires(line device.Port) (Wires, bool) {
	p, ok := line.(*port)
	if !ok || !p.terminal {
		return Wires{}, false
	}
	var up int
	err := p.control(func(fd int) (err error) {
		up, err = unix.IoctlGetInt(fd, unix.TIOCMGET)
		return err
	})
	return Wires{CTS: up&unix.TIOCM_CTS != 0, DSR: up&unix.TIOCM_DSR != 0}, err == nil
}
