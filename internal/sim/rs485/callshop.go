// SPDX-License-Identifier: EUPL-1.2

package rs485

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
)

// callshop is a display of two lines of 16 characters. A command is a letter with parameters and a
// carriage return; each is confirmed by a circumflex, its letter, and a carriage return. The
// command M writes: row, two digits of column from 01, two digits of length, the text. Behind a
// concentrator, commands and confirmations bear ETX, P and two digits of port before them.
type callshop struct {
	port int // 0: not behind a concentrator
	line []byte
	row  [16]byte
}

func (c *callshop) quiet() heard { return heard{} }

func (c *callshop) hear(b byte) heard {
	if b == 0x03 && c.port > 0 {
		c.line = nil // begins a message, whatever was before
	}
	if b != '\r' {
		if len(c.line) < 80 {
			c.line = append(c.line, b)
		}
		return heard{}
	}
	command := string(c.line)
	c.line = nil
	header := ""
	if c.port > 0 {
		header = fmt.Sprintf("\x03P%02d", c.port)
		rest, ok := strings.CutPrefix(command, header)
		if !ok {
			if !strings.HasPrefix(command, "\x03P") {
				return heard{complaint: fmt.Sprintf("%q has no port", command)}
			}
			return heard{}
		}
		command = rest
	}
	if err := c.write(command); err != "" {
		return heard{complaint: err}
	}
	text := strings.Trim(string(bytes.ReplaceAll(c.row[:], []byte{0}, []byte(" "))), " ")
	return heard{show: &text, answer: []byte(header + "^M\r"), frame: true}
}

// write carries out the command M on the first row, and says what is wrong with it.
func (c *callshop) write(command string) string {
	if len(command) < 6 || command[0] != 'M' {
		return fmt.Sprintf("command %q", command)
	}
	column, err1 := strconv.Atoi(command[2:4])
	length, err2 := strconv.Atoi(command[4:6])
	text := command[6:]
	switch {
	case err1 != nil || err2 != nil:
		return fmt.Sprintf("command %q: column or length is no number", command)
	case command[1] != '1':
		return fmt.Sprintf("command %q: not the first row", command)
	case length != len(text):
		return fmt.Sprintf("command %q: %d characters", command, len(text))
	case column < 1 || column-1+length > len(c.row):
		return fmt.Sprintf("command %q: beyond the end of the row", command)
	}
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return fmt.Sprintf("command %q: not printable", command)
		}
	}
	copy(c.row[column-1:], text)
	return ""
}
