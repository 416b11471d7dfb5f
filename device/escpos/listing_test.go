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
	isSize  bool
	wide    int // of a size command
	high    int
	image   *picture
	mark    bool
}

// picture is the image of a command: rows of dots, true is black, as on paper.
type picture struct{ rows [][]bool }

// maker is what the manuals say of the printer of a profile.
type maker struct {
	star   bool
	custom bool // the maker of that name
	nippon bool
	pages  map[byte]*charmap.Charmap
}

func makerOf(profile string) maker {
	common := func(more map[byte]*charmap.Charmap) map[byte]*charmap.Charmap {
		pages := map[byte]*charmap.Charmap{
			0: charmap.CodePage437, 16: charmap.Windows1252, 17: charmap.CodePage866, 18: charmap.CodePage852, 19: charmap.CodePage858,
		}
		for n, page := range more {
			pages[n] = page
		}
		return pages
	}
	switch profile {
	case "epson-tm-t20iii":
		return maker{pages: common(map[byte]*charmap.Charmap{
			45: charmap.Windows1250, 46: charmap.Windows1251, 47: charmap.Windows1253, 48: charmap.Windows1254, 51: charmap.Windows1257,
		})}
	case "xprinter":
		return maker{pages: common(map[byte]*charmap.Charmap{
			25: charmap.Windows1257, 72: charmap.Windows1250, 73: charmap.Windows1251, 90: charmap.Windows1253, 91: charmap.Windows1254,
		})}
	case "custom-vkp80iii", "custom-tg2480":
		return maker{custom: true, pages: common(nil)}
	case "nippon-np2511":
		return maker{nippon: true, pages: map[byte]*charmap.Charmap{
			2: charmap.CodePage858, 3: charmap.Windows1250, 4: charmap.Windows1251, 5: charmap.Windows1252, 6: charmap.Windows1254,
		}}
	case "star-line":
		return maker{star: true, pages: map[byte]*charmap.Charmap{
			1: charmap.CodePage437, 4: charmap.CodePage858, 5: charmap.CodePage852, 32: charmap.Windows1252, 33: charmap.Windows1250, 34: charmap.Windows1251,
		}}
	}
	return maker{pages: common(nil)}
}

// reader reads a job as a printer would, from the manuals and not from the encoder: it knows each
// command's length and refuses what it does not know.
type reader struct {
	maker
	table *charmap.Charmap
	own   bool            // defined letters are on
	known map[byte]string // defined letters
}

func parse(profile string, job []byte) ([]command, error) {
	var commands []command
	r := &reader{maker: makerOf(profile), table: charmap.CodePage437, known: map[byte]string{}}
	for i := 0; i < len(job); {
		c, err := r.next(job[i:])
		if err != nil {
			return commands, fmt.Errorf("at byte %d: %w", i, err)
		}
		commands = append(commands, c)
		i += len(c.bytes)
	}
	return commands, nil
}

func fixed(rest []byte, n int, meaning string) (command, error) {
	if len(rest) < n {
		return command{}, fmt.Errorf("%s is cut off", meaning)
	}
	return command{bytes: rest[:n], meaning: meaning}, nil
}

func (r *reader) next(rest []byte) (command, error) {
	switch {
	case rest[0] == '\n':
		return command{bytes: rest[:1], meaning: "LF: print and feed", lf: true}, nil
	case rest[0] == 0x17 && r.star:
		return command{bytes: rest[:1], meaning: "ETB: count"}, nil
	case rest[0] >= 0x20:
		return r.run(rest), nil
	case len(rest) < 2:
		return command{}, fmt.Errorf("lone byte %02X", rest[0])
	case r.star:
		return r.starCommand(rest)
	}
	return r.escpos(rest)
}

// run is a run of text.
func (r *reader) run(rest []byte) command {
	n := 0
	var text strings.Builder
	for n < len(rest) && rest[n] >= 0x20 {
		if letter, ok := r.known[rest[n]]; ok && r.own {
			text.WriteString(letter)
		} else {
			text.WriteRune(r.table.DecodeByte(rest[n]))
		}
		n++
	}
	return command{bytes: rest[:n], meaning: fmt.Sprintf("text %q", text.String()), text: text.String()}
}

// selectPage is the command of that length whose last byte is a page.
func (r *reader) selectPage(rest []byte, n int, name string) (command, error) {
	c, err := fixed(rest, n, name)
	if err != nil {
		return c, err
	}
	page, ok := r.pages[rest[n-1]]
	if !ok {
		return c, fmt.Errorf("page %d is not in the maker's manual", rest[n-1])
	}
	r.table = page
	c.meaning = fmt.Sprintf("%s: page %d, %s", name, rest[n-1], page)
	return c, nil
}

