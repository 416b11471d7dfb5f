// SPDX-License-Identifier: EUPL-1.2

package escpos_test

import "fmt"

// starCommand reads a command of Star's line mode.
func (r *reader) starCommand(rest []byte) (command, error) {
	arg := byte(0)
	if len(rest) > 2 {
		arg = rest[2]
	}
	switch [2]byte(rest) {
	case [2]byte{0x1b, '@'}:
		return fixed(rest, 2, "ESC @: initialise")
	case [2]byte{0x1b, 'M'}:
		return fixed(rest, 2, "ESC M: pitch of 12 dots")
	case [2]byte{0x1b, 'R'}:
		return fixed(rest, 3, fmt.Sprintf("ESC R: international set %d", arg))
	case [2]byte{0x1b, 'E'}:
		return fixed(rest, 2, "ESC E: bold")
	case [2]byte{0x1b, 'F'}:
		return fixed(rest, 2, "ESC F: not bold")
	case [2]byte{0x1b, '4'}:
		return fixed(rest, 2, "ESC 4: reverse")
	case [2]byte{0x1b, '5'}:
		return fixed(rest, 2, "ESC 5: not reverse")
	case [2]byte{0x1b, '0'}:
		return fixed(rest, 2, "ESC 0: lines of 3 mm")
	case [2]byte{0x1b, 'J'}:
		c, err := fixed(rest, 3, fmt.Sprintf("ESC J: feed %d/4 mm", arg))
		c.lf = true
		return c, err
	case [2]byte{0x1b, 'z'}:
		return fixed(rest, 3, fmt.Sprintf("ESC z: lines of %d mm", 3+arg))
	case [2]byte{0x1b, 'i'}:
		c, err := fixed(rest, 4, "ESC i")
		if err != nil || rest[2] > 5 || rest[3] > 5 {
			return c, fmt.Errorf("ESC i % X", rest[:min(4, len(rest))])
		}
		c.isSize, c.wide, c.high = true, int(rest[3])+1, int(rest[2])+1
		c.meaning = fmt.Sprintf("ESC i: size %dx%d", c.wide, c.high)
		return c, nil
	case [2]byte{0x1b, 'd'}:
		c, err := fixed(rest, 3, fmt.Sprintf("ESC d: cut %d", arg))
		c.cut = true
		return c, err
	case [2]byte{0x1b, 'k'}:
		if len(rest) < 4 || rest[2] == 0 || rest[2] > 72 || rest[3] != 0 {
			return command{}, fmt.Errorf("ESC k % X", rest[:min(4, len(rest))])
		}
		wide := int(arg)
		c, err := fixed(rest, 4+24*wide, fmt.Sprintf("ESC k: %d bytes x 24 rows", wide))
		if err == nil {
			c.image = dots(rest[4:4+24*wide], wide, 1)
		}
		return c, err
	case [2]byte{0x1b, 0x1c}:
		c, err := fixed(rest, 5, "ESC FS p: stored image")
		c.mark = arg == 'p'
		return c, err
	case [2]byte{0x1b, 0x1e}:
		switch arg {
		case 'F':
			return fixed(rest, 4, fmt.Sprintf("ESC RS F: font %c", 'A'+rest[3]))
		case 'a':
			return fixed(rest, 4, fmt.Sprintf("ESC RS a: unasked status %d", rest[3]))
		case 'E':
			return fixed(rest, 4, "ESC RS E: counter to 0")
		}
	case [2]byte{0x1b, 0x1d}:
		switch arg {
		case 't':
			return r.selectPage(rest, 4, "ESC GS t")
		case 'a':
			return fixed(rest, 4, fmt.Sprintf("ESC GS a: justify %d", rest[3]))
		case 'y':
			return starSymbol(rest)
		}
	}
	return command{}, fmt.Errorf("unknown command of Star % X", rest[:min(3, len(rest))])
}

func starSymbol(rest []byte) (command, error) {
	if len(rest) >= 4 && rest[3] == 'P' {
		return fixed(rest, 4, "ESC GS y P: print QR")
	}
	if len(rest) < 6 {
		return command{}, fmt.Errorf("ESC GS y is cut off")
	}
	switch string(rest[3:5]) {
	case "S0":
		return fixed(rest, 6, fmt.Sprintf("ESC GS y S 0: QR model %d", rest[5]))
	case "S1":
		return fixed(rest, 6, fmt.Sprintf("ESC GS y S 1: QR error correction %c", "LMQH"[rest[5]&3]))
	case "S2":
		if rest[5] < 1 || rest[5] > 8 {
			return command{}, fmt.Errorf("a QR module of %d dots", rest[5])
		}
		return fixed(rest, 6, fmt.Sprintf("ESC GS y S 2: QR module %d dots", rest[5]))
	case "D1":
		if len(rest) < 8 || rest[5] != 0 {
			return command{}, fmt.Errorf("ESC GS y D 1 % X", rest[:min(8, len(rest))])
		}
		n := int(rest[6]) | int(rest[7])<<8
		c, err := fixed(rest, 8+n, "ESC GS y D 1: QR data")
		if err == nil {
			c.qr = string(rest[8 : 8+n])
			c.meaning += fmt.Sprintf(" %q", c.qr)
		}
		return c, err
	}
	return command{}, fmt.Errorf("ESC GS y % X", rest[3:5])
}
