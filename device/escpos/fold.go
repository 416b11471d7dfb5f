// SPDX-License-Identifier: EUPL-1.2

package escpos

// typographic returns the ASCII of signs that only the Windows pages have and that nobody
// misses: quotes, dashes, the ellipsis. "": r is none of them.
func typographic(r rune) string {
	switch r {
	case '\u2018', '\u2019', '\u201a', '\u201b', '\u2032', '\u2039', '\u203a':
		return "'"
	case '\u201c', '\u201d', '\u201e', '\u201f', '\u2033':
		return `"`
	case '\u2010', '\u2011', '\u2012', '\u2013', '\u2014', '\u2015', '\u2212':
		return "-"
	case '\u2026':
		return "..."
	case '\u2022':
		return "*"
	}
	return ""
}

// cedilla returns the cedilla form of Romanian's comma letters, which no printer has, and r
// itself for every other letter. PC852 and WPC1250 have the cedilla forms.
func cedilla(r rune) rune {
	switch r {
	case '\u0218':
		return '\u015e'
	case '\u0219':
		return '\u015f'
	case '\u021a':
		return '\u0162'
	case '\u021b':
		return '\u0163'
	}
	return r
}

// kin returns the usual spelling of letters and signs that do not decompose. "": r has none.
func kin(r rune) string {
	switch r {
	case '\u20ac':
		return "EUR"
	case 'ß':
		return "ss"
	case 'ẞ':
		return "SS"
	case 'æ':
		return "ae"
	case 'Æ':
		return "AE"
	case 'œ':
		return "oe"
	case 'Œ':
		return "OE"
	case 'ø':
		return "o"
	case 'Ø':
		return "O"
	case 'ł':
		return "l"
	case 'Ł':
		return "L"
	case 'đ', 'ð':
		return "d"
	case 'Đ', 'Ð':
		return "D"
	case 'ħ':
		return "h"
	case 'Ħ':
		return "H"
	case 'ŧ':
		return "t"
	case 'Ŧ':
		return "T"
	case 'ı':
		return "i"
	case 'þ':
		return "th"
	case 'Þ':
		return "Th"
	case '«', '»':
		return `"`
	case '·':
		return "."
	case '×':
		return "x"
	case '¡':
		return "!"
	case '¿':
		return "?"
	}
	return ""
}
