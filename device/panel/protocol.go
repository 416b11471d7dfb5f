// SPDX-License-Identifier: EUPL-1.2

package panel

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Protocol is how a maker's panels are spoken to on a serial line, as data. Templates are words
// parted by blanks:
//
//	0D          a byte in hexadecimal
//	'M1'        a text
//	address     the panel's address, a byte
//	address:2   the same, two decimal digits
//	text        the text, a character a byte
//	cells       the text, a character in the low byte of two
//	value       the text as a number, two bytes, high one first
//	places      how many characters the text has, a byte
//	places:2    the same, two decimal digits
//	bytes       twice as many, a byte
//	any         any byte; in answers only
//	sum         the low byte of the sum of all before
//	crc         the Modbus CRC-16 of all before, low byte first
type Protocol struct {
	Name string
	// The line: bit/s, 8 data bits, one stop bit.
	Baud   int
	Parity string // "none" or "even"
	// First and Last are the addresses that a panel can have; both 0: it has none, and is alone.
	First, Last int
	Glyphs      Glyphs
	// Least and Most are how many places a panel can have: all of them are written each time.
	Least, Most int
	// Frame makes a panel show a text.
	Frame string
	// Blank is the text that shows nothing; "": blanks. A panel that cannot be dark gets a text
	// that nobody is called by.
	Blank string
	// Answer confirms a frame; "": the panels never answer. Refusal, if there is one, says that
	// the panel has understood and will not.
	Answer, Refusal string
	// Within is how long a panel takes to begin its answer.
	Within time.Duration
	// Gap is the silence after a frame and its answer.
	Gap time.Duration
}

// Builtin returns the protocol of a name; false: there is none. Source and limits of each:
//
//   - "edi": counters of Electronic Displays Inc. and many industrial ones (ED400D product manual,
//     protocol for numeric displays). STX, address, digits, ETX. No checksum, no answer.
//   - "board": boards with one binary number (maker's default: identity, high, low, sum). They have
//     no blank: 0 stands for it, so an office must not begin its series there. No answer.
//   - "callshop", "callshop-concentrator": Telcom Research CallShop displays, alone at 2400 bit/s
//     or behind their concentrator at 19200 (installation and protocol manual 1.10). The first
//     line. Each command is confirmed.
//   - "modbus": displays with one character a register from register 0 on, as DM36B06 and DM56A04
//     have, written by function 16 of Modbus RTU. Each write is confirmed with a CRC.
func Builtin(name string) (Protocol, bool) {
	for _, p := range builtins() {
		if p.Name == name {
			return p, true
		}
	}
	return Protocol{}, false
}

// Builtins returns the names of the protocols that need no description.
func Builtins() []string {
	var out []string
	for _, p := range builtins() {
		out = append(out, p.Name)
	}
	return out
}

func builtins() []Protocol {
	return []Protocol{
		{
			Name: "edi", Baud: 9600, Parity: "none", First: 1, Last: 99, Glyphs: GlyphsSigned, Least: 1, Most: 6,
			Frame: "02 address:2 text 03", Gap: 20 * time.Millisecond,
		},
		{
			// Nothing but silence tells where a frame begins.
			Name: "board", Baud: 9600, Parity: "none", First: 1, Last: 255, Glyphs: GlyphsDigits, Least: 1, Most: 4,
			Frame: "address value sum", Blank: "0", Gap: 50 * time.Millisecond,
		},
		{
			Name: "callshop", Baud: 2400, Parity: "none", Glyphs: GlyphsText, Least: 16, Most: 16,
			Frame: "'M101' places:2 text 0D", Answer: "'^M' 0D",
			Within: 300 * time.Millisecond, Gap: 10 * time.Millisecond,
		},
		{
			// The concentrator passes both ways on at 2400 bit/s.
			Name: "callshop-concentrator", Baud: 19200, Parity: "none", First: 1, Last: 99, Glyphs: GlyphsText, Least: 16, Most: 16,
			Frame: "03 'P' address:2 'M101' places:2 text 0D", Answer: "03 'P' address:2 '^M' 0D",
			Within: 500 * time.Millisecond, Gap: 10 * time.Millisecond,
		},
		{
			Name: "modbus", Baud: 9600, Parity: "none", First: 1, Last: 247, Glyphs: GlyphsSeven, Least: 1, Most: 6,
			Frame: "address 10 00 00 00 places bytes cells crc", Answer: "address 10 00 00 00 places crc",
			Refusal: "address 90 any crc", Within: 100 * time.Millisecond, Gap: 5 * time.Millisecond,
		},
	}
}

