// SPDX-License-Identifier: EUPL-1.2

package escpos

import (
	"bytes"
	"fmt"
	"strings"
)

// Question asks a printer who it is.
type Question struct {
	About string // what is asked for, in English: "model", "firmware"
	Bytes []byte
}

// Identify returns what to ask a printer about itself while it is idle, one after the other. A
// printer need not answer all of it. Nil: it says nothing. The bytes that come back are for
// [Profile.Identity].
func (p Profile) Identify() []Question {
	switch p.Status {
	case StatusEpson, StatusLenient:
		return []Question{
			{"model number", []byte{0x1d, 'I', 1}},
			{"firmware", []byte{0x1d, 'I', 65}},
			{"maker", []byte{0x1d, 'I', 66}},
			{"model", []byte{0x1d, 'I', 67}},
			{"serial number", []byte{0x1d, 'I', 68}},
		}
	case StatusCustom:
		return []Question{{"model", []byte{0x1d, 'I', 0xff}}, {"firmware", []byte{0x1d, 'I', 3}}}
	case StatusStar:
		return []Question{{"model", []byte{0x1b, '#', '*', '\n', 0}}}
	case StatusNippon:
		return []Question{{"model", []byte{0x1b, 's', 2}}, {"firmware", []byte{0x1b, 's', 3}}}
	case StatusNone:
	}
	return nil
}

// Identity says in printable ASCII what the answer to the question of that index tells; the
// answer is all bytes that came back before the line fell silent. False: it is no answer to it.
func (p Profile) Identity(question int, answer []byte) (string, bool) {
	questions := p.Identify()
	if question < 0 || question >= len(questions) || len(answer) == 0 || bytes.HasPrefix(answer, questions[question].Bytes[:2]) && p.Status != StatusStar {
		return "", false // silence, or an echo
	}
	switch p.Status {
	case StatusCustom:
		if question == 0 {
			return customModel(answer), true
		}
	case StatusStar:
		rest, ok := bytes.CutPrefix(answer, []byte("\x1b#*"))
		rest, _, end := bytes.Cut(rest, []byte("\n\x00"))
		return printable(bytes.TrimPrefix(rest, []byte(","))), ok && end && len(rest) > 0
	case StatusNippon:
		rest, ok := bytes.CutPrefix(answer, []byte{0xff, questions[question].Bytes[2]})
		rest, _, _ = bytes.Cut(rest, []byte{0})
		return printable(rest), ok
	case StatusEpson, StatusLenient, StatusNone:
	}
	if rest, ok := bytes.CutPrefix(answer, []byte("_")); ok {
		rest, _, end := bytes.Cut(rest, []byte{0})
		return printable(rest), end
	}
	return fmt.Sprintf("% Xh", answer[:min(len(answer), 8)]), len(answer) <= 4
}

// customModel names the models whose numbers the maker's manuals give.
func customModel(answer []byte) string {
	switch string(answer) {
	case "\x02\x05":
		return "VKP80III (02 05h)"
	case "\x02\x44":
		return "TG2480HIII (02 44h)"
	case "\x02\x17":
		return "TG02H (02 17h)"
	case "\x93", "\xa8":
		return fmt.Sprintf("TG2480 (%Xh)", answer)
	}
	return fmt.Sprintf("number % Xh", answer[:min(len(answer), 8)])
}

// printable returns text from outside, short, with '.' for what is not printable ASCII.
func printable(b []byte) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r > 0x7e {
			return '.'
		}
		return r
	}, string(b[:min(len(b), 64)]))
}
