// SPDX-License-Identifier: EUPL-1.2

package panel_test

import (
	"strings"
	"testing"

	"github.com/avanti-queue/avanti/device/panel"
)

func TestOpenSaysWhatIsWrong(t *testing.T) {
	for path, want := range map[string]string{
		"/dev/spidev0.0.0":  "not a device file such as /dev/spidev0.0",
		"/dev/ttyS0":        "not a device file",
		"/dev/spidev250.25": "is SPI switched on",
	} {
		if _, err := panel.OpenSPI(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", path, err)
		}
	}
	for path, want := range map[string]string{
		"/dev/i2c-x":   "not a device file such as /dev/i2c-0",
		"/dev/i2c-250": "is I²C switched on",
	} {
		if _, err := panel.OpenI2C(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", path, err)
		}
	}
}
