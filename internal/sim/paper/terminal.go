// SPDX-License-Identifier: EUPL-1.2

package paper

import (
	"errors"
	"fmt"
	"os"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// Terminal is a pseudo-terminal that stands for a serial line: a printer serves it, and a host opens Name as it would
// open /dev/ttyUSB0, as often as it likes. Closing it is pulling the cable: the host's reads and writes fail. It has no
// modem lines, and the system holds some kilobytes between the two ends.
type Terminal struct {
	Name   string // of the host's end
	master *os.File
	host   *os.File // kept open, so that a host that goes away does not end the line
}

// OpenTerminal makes a pseudo-terminal in raw mode. The caller closes it, or lets Serve do so.
func OpenTerminal() (*Terminal, error) {
	blocking, host, err := pty.Open()
	if err != nil {
		return nil, fmt.Errorf("paper: make a pseudo-terminal: %w", err)
	}
	err = raw(host)
	var master *os.File
	if err == nil {
		master, err = pollable(blocking)
	}
	if err := errors.Join(err, blocking.Close()); err != nil {
		return nil, errors.Join(fmt.Errorf("paper: set up the pseudo-terminal %s: %w", host.Name(), err), host.Close())
	}
	return &Terminal{Name: host.Name(), master: master, host: host}, nil
}

// Read reads what the host wrote.
func (t *Terminal) Read(b []byte) (int, error) { return t.master.Read(b) }

// Write writes to the host.
func (t *Terminal) Write(b []byte) (int, error) { return t.master.Write(b) }

// Close ends the line and wakes a pending Read.
func (t *Terminal) Close() error { return errors.Join(t.host.Close(), t.master.Close()) }

// pollable returns a second descriptor of f that Close wakes; the first one blocks.
func pollable(f *os.File) (*os.File, error) {
	fd, err := unix.FcntlInt(f.Fd(), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	if err := unix.SetNonblock(fd, true); err != nil {
		return nil, errors.Join(err, unix.Close(fd))
	}
	return os.NewFile(uintptr(fd), f.Name()), nil
}

// raw switches off echo and translation, lest the printer hear itself before a host has set the mode.
func raw(tty *os.File) error {
	fd := int(tty.Fd())
	mode, err := unix.IoctlGetTermios(fd, unix.TCGETS)
	if err != nil {
		return err
	}
	mode.Iflag, mode.Oflag, mode.Lflag = 0, 0, 0
	mode.Cc[unix.VMIN], mode.Cc[unix.VTIME] = 1, 0
	return unix.IoctlSetTermios(fd, unix.TCSETS, mode)
}