func (r *reader) escpos(rest []byte) (command, error) {
	arg := byte(0)
	if len(rest) > 2 {
		arg = rest[2]
	}
	switch [2]byte(rest) {
	case [2]byte{0x1b, '@'}:
		r.own, r.known = false, map[byte]string{}
		return fixed(rest, 2, "ESC @: initialise")
	case [2]byte{0x1c, '.'}:
		return fixed(rest, 2, "FS .: leave double-byte mode")
	case [2]byte{0x1d, 'a'}:
		return fixed(rest, 3, fmt.Sprintf("GS a: unasked status %02X", arg))
	case [2]byte{0x1d, 0xe0}:
		return fixed(rest, 3, fmt.Sprintf("GS E0: unasked status %02X", arg))
	case [2]byte{0x1b, 'R'}:
		return fixed(rest, 3, fmt.Sprintf("ESC R: international set %d", arg))
	case [2]byte{0x1b, 't'}:
		return r.selectPage(rest, 3, "ESC t")
	case [2]byte{0x1b, 'a'}:
		return fixed(rest, 3, fmt.Sprintf("ESC a: justify %d", arg))
	case [2]byte{0x1b, 'E'}:
		return fixed(rest, 3, fmt.Sprintf("ESC E: bold %d", arg))
	case [2]byte{0x1b, 'M'}:
		return fixed(rest, 3, fmt.Sprintf("ESC M: font %c", 'A'+arg))
	case [2]byte{0x1b, 'd'}:
		c, err := fixed(rest, 3, fmt.Sprintf("ESC d: feed %d lines", arg))
		c.lf = true
		return c, err
	case [2]byte{0x1b, 'J'}:
		c, err := fixed(rest, 3, fmt.Sprintf("ESC J: feed %d dots", arg))
		c.lf = true
		return c, err
	case [2]byte{0x1d, 'B'}:
		return fixed(rest, 3, fmt.Sprintf("GS B: reverse %d", arg))
	case [2]byte{0x1d, '!'}:
		c, err := fixed(rest, 3, fmt.Sprintf("GS !: size %dx%d", arg>>4+1, arg&15+1))
		c.isSize, c.wide, c.high = true, int(arg>>4)+1, int(arg&15)+1
		return c, err
	case [2]byte{0x1d, 'V'}:
		c, err := fixed(rest, 4, "GS V: feed and cut")
		c.cut = true
		return c, err
	case [2]byte{0x1c, 'P'}:
		c, err := fixed(rest, 6, "FS P: cut and present")
		c.cut = true
		return c, err
	case [2]byte{0x1b, 'i'}:
		c, err := fixed(rest, 2, "ESC i: cut")
		c.cut = true
		return c, err
	case [2]byte{0x1d, 'r'}:
		return fixed(rest, 3, fmt.Sprintf("GS r: ordered status %d", arg))
	case [2]byte{0x1b, 'v'}:
		return fixed(rest, 2, "ESC v: ordered paper status")
	case [2]byte{0x1d, 'G'}:
		return r.nipponJob(rest)
	case [2]byte{0x1c, 'p'}:
		c, err := fixed(rest, 4, fmt.Sprintf("FS p: stored image %d", arg))
		c.mark = true
		return c, err
	case [2]byte{0x1c, 0x93}:
		c, err := fixed(rest, 8, "FS 93: stored image")
		c.mark = true
		return c, err
	case [2]byte{0x1b, '&'}:
		return r.define(rest)
	case [2]byte{0x1b, '%'}:
		r.own = arg == 1
		return fixed(rest, 3, fmt.Sprintf("ESC %%: defined letters %d", arg))
	case [2]byte{0x1d, 'v'}:
		return r.raster(rest)
	case [2]byte{0x1b, 'b'}:
		return r.nipponImage(rest)
	case [2]byte{0x1d, '('}:
		return r.parenthesis(rest)
	}
	return command{}, fmt.Errorf("unknown command % X", rest[:2])
}

func (r *reader) nipponJob(rest []byte) (command, error) {
	c, err := fixed(rest, 7, "GS G")
	if err != nil || !r.nippon || rest[2] != 0x31 && rest[2] != 0x30 {
		return c, fmt.Errorf("GS G % X", rest[:min(7, len(rest))])
	}
	c.meaning = fmt.Sprintf("GS G: job %q, %s", rest[3:7], map[byte]string{0x31: "begin", 0x30: "end"}[rest[2]])
	return c, nil
}

