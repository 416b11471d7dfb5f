// SPDX-License-Identifier: EUPL-1.2

package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/avanti-queue/avanti/internal/config"
)

// What a page may name besides what stands in the file already, and what only somebody at the machine may.
func TestByHand(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "testdata", "office", "small.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	key := strings.Repeat("ab", 32)
	printer := func(fields string) string {
		return strings.Replace(string(text), "{id: printer-1, profile: generic, path: /dev/avanti/printer-1,", "{id: printer-1, "+fields+",", 1)
	}
	with := func(lines string) string { return string(text) + "\n" + lines + "\n" }
	without := func(section, lines string) string {
		d, err := config.NewDraft("x", text)
		if err != nil {
			t.Fatal(err)
		}
		d.Set(section, nil)
		return string(d.Text()) + "\n" + lines + "\n"
	}
	tests := map[string]struct {
		text, field string // field "": a page may
	}{
		"the file as it is":       {string(text), ""},
		"espeak-ng":               {with("sound: {program: espeak-ng}"), ""},
		"espeak":                  {with("sound: {program: espeak}"), ""},
		"a shell":                 {with("sound: {program: /bin/sh}"), "sound.program"},
		"espeak-ng elsewhere":     {with("sound: {program: /tmp/espeak-ng}"), "sound.program"},
		"another program by name": {with("sound: {program: poweroff}"), "sound.program"},
		"a directory of clips":    {with("sound: {clips: /etc}"), "sound.clips"},
		"a key of firmware":       {with("firmware: {key: \"" + key + "\"}"), "firmware.key"},
		"a broker elsewhere":      {without("mqtt", `mqtt: {url: "mqtt://elsewhere:1883"}`), "mqtt.url"},
		"certificates":            {without("mqtt", `mqtt: {url: "mqtts://elsewhere:1883", ca: /etc/ssl/key.pem}`), "mqtt.ca mqtt.url"},
		"a printer's line":        {printer("profile: generic, path: /dev/ttyUSB3"), ""},
		"a printer by its plug":   {printer("profile: generic, path: /dev/serial/by-id/usb-1a86_USB-if00"), ""},
		"a printer's device file": {printer("profile: generic, path: /dev/usb/lp0"), ""},
		"a known profile":         {printer("profile: epson-tm-t20iii, path: /dev/ttyUSB0"), ""},
		"the journal":             {printer("profile: generic, path: /var/lib/avanti/avanti.db"), "printers[0].path"},
		"a disk":                  {printer("profile: generic, path: /dev/sda"), "printers[0].path"},
		"a way out of /dev":       {printer("profile: generic, path: /dev/avanti/../../etc/passwd"), "printers[0].path"},
		"up once":                 {printer("profile: generic, path: /dev/avanti/.."), "printers[0].path"},
		"a profile's file":        {printer("profile: /etc/passwd, path: /dev/ttyUSB0"), "printers[0].profile"},
		"a bus":                   {with("board: {panels: [{spi: /dev/spidev0.0, driver: max7219, panels: [{id: p1, counter: c1, places: 4}]}]}"), ""},
		"no bus": {
			with("board: {panels: [{i2c: /dev/i2c-/../../etc/x, driver: ht16k33, panels: [{id: p1, counter: c1, address: 0x70}]}]}"), "board.panels[0].i2c",
		},
		"a panel's line": {with("board: {panels: [{path: /etc/x, driver: p, panels: [{id: p1, counter: c1}]}]}"), "board.panels[0].path"},
		"pins": {
			with("board: {buttons: [{id: b1, counter: c1, key: next, line: GPIO4}], lamps: [{id: l1, counter: c1, line: GPIO5}]}"), "board.buttons[0].line board.lamps[0].line",
		},
	}
	former, err := config.Parse("office.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var fields []string
			_, err := config.Parse("office.yaml", []byte(test.text), func(f *config.File, report func(field, wrong, want string)) {
				config.ByHand(former)(f, func(field, wrong, want string) {
					fields = append(fields, field)
					report(field, wrong, want)
				})
			})
			slices.Sort(fields)
			if got := strings.Join(fields, " "); got != test.field {
				t.Errorf("refused: %q, want %q", got, test.field)
			}
			faults, faulty := errors.AsType[*config.Faults](err)
			if test.field != "" && (!faulty || strings.Contains(err.Error(), "mqtt://")) {
				t.Errorf("faults: %v", err)
			}
			if test.field == "" && faulty {
				t.Errorf("a page may: %v", faults)
			}
			// What stands in the file may stay there.
			f, err := config.Parse("office.yaml", []byte(test.text))
			if err != nil {
				return // it is refused for another reason as well
			}
			config.ByHand(f)(f, func(field, wrong, _ string) { t.Errorf("it stands in the file: %s: %s", field, wrong) })
		})
	}
}
