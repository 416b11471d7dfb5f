// SPDX-License-Identifier: EUPL-1.2

package config_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/internal/config"
)

func TestBoard(t *testing.T) {
	want := config.Board{
		Buttons: []config.Button{
			{ID: "key-1", Counter: "c1", Key: config.KeyNext, Line: "GPIO17", Pull: config.PullUp},
			{
				ID: "key-2", Counter: "c2", Key: config.KeyNext, Line: "gpiochip0:27", Pull: config.PullDown, ActiveHigh: true,
				Long: 2 * time.Second, LongKey: config.KeyNoShow,
			},
			{
				ID: "key-3", Counter: "c2", Key: config.KeyStart, Line: "pinctrl-bcm2711:GPIO22", Pull: config.PullNone, ActiveHigh: true,
				Long: config.DefaultLong, LongKey: config.KeyRecall,
			},
		},
		Lamps: []config.Lamp{
			{ID: "lamp-1", Counter: "c1", Line: "GPIO23"},
			{ID: "lamp-2", Counter: "c2", Line: "GPIO24", ActiveLow: true},
		},
		Panels: []config.PanelLine{
			{Wire: config.WireSPI, Path: "/dev/spidev0.0", Driver: config.DriverMAX7219, Brightness: 15, Panels: []config.WiredPanel{
				{ID: "wall-1", Counter: "c1", Places: 4},
				{ID: "wall-2", Counter: "c2", Places: 3, DropPrefix: true, Dashes: true},
			}},
			{Wire: config.WireI2C, Path: "/dev/i2c-1", Driver: config.DriverHT16K33, Brightness: config.DefaultBrightness, Panels: []config.WiredPanel{
				{ID: "desk-1", Counter: "c1", Address: 0x70, Segments: 7, Columns: []int{0, 1, 3, 4}},
				{ID: "desk-2", Counter: "c2", Address: 0x77, Segments: 14, Columns: []int{3, 2, 1, 0}},
			}},
			{Wire: config.WireSerial, Path: "/dev/serial/by-path/platform-fd500000.pcie-usb-0:1.1:1.0-port0", Driver: "modbus", Brightness: config.DefaultBrightness, Panels: []config.WiredPanel{
				{ID: "door-1", Counter: "c1", Address: 1, Places: 4},
				{ID: "door-2", Counter: "c2", Address: 2, Places: 4, Dashes: true},
			}},
			{Wire: config.WireSerial, Path: "/dev/ttyAMA1", Driver: "acme", Brightness: config.DefaultBrightness, Panels: []config.WiredPanel{
				{ID: "door-3", Counter: "c1", Address: 7, Places: 3, DropPrefix: true},
			}},
		},
		Protocols: []config.PanelProtocol{{
			Name: "acme", Baud: 4800, Parity: config.ParityEven, First: 1, Last: 99, Glyphs: "digits", Least: 1, Most: 4,
			Frame: "02 address:2 'N' text sum 03", Answer: "06 address:2", Refusal: "15 address:2", Blank: "0",
			Within: 200 * time.Millisecond, Gap: 30 * time.Millisecond,
		}},
	}
	if diff := cmp.Diff(want, load(t, "configs/good/board.yaml").Board); diff != "" {
		t.Errorf("board (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(config.Board{}, load(t, "configs/good/minimal.yaml").Board); diff != "" {
		t.Errorf("a board without anything (-want +got):\n%s", diff)
	}
}