func (r *reader) define(rest []byte) (command, error) {
	c, err := fixed(rest, 6+36, "ESC &: define a letter")
	if err != nil || r.custom || rest[2] != 3 || rest[3] != rest[4] || rest[5] != 12 {
		return c, fmt.Errorf("ESC & % X", rest[:min(6, len(rest))])
	}
	c.meaning += fmt.Sprintf(" as %q", rest[3])
	r.known[rest[3]] = fmt.Sprintf("{%c}", rest[3])
	return c, nil
}

// raster reads GS v 0.
func (r *reader) raster(rest []byte) (command, error) {
	if len(rest) < 8 || rest[2] != '0' || rest[3] > 3 || r.nippon {
		return command{}, fmt.Errorf("GS v % X", rest[:min(8, len(rest))])
	}
	wide, high := int(rest[4])|int(rest[5])<<8, int(rest[6])|int(rest[7])<<8
	scale := map[byte]int{0: 1, 3: 2}[rest[3]]
	if scale == 0 || wide == 0 || high == 0 || high > 24 {
		return command{}, fmt.Errorf("GS v 0 mode %d, %d bytes, %d rows", rest[3], wide, high)
	}
	c, err := fixed(rest, 8+wide*high, fmt.Sprintf("GS v 0: %d bytes x %d rows, mode %d", wide, high, rest[3]))
	if err == nil {
		c.image, c.lf = dots(rest[8:8+wide*high], wide, scale), true
	}
	return c, err
}

func (r *reader) nipponImage(rest []byte) (command, error) {
	if len(rest) < 5 || !r.nippon {
		return command{}, fmt.Errorf("ESC b % X", rest[:min(5, len(rest))])
	}
	wide, high := int(rest[2]), int(rest[3])|int(rest[4])<<8
	c, err := fixed(rest, 5+wide*high, fmt.Sprintf("ESC b: %d bytes x %d rows", wide, high))
	if err == nil {
		c.image = dots(rest[5:5+wide*high], wide, 1)
	}
	return c, err
}

// dots returns the rows of an image on paper.
func dots(data []byte, wide, scale int) *picture {
	var p picture
	for ; len(data) >= wide; data = data[wide:] {
		row := make([]bool, 0, wide*8*scale)
		for i := range wide * 8 {
			for range scale {
				row = append(row, data[i/8]&(0x80>>(i%8)) != 0)
			}
		}
		for range scale {
			p.rows = append(p.rows, row)
		}
	}
	return &p
}

// parenthesis reads the GS ( family, whose commands say their own length.
func (r *reader) parenthesis(rest []byte) (command, error) {
	if len(rest) < 5 {
		return command{}, fmt.Errorf("GS ( is cut off")
	}
	n := int(rest[3]) | int(rest[4])<<8
	if len(rest) < 5+n {
		return command{}, fmt.Errorf("GS ( %c says %d bytes, %d follow", rest[2], n, len(rest)-5)
	}
	c := command{bytes: rest[:5+n]}
	body := rest[5 : 5+n]
	switch {
	case rest[2] == 'H' && n == 6 && body[0] == 0x30 && body[1] == 0x30:
		c.meaning = fmt.Sprintf("GS ( H: process id %q", body[2:])
		return c, nil
	case rest[2] == 'L' && n == 6 && body[0] == 0x30 && body[1] == 0x45:
		c.meaning, c.mark = fmt.Sprintf("GS ( L: stored image %q", body[2:4]), true
		return c, nil
	case rest[2] != 'k' || body[0] != 0x31 || r.nippon:
		return command{}, fmt.Errorf("GS ( %c % X", rest[2], body)
	}
	levels, kind := map[byte]string{0x30: "L", 0x31: "M", 0x32: "Q", 0x33: "H"}, byte(0x30)
	if r.custom {
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

// paper returns the lines of text that a job shows.
func paper(commands []command) []string {
	var lines []string
	var line strings.Builder
	for i, c := range commands {
		line.WriteString(c.text)
		if c.lf && len(c.bytes) == 1 && (i == 0 || commands[i-1].image == nil) {
			lines = append(lines, line.String())
			line.Reset()
		}
	}
	return lines
}

// pictures returns the images of a job, bands put together: between two bands of one image there is
// nothing but, on Star's printers, the LF that prints a band.
func pictures(commands []command) []*picture {
	var all []*picture
	band := false // the newest image may go on
	for i, c := range commands {
		if c.image == nil {
			band = band && c.lf && len(c.bytes) == 1 && commands[i-1].image != nil && commands[i-1].bytes[1] == 'k'
			continue
		}
		if band && len(all[len(all)-1].rows[0]) == len(c.image.rows[0]) {
			all[len(all)-1].rows = append(all[len(all)-1].rows, c.image.rows...)
		} else {
			all = append(all, &picture{rows: append([][]bool(nil), c.image.rows...)})
		}
		band = true
	}
	return all
}
