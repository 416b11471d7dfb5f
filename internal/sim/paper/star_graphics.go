// SPDX-License-Identifier: EUPL-1.2

package paper

import (
	"time"

	"github.com/avanti-queue/avanti/device/qr"
)

func addStarGraphics(table commandTable) {
	for head, c := range map[string]command{
		"\x1BX":     {length: columnsLength(3), do: starColumns},
		"\x1Bk":     {length: columnsLength(24), do: starRows},
		"\x1BK":     {length: columnsLength(1)}, // dots three times as large
		"\x1BL":     {length: columnsLength(1)},
		"\x1Bb":     {length: until(rs, 6, 300), do: starBars},
		"\x1B\x1DS": {params: 6, do: starImage},
		"\x1B\x1Cp": {params: 2, do: printStored},
		"\x1B\x1Cq": {length: logosLength(3), max: nvSize, do: storeLogos},
		"\x1B\x1Dy": {length: starQRLength, do: starQR},
		"\x1B\x1Dx": {length: starPDFLength},
		"\x1B*":     {length: starRasterLength},
	} {
		table.add(head, c)
	}
}

// columnsLength is ESC c n1 n2 d…, with so many data bytes for each of the n.
func columnsLength(each int) func(cmd []byte) int {
	return func(cmd []byte) int {
		if len(cmd) < 4 {
			return 4
		}
		return 4 + each*word(cmd[2:])
	}
}

// starColumns is ESC X: a picture 24 dots high that stands in the line, column by column.
func starColumns(p *Printer, a []byte) { p.inline(fromColumns(word(a), 3, a[2:]), 1, 1) }

// starRows is ESC k: the same, row by row.
func starRows(p *Printer, a []byte) {
	n := word(a)
	p.inline(&picture{w: 8 * n, h: 24, stride: n, bits: append([]byte(nil), a[2:]...)}, 1, 1)
}

// starImage is ESC GS S 1 xL xH yL yH 0.
func starImage(p *Printer, a []byte) {
	if a[0] != 1 {
		p.ignore(4)
		return
	}
	p.startImage(0, word(a[1:]), word(a[3:]))
}

// starQRLength is ESC GS y S 0|1|2 n, ESC GS y D 1 m nL nH d…, ESC GS y P, ESC GS y I.
func starQRLength(cmd []byte) int {
	switch {
	case len(cmd) < 4:
		return 4
	case cmd[3] == 'S':
		return 6
	case cmd[3] != 'D':
		return 4
	case len(cmd) < 8:
		return 8
	default:
		return 8 + word(cmd[6:])
	}
}

func starQR(p *Printer, a []byte) {
	ok := false
	switch {
	case a[0] == 'S' && a[1] == '0':
		ok = a[2] == 1 || a[2] == 2 // both models are printed as model 2
	case a[0] == 'S' && a[1] == '1':
		var level qr.Level
		if level, ok = p.t.ecc[a[2]]; ok {
			p.qr.level = level
		}
	case a[0] == 'S' && a[1] == '2':
		if ok = a[2] >= 1 && a[2] <= 8; ok {
			p.qr.module = int(a[2])
		}
	case a[0] == 'D' && a[1] == '1':
		if ok = a[2] == 0 && len(a) > 5; ok {
			p.qr.data = append([]byte(nil), a[5:]...)
		}
	case a[0] == 'P':
		ok = p.printSymbol()
	}
	if !ok {
		p.ignore(5)
	}
}

// starPDFLength is the length of the commands for PDF417, which is not printed.
func starPDFLength(cmd []byte) int {
	switch {
	case len(cmd) < 5:
		return 5
	case cmd[3] == 'S' && cmd[4] == '0':
		return 8
	case cmd[3] == 'S':
		return 6
	case cmd[3] == 'D' && len(cmd) < 6:
		return 6
	case cmd[3] == 'D':
		return 6 + word(cmd[4:])
	default:
		return 4
	}
}

// starRasterLength is the length of the commands of raster mode, which is not entered: ESC * r A, B, C, R, or ending
// with 00.
func starRasterLength(cmd []byte) int {
	if len(cmd) < 4 {
		return 4
	}
	switch cmd[3] {
	case 'A', 'B', 'C', 'R':
		return 4
	default:
		return untilNUL(4, 16)(cmd)
	}
}

// starPageLength is ESC GS P n …; page mode is not entered.
func starPageLength(cmd []byte) int {
	if len(cmd) < 4 {
		return 4
	}
	switch cmd[3] {
	case '2':
		return 5
	case '3':
		return 12
	case '4', '5':
		return 6
	default:
		return 4
	}
}

// starBars is ESC b kind text mode height d… RS. The mode is the width of a module: 2 to 4 dots; Code 39's modes 1 to 3
// are 2 to 4 dots with wide bars of three.
func starBars(p *Printer, a []byte) {
	kinds := map[byte]symbology{2: ean8, 3: ean13, 4: code39, 6: code128}
	kind, known := kinds[a[0]&^'0']
	text, mode, data := a[1]&^'0', a[2]&^'0', string(a[4:len(a)-1])
	if !known || text < 1 || text > 4 || mode < 1 || mode > 3 {
		p.ignore(3)
		return
	}
	if kind == code128 {
		data = "{B" + data
	}
	b := p.bars
	p.bars = bars{height: max(1, int(a[3])), module: int(mode) + 1, text: int(1-text&1) * 2}
	if !p.printBars(kind, data) {
		p.ignore(3)
	}
	p.bars = b
}

// starPresenter is ESC SYN n m: 0 takes the ticket back, 1 says after how many half seconds to do so unasked, 3 tells
// how many tickets were taken (m 0) or taken back (m 1), 4 forgets that.
func starPresenter(p *Printer, a []byte) {
	if p.t.mouth != automatic {
		p.ignore(3)
		return
	}
	count := &p.taken
	if a[1]&^'0' == 1 {
		count = &p.retracted
	}
	switch a[0] {
	case '0':
		p.leave(positionRecovered)
	case '1':
		p.patience = patience{after: time.Duration(a[1]) * 500 * time.Millisecond, fate: positionRecovered}
	case '3':
		n := *count
		p.reply(esc, syn, '3', a[1], byte(n>>24), byte(n>>16), byte(n>>8), byte(n))
	case '4':
		*count = 0
	default:
		p.ignore(3)
	}
}
