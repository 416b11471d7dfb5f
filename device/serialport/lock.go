// SPDX-License-Identifier: EUPL-1.2

package serialport

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// ErrTaken is why a line cannot be opened that another program has open.
var ErrTaken = errors.New("another program has it")

// lock takes the advisory lock of the file. It holds among those who take it too, root's
// programs included, and ends with the descriptor.
func lock(fd int) error {
	err := unix.Flock(fd, unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		return ErrTaken
	}
	if err != nil {
		return fmt.Errorf("lock: %w", err)
	}
	return nil
}

func unlock(fd int) error {
	if err := unix.Flock(fd, unix.LOCK_UN); err != nil {
		return fmt.Errorf("unlock: %w", err)
	}
	return nil
}

// seize has a terminal refuse to be opened again (TIOCEXCL, ioctl_tty(2)). It holds against
// programs that know of no lock, but not against root's.
func seize(fd int) error {
	if err := unix.IoctlSetInt(fd, unix.TIOCEXCL, 0); err != nil {
		return fmt.Errorf("take the line for ourselves: %w", err)
	}
	return nil
}

// release gives the file to others again. What a terminal has not sent is thrown away first, or
// closing would wait for a device that holds the line, and the rest of a slip could come out
// later. A driver that goes on waiting nevertheless keeps nobody else out meanwhile.
func release(fd int, terminal bool) error {
	if terminal {
		for _, err := range []error{flush(fd), unix.IoctlSetInt(fd, unix.TIOCNXCL, 0)} {
			// EIO: the device is gone, and its bytes with it.
			if err != nil && !errors.Is(err, unix.EIO) {
				return fmt.Errorf("release the line: %w", err)
			}
		}
	}
	return unlock(fd)
}
