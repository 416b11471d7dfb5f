// SPDX-License-Identifier: EUPL-1.2

package escpos

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// sounds returns the Latin spelling of the Greek or Cyrillic letter at an index of a text: Greek
// by ISO 843, Cyrillic by Bulgaria's law of transliteration of 2009 and, for letters that it does not
// know, as ISO 9 has it without marks. False: it is neither.
func sounds(text []rune, i int) (string, bool) {
	r := bare(text[i])
	small := unicode.ToLower(r)
	latin, ok := greek(small)
	switch {
	case ok && small == 'υ' && i > 0 && strings.ContainsRune("αεο", unicode.ToLower(bare(text[i-1]))):
		latin = "u"
	case ok:
	case small == 'и' && i+2 == wordEnd(text, i) && unicode.ToLower(text[i+1]) == 'я':
		latin, ok = "i", true
	case small == 'я' && i+1 == wordEnd(text, i) && i > 0 && unicode.ToLower(text[i-1]) == 'и':
		latin, ok = "a", true // Sofia, not Sofiya
	default:
		latin, ok = cyrillic(small)
	}
	if !ok || small == r || latin == "" {
		return latin, ok
	}
	if i+1 < len(text) && unicode.IsUpper(text[i+1]) {
		return strings.ToUpper(latin), true
	}
	return strings.ToUpper(latin[:1]) + latin[1:], true
}

// wordEnd returns the index behind the word in which i stands.
func wordEnd(text []rune, i int) int {
	for i < len(text) && unicode.IsLetter(text[i]) {
		i++
	}
	return i
}

// bare returns a Greek letter without its accent, and every other letter as it is: in Cyrillic a
// mark makes another letter.
func bare(r rune) rune {
	if !unicode.Is(unicode.Greek, r) {
		return r
	}
	base, _ := utf8.DecodeRuneInString(norm.NFD.String(string(r)))
	return base
}

func greek(r rune) (string, bool) {
	const letters = "αβγδεζηθικλμνξοπρσςτυφχψω"
	latin := [...]string{
		"a", "v", "g", "d", "e", "z", "i", "th", "i", "k", "l", "m", "n", "x", "o", "p", "r", "s", "s", "t", "y", "f", "ch", "ps", "o",
	}
	i := strings.IndexRune(letters, r)
	if i < 0 {
		return "", false
	}
	return latin[i/2], true // each letter has two bytes
}

func cyrillic(r rune) (string, bool) {
	const letters = "абвгдежзийклмнопрстуфхцчшщъьюяёыэђѓєѕіїјљњћќўџґ"
	latin := [...]string{
		"a", "b", "v", "g", "d", "e", "zh", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f", "h", "ts", "ch", "sh",
		"sht", "a", "y", "yu", "ya", "yo", "y", "e", "dj", "gj", "ye", "dz", "i", "yi", "j", "lj", "nj", "c", "kj", "u", "dz", "g",
	}
	i := strings.IndexRune(letters, r)
	if i < 0 {
		return "", false
	}
	return latin[i/2], true
}
