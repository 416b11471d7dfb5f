// SPDX-License-Identifier: EUPL-1.2

package gpio

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"periph.io/x/conn/v3/driver/driverreg"
	periph "periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/gpio/gpioreg"
	"periph.io/x/host/v3/gpioioctl"
)

// Line finds a line of the board: by its name, "GPIO17", as the kernel gives it (gpioinfo lists
// them), by chip and number, "gpiochip0:17", or by chip and name, "pinctrl-bcm2711:GPIO17". A chip
// goes by its name or its label. The error says what there is instead.
//
// The chips of the board are looked for once, at the first call. Nothing is changed on the line.
func Line(name string) (periph.PinIO, error) {
	chip, line, err := split(name)
	if err != nil {
		return nil, err
	}
	if _, err := driverreg.Init(); err != nil {
		return nil, fmt.Errorf("GPIO line %s: %w", name, err)
	}
	if len(gpioioctl.Chips) == 0 && gpioreg.ByName(name) == nil {
		return nil, fmt.Errorf("GPIO line %s: the board has no GPIO chip that this program may open: look at /dev/gpiochip* and their group", name)
	}
	var found []*gpioioctl.GPIOLine
	for _, c := range gpioioctl.Chips {
		if chip != "" && chip != c.Name() && chip != c.Label() {
			continue
		}
		if l := lineOf(c, line); l != nil {
			found = append(found, l)
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return nil, fmt.Errorf("GPIO line %s: %d chips have one: put the chip and a colon before it; there are %s", name, len(found), chips())
	case chip == "":
		// Names that another driver of periph.io knows.
		if p := gpioreg.ByName(name); p != nil {
			return p, nil
		}
	}
	return nil, fmt.Errorf("GPIO line %s: no such line: use its name or chip:number; there are %s", name, chips())
}

// split parts "chip:line" and "line".
func split(name string) (chip, line string, err error) {
	line = name
	if c, l, ok := strings.Cut(name, ":"); ok {
		if c == "" {
			return "", "", fmt.Errorf("GPIO line %q: no chip before the colon", name)
		}
		chip, line = c, l
	}
	if line == "" {
		return "", "", errors.New("GPIO line: no name: use one such as GPIO17 or gpiochip0:17")
	}
	return chip, line, nil
}

// lineOf returns the line of a name or, if there is none and it is a number, of that number.
func lineOf(c *gpioioctl.GPIOChip, line string) *gpioioctl.GPIOLine {
	for _, l := range c.Lines() {
		// periph.io puts the chip's name before a line's that another driver has as well.
		if l.Name() == line || l.Name() == c.Name()+"-"+line {
			return l
		}
	}
	n, err := strconv.Atoi(line)
	if err != nil || n < 0 || n >= c.LineCount() {
		return nil
	}
	return c.ByNumber(n)
}

func chips() string {
	var all []string
	for _, c := range gpioioctl.Chips {
		all = append(all, fmt.Sprintf("%s (%s, %d lines)", c.Name(), c.Label(), c.LineCount()))
	}
	if len(all) == 0 {
		return "no chips"
	}
	return strings.Join(all, ", ")
}

// release gives a line back to the kernel, if its driver can.
func release(p periph.PinIO) {
	if c, ok := p.(interface{ Close() }); ok {
		c.Close()
	}
}
