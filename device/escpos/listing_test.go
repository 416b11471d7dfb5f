// SPDX-License-Identifier: EUPL-1.2

package escpos_test

import (
	"fmt"
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// command is one command of a job, or a run of text between two of them.
type command struct {
	bytes   []byte
	meaning string
	text    string // what a printer would show, for text
	lf, cut bool
	qr      string // the data of a stored QR symbol
	size    int    // of a size command: GS ! n
	isSize  bool
}

// parse reads a job as a printer of that profile would, from the manuals and not from the
// encoder: it knows each command's length and refuses what it does not know.
func parse(profile string, job []byte) ([]command, error) {
	var commands []command
	table := charmap.CodePage437
	for i := 0; i < len(job); {
		rest := job[i:]
		c, err := next(profile, rest, &table)
		if err != nil {
			return commands, fmt.Errorf("at byte %d: %w", i, err)
		}
		commands = append(commands, c)
		i += len(c.bytes)
	}
	return commands, nil
}

func next(profile string, rest []byte, table **charmap.Charmap) (command, error) {
	fixed := func(n int, meaning string) (command, error) {
		if len(rest) < n {
			return command{}, fmt.Errorf("%s is cut off", meaning)
		}
		return command{bytes: rest[:n], meaning: meaning}, nil
	}
	if rest[0] == '\n' {
		return command{bytes: rest[:1], meaning: "LF: print and feed", lf: true}, nil
	}
	if rest[0] >= 0x20 {
		n := 0
		var text strings.Builder
		for n < len(rest) && rest[n] >= 0x20 {
			text.WriteRune((*table).DecodeByte(rest[n]))
			n++
		}
		return command{bytes: rest[:n], meaning: fmt.Sprintf("text %q", text.String()), text: text.String()}, nil
	}
	if len(rest) < 2 {
		return command{}, fmt.Errorf("lone byte %02X", rest[0])
	}
	arg := byte(0)
	if len(rest) > 2 {
		arg = rest[2]
	}
	switch [2]byte(rest) {
	case [2]byte{0x1b, '@'}:
		return fixed(2, "ESC @: initialise")
	case [2]byte{0x1c, '.'}:
		return fixed(2, "FS .: leave double-byte mode")
	case [2]byte{0x1d, 'a'}:
		return fixed(3, fmt.Sprintf("GS a: unasked status %02X", arg))
	case [2]byte{0x1b, 'R'}:
		return fixed(3, fmt.Sprintf("ESC R: international set %d", arg))
	case [2]byte{0x1b, 't'}:
		pages := map[byte]*charmap.Charmap{
			16: charmap.Windows1252, 18: charmap.CodePage852, 19: charmap.CodePage858,
			45: charmap.Windows1250, 46: charmap.Windows1251, 47: charmap.Windows1253,
			48: charmap.Windows1254, 51: charmap.Windows1257,
		}
		page, ok := pages[arg]
		if !ok {
			return command{}, fmt.Errorf("page %d is in no manual", arg)
		}
		*table = page
		return fixed(3, fmt.Sprintf("ESC t: page %d, %s", arg, page))
	case [2]byte{0x1b, 'a'}:
		return fixed(3, fmt.Sprintf("ESC a: justify %d", arg))
	case [2]byte{0x1b, 'E'}:
		return fixed(3, fmt.Sprintf("ESC E: bold %d", arg))
	case [2]byte{0x1d, 'B'}:
		return fixed(3, fmt.Sprintf("GS B: reverse %d", arg))
	case [2]byte{0x1d, '!'}:
		c, err := fixed(3, fmt.Sprintf("GS !: size %dx%d", arg>>4+1, arg&15+1))
		c.size, c.isSize = int(arg), true
		return c, err
	case [2]byte{0x1d, 'V'}:
		c, err := fixed(4, "GS V: feed and cut")
		c.cut = true
		return c, err
	case [2]byte{0x1c, 'P'}:
		c, err := fixed(6, "FS P: cut and present")
		c.cut = true
		return c, err
	case [2]byte{0x1d, 'r'}:
		return fixed(3, fmt.Sprintf("GS r: ordered status %d", arg))
	case [2]byte{0x1b, 'v'}:
		return fixed(2, "ESC v: ordered paper status")
	case [2]byte{0x1d, '('}:
		return parenthesis(profile, rest)
	}
	return command{}, fmt.Errorf("unknown command % X", rest[:2])
}

// parenthesis reads the GS ( family, whose commands say their own length.
func parenthesis(profile string, rest []byte) (command, error) {
	if len(rest) < 5 {
		return command{}, fmt.Errorf("GS ( is cut off")
	}
	n := int(rest[3]) | int(rest[4])<<8
	if len(rest) < 5+n {
		return command{}, fmt.Errorf("GS ( %c says %d bytes, %d follow", rest[2], n, len(rest)-5)
	}
	c := command{bytes: rest[:5+n]}
	body := rest[5 : 5+n]
	if rest[2] == 'H' {
		if n != 6 || body[0] != 0x30 || body[1] != 0x30 {
			return command{}, fmt.Errorf("GS ( H % X", body)
		}
		c.meaning = fmt.Sprintf("GS ( H: process id %q", body[2:])
		return c, nil
	}
	if rest[2] != 'k' || body[0] != 0x31 {
		return command{}, fmt.Errorf("GS ( %c % X", rest[2], body)
	}
	levels, kind := map[byte]string{0x30: "L", 0x31: "M", 0x32: "Q", 0x33: "H"}, byte(0x30)
	if profile == "custom-vkp80iii" {
		levels, kind = map[byte]string{0x30: "auto", 0x31: "L", 0x32: "M", 0x33: "Q", 0x34: "H"}, 0x31
	}
	switch body[1] {
	case 0x41:
		c.meaning = fmt.Sprintf("GS ( k: QR model %d", body[2]-0x30)
	case 0x43:
		c.meaning = fmt.Sprintf("GS ( k: QR module %d dots", body[2])
	case 0x45:
		c.meaning = "GS ( k: QR error correction " + levels[body[2]]
	case 0x50, 0x51:
		if body[2] != kind {
			return command{}, fmt.Errorf("QR parameter %02X is not this maker's %02X", body[2], kind)
		}
		c.meaning = "GS ( k: print QR"
		if body[1] == 0x50 {
			c.qr = string(body[3:])
			c.meaning = fmt.Sprintf("GS ( k: store QR %q", c.qr)
		}
	default:
		return command{}, fmt.Errorf("GS ( k function %02X", body[1])
	}
	return c, nil
}

// listing prints commands for people: offset, bytes, meaning.
func listing(commands []command) string {
	var b strings.Builder
	offset := 0
	for _, c := range commands {
		for i, chunk := 0, c.bytes; len(chunk) > 0; i++ {
			n := min(16, len(chunk))
			meaning := c.meaning
			if i > 0 {
				meaning = ""
			}
			fmt.Fprintln(&b, strings.TrimRight(fmt.Sprintf("%04X  %-48s %s", offset, fmt.Sprintf("% X", chunk[:n]), meaning), " "))
			offset += n
			chunk = chunk[n:]
		}
	}
	return b.String()
}

// paper returns the lines that a job shows.
func paper(commands []command) []string {
	var lines []string
	var line strings.Builder
	for _, c := range commands {
		line.WriteString(c.text)
		if c.lf {
			lines = append(lines, line.String())
			line.Reset()
		}
	}
	return lines
}
