// SPDX-License-Identifier: EUPL-1.2

package panel

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// The words of a template.
const (
	wordAddress  = "address"   // the address, a byte
	wordAddress2 = "address:2" // the address, two decimal digits
	wordText     = "text"      // the text, a character a byte
	wordCells    = "cells"     // the text, a character in the low byte of two
	wordValue    = "value"     // the text as a number, two bytes, high one first
	wordPlaces   = "places"    // how many characters the text has, a byte
	wordPlaces2  = "places:2"  // the same, two decimal digits
	wordBytes    = "bytes"     // twice as many, a byte
	wordAny      = "any"       // any byte, in answers only
	wordSum      = "sum"       // the low byte of the sum of all before
	wordCRC      = "crc"       // the Modbus CRC-16 of all before, low byte first
)

const mostPieces = 32

// template is a frame with gaps: words parted by blanks. A word is a byte in hexadecimal, a text in
// quotes, or one of those above.
type template []piece

type piece struct {
	word    string // "": literal
	literal []byte
}

// values fill the gaps of a template.
type values struct {
	address int
	text    string
}

func parseTemplate(s string) (template, error) {
	var out template
	for rest := strings.TrimLeft(s, " "); rest != ""; rest = strings.TrimLeft(rest, " ") {
		p, n, err := parsePiece(rest)
		if err != nil {
			return nil, fmt.Errorf("template %q: %w", s, err)
		}
		if out = append(out, p); len(out) > mostPieces {
			return nil, fmt.Errorf("template %q: more than %d words", s, mostPieces)
		}
		rest = rest[n:]
	}
	return out, nil
}

// parsePiece reads the first word of s and says how long it is.
func parsePiece(s string) (piece, int, error) {
	if s[0] == '\'' {
		text, _, ok := strings.Cut(s[1:], "'")
		if !ok || text == "" {
			return piece{}, 0, errors.New("a quote without text and a second quote")
		}
		return piece{literal: []byte(text)}, len(text) + 2, nil
	}
	word, _, _ := strings.Cut(s, " ")
	switch word {
	case wordAddress, wordAddress2, wordText, wordCells, wordValue, wordPlaces, wordPlaces2, wordBytes, wordAny, wordSum, wordCRC:
		return piece{word: word}, len(word), nil
	}
	b, err := strconv.ParseUint(word, 16, 8)
	if err != nil || len(word) != 2 {
		return piece{}, 0, fmt.Errorf("%q is no byte such as 0D, no quoted text and no word that is known", word)
	}
	return piece{literal: []byte{byte(b)}}, len(word), nil
}

// render fills the gaps. The error says which of the values does not go in.
func (t template) render(v values) ([]byte, error) {
	var out []byte
	for _, p := range t {
		if p.word == wordAny {
			return nil, errors.New("any byte may come, but none can be sent")
		}
		next, err := p.render(v, out)
		if err != nil {
			return nil, err
		}
		out = append(out, next...)
	}
	return out, nil
}

// render returns the bytes of the piece after those before.
func (p piece) render(v values, before []byte) ([]byte, error) {
	switch p.word {
	case "":
		return p.literal, nil
	case wordAddress:
		return narrow(v.address, 255)
	case wordAddress2:
		return twoDigits(v.address)
	case wordText:
		return []byte(v.text), nil
	case wordCells:
		out := make([]byte, 2*len(v.text))
		for i := range len(v.text) {
			out[2*i+1] = v.text[i]
		}
		return out, nil
	case wordValue:
		n, err := strconv.ParseUint(strings.TrimLeft(v.text, " "), 10, 16)
		if err != nil {
			return nil, fmt.Errorf("%q is no number up to 65535", v.text)
		}
		return binary.BigEndian.AppendUint16(nil, uint16(n)), nil
	case wordPlaces:
		return narrow(len(v.text), 255)
	case wordPlaces2:
		return twoDigits(len(v.text))
	case wordBytes:
		return narrow(2*len(v.text), 255)
	case wordSum:
		var sum byte
		for _, b := range before {
			sum += b
		}
		return []byte{sum}, nil
	case wordCRC:
		return binary.LittleEndian.AppendUint16(nil, crc16(before)), nil
	}
	return nil, fmt.Errorf("%q cannot be written", p.word)
}

func narrow(n, most int) ([]byte, error) {
	if n < 0 || n > most {
		return nil, fmt.Errorf("%d does not go into its place: use 0 to %d", n, most)
	}
	return []byte{byte(n)}, nil
}

func twoDigits(n int) ([]byte, error) {
	if _, err := narrow(n, 99); err != nil {
		return nil, err
	}
	return fmt.Appendf(nil, "%02d", n), nil
}

// find reports whether an answer of this form is anywhere in what was received.
func (t template) find(v values, received []byte) bool {
	for i := range received {
		if t.match(v, received[i:]) {
			return true
		}
	}
	return false
}

func (t template) match(v values, received []byte) bool {
	n := 0
	for _, p := range t {
		if p.word == wordAny {
			if n++; n > len(received) {
				return false
			}
			continue
		}
		want, err := p.render(v, received[:n])
		if err != nil || n+len(want) > len(received) || string(received[n:n+len(want)]) != string(want) {
			return false
		}
		n += len(want)
	}
	return true
}

// length is how many bytes a frame of this form has.
func (t template) length(v values) int {
	n := 0
	for _, p := range t {
		if p.word == wordAny {
			n++
			continue
		}
		if b, err := p.render(v, nil); err == nil {
			n += len(b)
		}
	}
	return n
}

// crc16 is the CRC of Modbus RTU (Modbus over serial line 1.02, 6.2.2).
func crc16(data []byte) uint16 {
	crc := uint16(0xffff)
	for _, b := range data {
		crc ^= uint16(b)
		for range 8 {
			low := crc & 1
			crc >>= 1
			if low != 0 {
				crc ^= 0xa001
			}
		}
	}
	return crc
}
