// SPDX-License-Identifier: EUPL-1.2

package escpos

// words are the commands in which the languages differ only by their bytes. A page's number
// follows page.
type words struct {
	reset, plain, page, centre string
	boldOn, boldOff            string
	reverseOn, reverseOff      string
	smallOn, smallOff          string
	widest                     int // how many times a letter can be widened
}

// wordsOf returns the commands of a language. Both have the reset at ESC @ and then the
// international set of the USA, or # $ @ [ \ ] ^ { | } ~ would change; Star's pitch of 12 dots
// is a matter of its set-up otherwise.
func wordsOf(l Language) words {
	if l == LanguageStar {
		return words{
			reset: "\x1b@", plain: "\x1bM\x1bR\x00", page: "\x1b\x1dt", centre: "\x1b\x1da\x01",
			boldOn: "\x1bE", boldOff: "\x1bF", reverseOn: "\x1b4", reverseOff: "\x1b5",
			smallOn: "\x1b\x1eF\x01", smallOff: "\x1b\x1eF\x00", widest: 6,
		}
	}
	return words{
		reset: "\x1b@", plain: "\x1bR\x00", page: "\x1bt", centre: "\x1ba\x01",
		boldOn: "\x1bE\x01", boldOff: "\x1bE\x00", reverseOn: "\x1dB\x01", reverseOff: "\x1dB\x00",
		smallOn: "\x1bM\x01", smallOff: "\x1bM\x00", widest: 8,
	}
}
