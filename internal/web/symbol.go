// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"fmt"
	"strings"

	"github.com/avanti-queue/avanti/device/qr"
)

// quietZone is the white margin that readers want around a symbol, in modules.
const quietZone = 4

// symbol is a QR symbol as SVG draws it.
type symbol struct {
	URL  string
	Side int    // in modules, with the margin
	Path string // of the dark modules
}

// newSymbol returns the symbol of an URL; nil of none, and of one that fits no symbol.
func newSymbol(url string) *symbol {
	s, err := qr.New(url, qr.L) // a screen has no scratches, and large modules are read best
	if err != nil {
		return nil
	}
	var path strings.Builder
	for y := range s.Side {
		for x := 0; x < s.Side; x++ {
			run := 0
			for s.Dark(x+run, y) { // outside it is white
				run++
			}
			if run > 0 {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", x+quietZone, y+quietZone, run, run)
				x += run
			}
		}
	}
	return &symbol{URL: url, Side: s.Side + 2*quietZone, Path: path.String()}
}
