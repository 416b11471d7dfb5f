// SPDX-License-Identifier: EUPL-1.2

package serialport

import (
	"os"

	"github.com/avanti-queue/avanti/device"
)

// PortOf is a port on a file that is no terminal, as Open makes it.
func PortOf(file *os.File) device.Port { return newPort(file) }

var (
	DevicesIn = devicesIn
	Refusal   = refusal
	Within    = within
)
