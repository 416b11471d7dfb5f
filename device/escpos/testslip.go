// SPDX-License-Identifier: EUPL-1.2

package escpos

import (
	"fmt"
	"strings"

	"github.com/avanti-queue/avanti/device"
)

// TestSlip returns a slip for the technician. It shows the mark, the width of both fonts by rulers
// that must fill one line each, the letters of the languages, the sizes, a symbol, a rule and the cut.
func (p Profile) TestSlip() device.Slip {
	parts := []device.Part{
		{Kind: device.PartMark},
		{Text: p.Name, Bold: true},
		{Text: fmt.Sprintf("%d dots, %d columns", p.Dots, p.Columns)},
		{Text: ruler(p.Columns)},
	}
	if p.FontB {
		parts = append(parts, device.Part{Text: ruler(p.Columns * 4 / 3), Size: device.SizeSmall})
	}
	parts = append(parts, device.Part{Kind: device.PartRule})
	for _, text := range []string{
		"it: àèéìòù ÀÈÉÌÒÙ €",
		"ro: ăâîșț ĂÂÎȘȚ „”",
		"es: áéíóúüñ ÁÉÍÓÚÜÑ ¿¡",
		"en: £ #$@[\\]^`{|}~",
		"fr: àâæçéèêëîïôœùûÿ",
		"de: äöüß ÄÖÜ",
		"pl: ąćęłńóśźż ĄĆĘŁŃÓŚŹŻ",
		"el: αβγδεζηθικλμνξοπρστυφχψω άέήίόύώ",
		"bg: абвгдежзийклмнопрстуфхцчшщъьюя",
	} {
		parts = append(parts, device.Part{Text: text})
	}
	return device.Slip{Number: "TEST", Parts: append(parts,
		device.Part{Text: "1 x 2", Size: device.SizeTall},
		device.Part{Text: "2 x 2", Size: device.SizeLarge},
		device.Part{Kind: device.PartQR, Text: "https://avanti.example/test/" + p.Name},
	)}
}

// ruler returns digits that count n columns.
func ruler(n int) string {
	return strings.Repeat("1234567890", n/10+1)[:n]
}
