// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold returns a text as it is compared: small letters without marks, words with one space between.
func Fold(text string) string { return strings.Join(words(text), " ") }

// words returns the folded words of a text: letters and digits, cut at anything else.
func words(text string) []string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(text)) {
		switch {
		case unicode.Is(unicode.Mn, r): // a mark of the letter before
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteString(plain(r))
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Fields(b.String())
}

// plain returns letters that have their mark within as people without such a key write them.
func plain(r rune) string {
	switch r {
	case 'ß':
		return "ss"
	case 'æ':
		return "ae"
	case 'œ':
		return "oe"
	case 'ø':
		return "o"
	case 'đ', 'ð':
		return "d"
	case 'ł':
		return "l"
	case 'ı':
		return "i"
	}
	return string(unicode.ToLower(r))
}
