// SPDX-License-Identifier: EUPL-1.2

package serialport

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// refusal says why a device file cannot be used and what to do about it.
func refusal(path string, err error) error {
	if cause, ok := errors.AsType[*fs.PathError](err); ok {
		err = cause.Err // the path stands in front already
	}
	return fmt.Errorf("serial port %s: %w%s", path, taken(err), remedy(path, err))
}

// taken makes one error of both ways in which a line is another program's.
func taken(err error) error {
	if errors.Is(err, unix.EBUSY) {
		return ErrTaken
	}
	return err
}

func remedy(path string, err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return instead()
	case errors.Is(err, fs.ErrPermission):
		return ": add the user that runs this program to the group " + group(path) + " and start it again"
	case errors.Is(err, unix.EBUSY), errors.Is(err, ErrTaken):
		return ": end that one first (avantid, or a service that takes each new line: ModemManager, brltty, a login on the serial console)"
	case errors.Is(err, unix.ENXIO), errors.Is(err, unix.ENODEV), errors.Is(err, unix.EIO):
		return ": there is a name but no device behind it: check the cable" + instead()
	}
	return ""
}

// instead names the devices that are there.
func instead() string {
	names := Devices()
	if len(names) == 0 {
		return ": no device is plugged in that could be meant: check its cable and its power"
	}
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = strconv.Quote(name)
	}
	return ": these are there: " + strings.Join(quoted, ", ")
}

// group names the group that may use a device file; on Debian dialout for serial lines, lp for
// printers.
func group(path string) string {
	if info, err := os.Stat(path); err == nil {
		if stat, ok := info.Sys().(*syscall.Stat_t); ok {
			if found, err := user.LookupGroupId(strconv.FormatUint(uint64(stat.Gid), 10)); err == nil {
				return found.Name
			}
		}
	}
	return "dialout (of a serial line) or lp (of a printer's device file)"
}
