// SPDX-License-Identifier: EUPL-1.2

// Package serialport opens the line to a device as a [device.Port]: a serial port, a USB adapter,
// a pseudo-terminal, or a printer's device file such as /dev/usb/lp0.
//
// All bytes go through a non-blocking os.File, so that each read and write has a deadline, a
// partial write says how many bytes were taken, and Close wakes whoever waits. The mode of a
// serial line is set on that same descriptor and read back. The file is locked, and a serial
// line refuses to be opened again, so that no second program prints into the slip.
//
// Sources: termios(3), ioctl_tty(2), flock(2); of the printer's device file, the Linux driver
// drivers/usb/class/usblp.c: it can be waited for, is open only once, throws away at closing what
// was not sent, and may return from a read with nothing.
package serialport
