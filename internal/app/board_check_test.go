// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/internal/app"
	"github.com/avanti-queue/avanti/internal/config"
)

// wiredOffice is a configuration with panels and protocols. Counter c1 calls A001 to A999, counter c2
// B001 to B499 and C500 to C999, counter c3 all of them.
func wiredOffice(panels, protocols string) []byte {
	return []byte(`office: {id: check, name: {it: "Ufficio"}, zone: Europe/Rome, languages: [it]}
hours: {mon: ["08:00-12:00"]}
groups: [{id: all, name: {it: Servizi}}]
series: [{id: a, prefix: A}, {id: b, prefix: B, last: 499}, {id: c, prefix: C, first: 500}]
services:
  - {id: one, group: all, series: a, name: {it: Uno}}
  - {id: two, group: all, series: b, name: {it: Due}}
  - {id: three, group: all, series: c, name: {it: Tre}}
counters:
  - {id: c1, label: "1", preferred: [one]}
  - {id: c2, label: "2", preferred: [two], overflow: [three]}
  - {id: c3, label: "3", preferred: ["group:all"]}
board:
  panels: [` + panels + `]
  protocols: [` + protocols + `]
`)
}

func TestCheckBoard(t *testing.T) {
	const line = "path: /dev/ttyS0, driver: "
	for name, test := range map[string]struct {
		panels, protocols string
		want              []string // line, column, field and what is wrong
	}{
		"all well": {
			`{` + line + `modbus, panels: [{id: p1, counter: c1, address: 1, places: 4}]},
           {spi: /dev/spidev0.0, driver: max7219, panels: [{id: p2, counter: c1, places: 8}]},
           {i2c: /dev/i2c-1, driver: ht16k33, panels: [{id: p3, counter: c3, address: 0x70, segments: 14}, {id: p4, counter: c2, address: 0x71, columns: [0, 1, 2], drop_prefix: true}]},
           {path: /dev/ttyS1, driver: own, panels: [{id: p5, counter: c2, address: 9, places: 3, drop_prefix: true}]},
           {path: /dev/ttyS2, driver: callshop, panels: [{id: p6, counter: c3}]}`,
			`{name: own, baud: 1200, first: 9, last: 9, glyphs: digits, most: 4, frame: "address text"}`, nil,
		},
		"no such protocol": {
			`{` + line + `modbuss, panels: [{id: p1, counter: c1}]}`, "",
			[]string{`x.yaml:14:39: board.panels[0].driver: there is no protocol "modbuss"; want one of edi, board, callshop, callshop-concentrator, modbus`},
		},
		"addresses and places": {
			`{` + line + `edi, panels: [{id: p1, counter: c1, drop_prefix: true}, {id: p2, counter: c1, address: 100, places: 7, drop_prefix: true}]}`, "",
			[]string{
				`x.yaml:14:53: board.panels[0].panels[0].address: no address; want 1 to 99`,
				`x.yaml:14:53: board.panels[0].panels[0].places: missing; want how many the panel has, 1 to 6`,
				`x.yaml:14:126: board.panels[0].panels[1].address: the address 100; want 1 to 99`,
				`x.yaml:14:139: board.panels[0].panels[1].places: 7 digits; want how many the panel has, 1 to 6`,
			},
		},
		"one panel only": {
			`{` + line + `callshop, panels: [{id: p1, counter: c1}, {id: p2, counter: c1, address: 2}]}`, "",
			[]string{`x.yaml:14:112: board.panels[0].panels[1].address: the address 2; want no address: there is one panel on the line`},
		},
		"letters that it lacks": {
			`{` + line + `edi, panels: [{id: p1, counter: c1, address: 1, places: 4}]}`, "",
			[]string{`x.yaml:14:53: board.panels[0].panels[0]: "A001" has 'A', which a panel with signed glyphs cannot show; want a panel that shows what is printed, or drop_prefix where the letters alone are the trouble`},
		},
		"too short": {
			`{spi: /dev/spidev0.0, driver: max7219, panels: [{id: p1, counter: c2, places: 3}]}`, "",
			[]string{`x.yaml:14:60: board.panels[0].panels[0]: "B001" has 4 characters to show on 3 places; want a panel that shows what is printed, or drop_prefix where the letters alone are the trouble`},
		},
		"two that look the same": {
			`{spi: /dev/spidev0.0, driver: max7219, panels: [{id: p1, counter: c3, places: 3, drop_prefix: true}]}`, "",
			[]string{`x.yaml:14:106: board.panels[0].panels[0].drop_prefix: A001 and B001 look the same there, and the counter calls both; want a panel with letters, or series with first and last that do not overlap`},
		},
		"faulty protocols": {
			"", `{name: own, baud: 1200, glyphs: text, most: 4, frame: "02 txt", answer: "06 'x", within: 50ms},
              {name: edi, baud: 1200, last: 200, glyphs: text, most: 4, frame: "address:2 text"}`,
			[]string{
				`x.yaml:15:69: board.protocols[0].frame: template "02 txt": "txt" is no byte such as 0D, no quoted text and no word that is known`,
				`x.yaml:15:87: board.protocols[0].answer: template "06 'x": a quote without text and a second quote`,
				`x.yaml:16:22: board.protocols[1].name: "edi" is a driver that is built in; want a name of its own`,
				`x.yaml:16:80: board.protocols[1].frame: 200 does not go into its place: use 0 to 99`,
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := config.Parse("x.yaml", wiredOffice(test.panels, test.protocols), app.CheckConfig)
			var got []string
			if faults, ok := errors.AsType[*config.Faults](err); ok {
				for i, f := range faults.List {
					got = append(got, f.String())
					if i < len(test.want) && strings.HasPrefix(got[i], test.want[i]) {
						got[i] = test.want[i]
					}
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}
