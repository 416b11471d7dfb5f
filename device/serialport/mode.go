// SPDX-License-Identifier: EUPL-1.2

package serialport

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// setMode makes a terminal a plain line of bytes with the configured characters and reads the
// mode back (termios(3), ioctl_tty(2)). False: the file is no terminal and stays as it is.
func setMode(fd int, c Config) (terminal bool, err error) {
	mode, err := unix.IoctlGetTermios(fd, unix.TCGETS2)
	if errors.Is(err, unix.ENOTTY) || errors.Is(err, unix.EINVAL) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read the line's mode: %w", err)
	}
	if c.Baud == 0 {
		return true, errors.New("no baud rate is configured: use the speed in bit/s that the device is set to")
	}
	if err := seize(fd); err != nil {
		return true, err
	}
	raw(mode)
	characters(mode, c)
	if err := unix.IoctlSetTermios(fd, unix.TCSETS2, mode); err != nil {
		return true, fmt.Errorf("set the line's mode: %w", err)
	}
	got, err := unix.IoctlGetTermios(fd, unix.TCGETS2)
	if err != nil {
		return true, fmt.Errorf("read the line's mode back: %w", err)
	}
	// A line's clock need not divide evenly; beyond one part in forty characters get damaged.
	if off := int(got.Ospeed) - c.Baud; 40*max(off, -off) > c.Baud {
		return true, fmt.Errorf("the line does not do %d baud, it offers %d", c.Baud, got.Ospeed)
	}
	if want := uint32(unix.CRTSCTS | unix.CSIZE | unix.PARENB | unix.PARODD); got.Cflag&want != mode.Cflag&want {
		return true, fmt.Errorf("the line refuses %s", describe(c))
	}
	if err := raise(fd, c); err != nil {
		return true, fmt.Errorf("raise the line's wires: %w", err)
	}
	if err := flush(fd); err != nil {
		return true, fmt.Errorf("discard old input: %w", err)
	}
	return true, nil
}

// raise tells the device that somebody is there; printers keep their answers to themselves
// otherwise. With hardware flow control RTS is the driver's. Not every line has such wires.
func raise(fd int, c Config) error {
	wires := unix.TIOCM_DTR | unix.TIOCM_RTS
	if c.FlowControl == FlowRTSCTS {
		wires = unix.TIOCM_DTR
	}
	err := unix.IoctlSetPointerInt(fd, unix.TIOCMBIS, wires)
	if errors.Is(err, unix.ENOTTY) || errors.Is(err, unix.EINVAL) {
		return nil
	}
	return err
}

// raw switches off all that a terminal does to bytes. Reads return as soon as there is a byte;
// the modem's carrier is ignored; its lines are not dropped at closing, which some printers
// take for a reset.
func raw(mode *unix.Termios) {
	mode.Iflag &^= unix.IGNBRK | unix.BRKINT | unix.PARMRK | unix.ISTRIP | unix.INLCR | unix.IGNCR |
		unix.ICRNL | unix.IUCLC | unix.IXON | unix.IXOFF | unix.IXANY | unix.IMAXBEL | unix.INPCK
	mode.Oflag &^= unix.OPOST
	mode.Lflag &^= unix.ECHO | unix.ECHONL | unix.ICANON | unix.ISIG | unix.IEXTEN
	mode.Cflag &^= unix.HUPCL | unix.CSTOPB
	mode.Cflag |= unix.CREAD | unix.CLOCAL
	mode.Cc[unix.VMIN] = 1
	mode.Cc[unix.VTIME] = 0
}

func characters(mode *unix.Termios, c Config) {
	mode.Cflag &^= unix.CBAUD | unix.CBAUD<<16 | unix.CSIZE | unix.PARENB | unix.PARODD | unix.CMSPAR | unix.CRTSCTS
	// BOTHER takes any speed as a number, for both directions.
	mode.Cflag |= unix.BOTHER
	mode.Ispeed, mode.Ospeed = uint32(c.Baud), uint32(c.Baud)
	if c.DataBits == 7 {
		mode.Cflag |= unix.CS7
	} else {
		mode.Cflag |= unix.CS8
	}
	switch c.Parity {
	case ParityEven:
		mode.Cflag |= unix.PARENB
	case ParityOdd:
		mode.Cflag |= unix.PARENB | unix.PARODD
	case ParityNone:
	}
	switch c.FlowControl {
	case FlowRTSCTS:
		mode.Cflag |= unix.CRTSCTS
	case FlowXonXoff:
		mode.Iflag |= unix.IXON
	case FlowNone:
	}
}

func describe(c Config) string {
	bits := c.DataBits
	if bits == 0 {
		bits = 8
	}
	return fmt.Sprintf("%d data bits, parity %q, flow control %q", bits, c.Parity, c.FlowControl)
}

// flush throws away what was received and what was not sent.
func flush(fd int) error { return unix.IoctlSetInt(fd, unix.TCFLSH, unix.TCIOFLUSH) }
