// SPDX-License-Identifier: EUPL-1.2

package paper

import "strings"

// symbology is a kind of bar code, by Epson's number in GS k m n.
type symbology byte

const (
	ean13   symbology = 67
	ean8    symbology = 68
	code39  symbology = 69
	code128 symbology = 73
)

func (s symbology) String() string {
	switch s {
	case ean13:
		return "EAN-13"
	case ean8:
		return "EAN-8"
	case code39:
		return "CODE39"
	case code128:
		return "CODE128"
	default:
		return "?"
	}
}

// encode returns the modules of a bar code, true for a bar, and the text that people read; nil if the data are not for
// this symbology.
func (s symbology) encode(data string) (modules []bool, text string) {
	switch s {
	case ean13:
		return eanModules(data, 13)
	case ean8:
		return eanModules(data, 8)
	case code39:
		return code39Modules(data)
	case code128:
		return code128Modules(data)
	default:
		return nil, ""
	}
}

// widths appends bars and spaces in turn, beginning with a bar.
func widths(m []bool, w string) []bool {
	bar := true
	for i := range len(w) {
		for range w[i] - '0' {
			m = append(m, bar)
		}
		bar = !bar
	}
	return m
}

// eanModules encodes n digits; the last, the check digit, may be missing (ISO/IEC 15420).
func eanModules(data string, n int) (modules []bool, text string) {
	if len(data) != n && len(data) != n-1 {
		return nil, ""
	}
	sum, d := 0, make([]int, n)
	for i := range n - 1 {
		if data[i] < '0' || data[i] > '9' {
			return nil, ""
		}
		d[i] = int(data[i] - '0')
		sum += d[i] * (3 - 2*((n-i)%2)) // 3 for the last, then in turn
	}
	d[n-1] = (10 - sum%10) % 10
	text = data[:n-1] + string(rune('0'+d[n-1]))
	if len(data) == n && data != text {
		return nil, ""
	}
	left, parity := d, 0
	if n == 13 {
		left = d[1:]
		parity = [...]int{0, 0b001011, 0b001101, 0b001110, 0b010011, 0b011001, 0b011100, 0b010101, 0b010110, 0b011010}[d[0]]
	}
	// Spaces and bars of a digit on the left side with odd parity; turned round, it is even.
	digits := [...]string{"3211", "2221", "2122", "1411", "1132", "1231", "1114", "1312", "1213", "3112"}
	half := len(left) / 2
	modules = widths(nil, "111")
	for i, v := range left[:half] {
		w := digits[v]
		if parity&(1<<(half-1-i)) != 0 {
			w = string([]byte{w[3], w[2], w[1], w[0]})
		}
		modules = append(modules, invert(widths(nil, w))...)
	}
	modules = append(modules, invert(widths(nil, "11111"))...)
	for _, v := range left[half:] {
		modules = widths(modules, digits[v])
	}
	return widths(modules, "111"), text
}

func invert(m []bool) []bool {
	for i := range m {
		m[i] = !m[i]
	}
	return m
}

// code39Modules encodes capitals, digits and a few signs between two asterisks (ISO/IEC 16388), wide to narrow 3 to 1.
func code39Modules(data string) (modules []bool, text string) {
	const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. *$/+%"
	// Nine elements each; a 1 is wide.
	patterns := [...]uint16{
		0x034, 0x121, 0x061, 0x160, 0x031, 0x130, 0x070, 0x025, 0x124, 0x064, 0x109, 0x049, 0x148, 0x019, 0x118,
		0x058, 0x00D, 0x10C, 0x04C, 0x01C, 0x103, 0x043, 0x142, 0x013, 0x112, 0x052, 0x007, 0x106, 0x046, 0x016,
		0x181, 0x0C1, 0x1C0, 0x091, 0x190, 0x0D0, 0x085, 0x184, 0x0C4, 0x094, 0x0A8, 0x0A2, 0x08A, 0x02A,
	}
	if data == "" || strings.Contains(data, "*") {
		return nil, ""
	}
	for _, c := range "*" + data + "*" {
		at := strings.IndexRune(alphabet, c)
		if at < 0 {
			return nil, ""
		}
		w := make([]byte, 0, 10)
		for bit := 8; bit >= 0; bit-- {
			w = append(w, '1'+2*byte(patterns[at]>>bit&1))
		}
		modules = widths(modules, string(append(w, '1')))
	}
	return modules, "*" + data + "*"
}

// code128Modules encodes ASCII (ISO/IEC 15417). Data begin with the code set, "{A", "{B" or "{C", and may change it; in
// code set C each byte is a pair of digits, 0 to 99.
func code128Modules(data string) (modules []bool, text string) {
	var values []int
	set := byte(0)
	for i := 0; i < len(data); i++ {
		c := data[i]
		if c == '{' {
			if i++; i == len(data) {
				return nil, ""
			}
			switch n := data[i]; {
			case n >= 'A' && n <= 'C' && set == 0:
				set = n
				values = append(values, 103+int(n-'A'))
				continue
			case n >= 'A' && n <= 'C':
				set = n
				values = append(values, 101-int(n-'A'))
				continue
			case n == '{':
				c = n
			default:
				return nil, ""
			}
		}
		v := -1
		switch {
		case set == 'C' && c < 100:
			v, text = int(c), text+string([]byte{'0' + c/10, '0' + c%10})
		case set == 'B' && c >= 32 && c < 128:
			v, text = int(c)-32, text+string(rune(c))
		case set == 'A' && c < 32:
			v, text = int(c)+64, text+" "
		case set == 'A' && c < 96:
			v, text = int(c)-32, text+string(rune(c))
		}
		if v < 0 {
			return nil, ""
		}
		values = append(values, v)
	}
	if text == "" {
		return nil, ""
	}
	sum := values[0]
	for i, v := range values[1:] {
		sum += (i + 1) * v
	}
	for _, v := range append(values, sum%103) {
		modules = widths(modules, code128Widths[6*v:6*v+6])
	}
	return widths(modules, "2331112"), text
}

// code128Widths has the six elements of each value from 0 to 105.
const code128Widths = "212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231113222" +
	"123122123221223211221132221231213212223112312131311222321122321221312212322112322211212123212321" +
	"232121111323131123131321112313132113132311211313231113231311112133112331132131113123113321133121" +
	"313121211331231131213113213311213131311123311321331121312113312311332111314111221411431111111224" +
	"111422121124121421141122141221112214112412122114122411142112142211241211221114413111241112134111" +
	"111242121142121241114212124112124211411212421112421211212141214121412121111143111341131141114113" +
	"114311411113411311113141114131311141411131211412211214211232"
