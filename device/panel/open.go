// SPDX-License-Identifier: EUPL-1.2

package panel

import (
	"fmt"
	"strconv"
	"strings"

	"periph.io/x/conn/v3/i2c"
	"periph.io/x/conn/v3/spi"
	"periph.io/x/host/v3/sysfs"
)

// OpenSPI opens an SPI port by its device file, /dev/spidev0.1 for bus 0, chip select 1. The caller
// closes it.
func OpenSPI(path string) (spi.PortCloser, error) {
	n, err := numbers(path, "/dev/spidev", 2)
	if err != nil {
		return nil, err
	}
	port, err := sysfs.NewSPI(n[0], n[1])
	if err != nil {
		return nil, fmt.Errorf("%s: %w: is SPI switched on and may this program open it?", path, err)
	}
	return port, nil
}

// OpenI2C opens an I²C bus by its device file, /dev/i2c-1 for bus 1. The caller closes it.
func OpenI2C(path string) (i2c.BusCloser, error) {
	n, err := numbers(path, "/dev/i2c-", 1)
	if err != nil {
		return nil, err
	}
	bus, err := sysfs.NewI2C(n[0])
	if err != nil {
		return nil, fmt.Errorf("%s: %w: is I²C switched on and may this program open it?", path, err)
	}
	return bus, nil
}

// numbers reads what stands behind the prefix of a device file's path, parted by dots.
func numbers(path, prefix string, want int) ([]int, error) {
	rest, ok := strings.CutPrefix(path, prefix)
	var out []int
	for part := range strings.SplitSeq(rest, ".") {
		n, err := strconv.ParseUint(part, 10, 8)
		ok = ok && err == nil && strconv.FormatUint(n, 10) == part
		out = append(out, int(n))
	}
	if !ok || len(out) != want {
		return nil, fmt.Errorf("%q: not a device file such as %s0%s", path, prefix, strings.Repeat(".0", want-1))
	}
	return out, nil
}
