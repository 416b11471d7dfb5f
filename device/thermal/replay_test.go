// SPDX-License-Identifier: EUPL-1.2

package thermal_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/devicetest"
)

// The driver passes the suite's case with recorded printers. What it says must be what was recorded, byte for
// byte.
func TestRecordedPrinters(t *testing.T) {
	for _, model := range []string{"epson-tm-t20iii", "custom-vkp80iii"} {
		t.Run(model, func(t *testing.T) {
			devicetest.TestRecorded(t, func(t *testing.T) devicetest.Bench {
				opened := false
				p, profile := startOn(t, model, nil, func(context.Context) (device.Port, error) {
					if opened {
						return nil, errors.New("there is one recording")
					}
					opened = true
					return devicetest.Replay(t, filepath.Join("..", "..", "testdata", "captures", model+".txt")), nil
				})
				return devicetest.Bench{Printer: p, Level: profile.Confirm}
			})
		})
	}
}