const mostFrame = 64

// ProtocolFault is one thing that is wrong with a protocol.
type ProtocolFault struct {
	Protocol string // its name
	Field    string // what it is about, such as frame
	Wrong    error
}

// Error names the protocol and the field.
func (f *ProtocolFault) Error() string {
	return fmt.Sprintf("protocol %q: %s: %v", f.Protocol, f.Field, f.Wrong)
}

// Unwrap returns what is wrong.
func (f *ProtocolFault) Unwrap() error { return f.Wrong }

// Validate says all that is wrong with a protocol, as joined [*ProtocolFault]s; nil: nothing.
func (p Protocol) Validate() error {
	_, err := p.compile()
	return err
}

// compiled is a protocol with its templates.
type compiled struct {
	Protocol
	frame, answer, refusal template
}

func (p Protocol) compile() (compiled, error) {
	c := compiled{Protocol: p}
	var faults []error
	wrong := func(field, format string, args ...any) {
		faults = append(faults, &ProtocolFault{p.Name, field, fmt.Errorf(format, args...)})
	}
	for _, t := range []struct {
		field, text string
		to          *template
	}{{"frame", p.Frame, &c.frame}, {"answer", p.Answer, &c.answer}, {"refusal", p.Refusal, &c.refusal}} {
		var err error
		if *t.to, err = parseTemplate(t.text); err != nil {
			wrong(t.field, "%w", err)
		}
	}
	for _, places := range []int{p.Least, p.Most} {
		if err := (Face{Glyphs: p.Glyphs, Places: places}).validate(); err != nil {
			wrong("face", "%w", err)
		}
	}
	if p.Most < p.Least {
		wrong("face", "%d to %d places", p.Least, p.Most)
	}
	if p.Baud < 300 || p.Baud > 115200 {
		wrong("baud", "%d: use 300 to 115200", p.Baud)
	}
	if p.Parity != "none" && p.Parity != "even" {
		wrong("parity", "%q: use none or even", p.Parity)
	}
	if p.First < 0 || p.Last < p.First || p.Last > 255 {
		wrong("addresses", "%d to %d: use some of 0 to 255", p.First, p.Last)
	}
	if p.Gap < 0 || p.Gap > time.Second || p.Within < 0 || p.Within > time.Second {
		wrong("times", "%v and %v: use up to a second", p.Within, p.Gap)
	}
	if p.Answer != "" && p.Within == 0 {
		wrong("within", "0: say how long an answer may take to begin")
	}
	if len(faults) == 0 {
		for _, v := range []values{{p.First, "1"}, {p.Last, "1"}} {
			if b, err := c.frame.render(v); err != nil {
				wrong("frame", "%w", err)
			} else if len(b) == 0 || len(b) > mostFrame {
				wrong("frame", "%d bytes: use 1 to %d", len(b), mostFrame)
			}
		}
		// A text that has no frame would cost all panels of the line their wire.
		nothing := cmp.Or(p.Blank, strings.Repeat(" ", p.Most))
		if _, err := c.frame.render(values{p.First, nothing}); err != nil {
			wrong("blank", "%w", err)
		}
		if _, err := c.frame.render(values{p.First, strings.Repeat("9", p.Most)}); err != nil {
			wrong("face", "%w", err)
		}
	}
	return c, errors.Join(faults...)
}
