// SPDX-License-Identifier: EUPL-1.2

package serialport

import "path/filepath"

// maxDevices is more than a kiosk has plugs, and few enough for a line of text.
const maxDevices = 16

// Devices returns the paths of lines and printers that are plugged in, the names that survive
// replugging first; at most 16. Ports that are part of the board are there only if the system
// has given them a name of their own: a board has names for many that it does not have.
func Devices() []string { return devicesIn("/dev") }

func devicesIn(dev string) []string {
	var found []string
	for _, pattern := range []string{"avanti/*", "serial/by-id/*", "serial/by-path/*", "usb/lp*", "serial[0-9]", "ttyAMA*"} {
		names, err := filepath.Glob(filepath.Join(dev, pattern))
		if err != nil {
			continue // only a malformed pattern is an error
		}
		found = append(found, names...)
	}
	return found[:min(len(found), maxDevices)]
}
