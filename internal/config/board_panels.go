// SPDX-License-Identifier: EUPL-1.2

package config

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"github.com/avanti-queue/avanti/queue"
)

// PanelLine is a wire with number panels.
type PanelLine struct {
	Wire Wire
	Path string // absolute, of the device file
	// Driver is how the panels are spoken to: [DriverMAX7219] on SPI, [DriverHT16K33] on I²C, else
	// the name of a protocol.
	Driver     string
	Brightness int // 0 to 15, on SPI and I²C
	Panels     []WiredPanel
}

// Wire is what panels hang on. Its name is the field that has the path.
type Wire string

// The wires.
const (
	WireSPI    Wire = "spi"
	WireI2C    Wire = "i2c"
	WireSerial Wire = "path"
)

// The drivers of chips.
const (
	DriverMAX7219 = "max7219"
	DriverHT16K33 = "ht16k33"
)

// WiredPanel is a number panel at a counter.
type WiredPanel struct {
	ID         string
	Counter    queue.CounterID
	Address    int   // on I²C 0x70 to 0x77, on a serial line 0 to 255; 0 on SPI
	Places     int   // digits; 0: as the driver has it
	DropPrefix bool  // numbers are shown without the letters that they begin with
	Dashes     bool  // what is not sure is marked with dashes, otherwise the panel goes dark
	Segments   int   // of a digit on I²C, 7 or 14; else 0
	Columns    []int // on I²C, the chip's lines of the digits from left to right; else nil
}

// PanelProtocol is how the panels of a maker are spoken to that the program does not know.
type PanelProtocol struct {
	Name                   string
	Baud                   int
	Parity                 Parity
	First, Last            int // the addresses that a panel can have; both 0: none
	Glyphs                 string
	Least, Most            int // places
	Frame, Answer, Refusal string
	Blank                  string
	Within, Gap            time.Duration
}

// Parity is the check bit of a serial line.
type Parity string

// The parities.
const (
	ParityNone Parity = "none"
	ParityEven Parity = "even"
)

// mostPlaces is how many characters a panel can have at most.
const mostPlaces = 16

func (r *reader) panelLines(v value, printers []Printer) []PanelLine {
	var out []PanelLine
	used := map[string]int{}
	for _, item := range v.items("{spi or i2c or path, driver, panels}") {
		s := item.section()
		l := PanelLine{}
		for _, wire := range []Wire{WireSPI, WireI2C, WireSerial} {
			file := s.field(string(wire))
			switch {
			case file.absent():
			case l.Wire != "":
				file.report("a second wire", "one of spi, i2c and path")
			default:
				l.Wire, l.Path = wire, wireFile(file, wire, used, printers)
			}
		}
		driver, brightness := s.need("driver", wantDriver), s.field("brightness")
		switch l.Wire {
		case WireSPI:
			l.Driver = choice(driver, DriverMAX7219, DriverMAX7219)
		case WireI2C:
			l.Driver = choice(driver, DriverHT16K33, DriverHT16K33)
		case WireSerial:
			l.Driver, _ = driver.text(wantDriver)
			forbid(brightness, "no brightness: it is set on the panels")
		default:
			s.report("no wire", "spi, i2c or path: the device file of the wire")
		}
		l.Brightness = brightness.integer(DefaultBrightness, 0, 15)
		panels := s.need("panels", "the panels on the wire")
		l.Panels = r.wiredPanels(panels, l.Wire)
		if !panels.absent() && len(l.Panels) == 0 {
			panels.report("no panel", "the panels on the wire")
		}
		s.done()
		out = append(out, l)
	}
	return out
}

const wantDriver = "max7219 on SPI, ht16k33 on I²C, else the name of a protocol"

// wireFile reads the device file of a wire that nothing else has.
func wireFile(v value, wire Wire, used map[string]int, printers []Printer) string {
	begin, want := "/", "the full path of a device file such as /dev/ttyUSB0"
	switch wire {
	case WireSPI:
		begin, want = "/dev/spidev", "a device file such as /dev/spidev0.0"
	case WireI2C:
		begin, want = "/dev/i2c-", "a device file such as /dev/i2c-1"
	case WireSerial:
	}
	s, ok := v.text(want)
	if !ok {
		return ""
	}
	if !strings.HasPrefix(s, begin) {
		v.report(v.is(), want)
	}
	if line, twice := used[s]; twice {
		v.report(fmt.Sprintf("%s is on line %d already", v.is(), line), "all panels of a wire in one list")
	}
	used[s] = v.line
	for _, p := range printers {
		if p.Path == s {
			v.report(v.is()+" is the printer "+p.ID, "a wire of its own")
		}
	}
	return s
}

func (r *reader) wiredPanels(v value, on Wire) []WiredPanel {
	var out []WiredPanel
	used := map[int]int{}
	for _, item := range v.items("{id, counter, address, places, drop_prefix, dashes, segments, columns}") {
		s := item.section()
		p := WiredPanel{
			ID:         r.devices.define(s.field("id")),
			Counter:    r.counterOf(s.field("counter"), wantCounter),
			DropPrefix: s.field("drop_prefix").truth(false),
			Dashes:     s.field("dashes").truth(false),
		}
		address, places, segments, columns := s.field("address"), s.field("places"), s.field("segments"), s.field("columns")
		switch on {
		case WireSPI:
			if places.absent() {
				places.report("missing", "how many digits the panel has, 1 to 8")
			}
			p.Places = places.integer(0, 1, 8)
			forbid(address, "no address: the panels stand in a row, the first one next to the board")
			onlyOnI2C(segments, columns)
		case WireI2C:
			p.Address, p.Segments = chipAddress(address), segmentCount(segments)
			p.Columns = columnList(columns, p.Segments)
			forbid(places, "no places: columns says how many digits there are")
			own(address, p.Address, used)
		case WireSerial:
			p.Address, p.Places = address.integer(0, 0, 255), places.integer(0, 1, mostPlaces)
			own(address, p.Address, used)
			onlyOnI2C(segments, columns)
		}
		s.done()
		out = append(out, p)
	}
	return out
}

// own reports an address that another panel of the wire has.
func own(v value, address int, used map[int]int) {
	if v.d.faulty[v.path] {
		return
	}
	if line, twice := used[address]; twice {
		v.report(fmt.Sprintf("the address of the panel on line %d", line), "an address of its own")
		return
	}
	used[address] = v.line
}

func onlyOnI2C(fields ...value) {
	for _, v := range fields {
		forbid(v, "it on I²C only")
	}
}

const wantChip = "the address of the chip as its makers write it, 0x70 to 0x77"

// chipAddress reads the address of a chip, which everybody writes in hexadecimal.
func chipAddress(v value) int {
	if node, ok := v.node.(*ast.IntegerNode); ok {
		source := node.GetToken().Value
		for a := 0x70; a <= 0x77; a++ {
			if source == "0x"+strconv.FormatInt(int64(a), 16) {
				return a
			}
		}
	}
	v.report(v.is(), wantChip)
	return 0
}

func segmentCount(v value) int {
	n := v.integer(7, 7, 14)
	if n != 7 && n != 14 {
		v.report(v.is(), "7 or 14")
	}
	return n
}

// columnList reads the lines of a chip that light the digits, those of the usual boards if absent.
func columnList(v value, segments int) []int {
	if v.absent() && segments == 14 {
		return []int{0, 1, 2, 3}
	}
	if v.absent() {
		return []int{0, 1, 3, 4} // the colon has the third
	}
	var out []int
	for _, item := range v.items("columns from 0 to 7, the leftmost digit first") {
		c := item.integer(0, 0, 7)
		if slices.Contains(out, c) {
			item.report(item.is()+" stands twice", "each column once")
		}
		out = append(out, c)
	}
	if len(out) == 0 {
		v.report(v.is(), "columns from 0 to 7, the leftmost digit first")
	}
	return out
}

func protocolList(v value) []PanelProtocol {
	const want = "words such as 02 address:2 text 03"
	var out []PanelProtocol
	names := newNames[string]("protocol")
	for _, item := range v.items("{name, baud, parity, first, last, glyphs, least, most, frame, blank, answer, refusal, within, gap}") {
		s := item.section()
		p := PanelProtocol{
			Name:   names.define(s.field("name")),
			Baud:   s.need("baud", "the speed of the line in bit/s").integer(0, 300, 115200),
			Parity: choice(s.field("parity"), ParityNone, ParityNone, ParityEven),
			First:  s.field("first").integer(0, 0, 255),
			Glyphs: choice(s.need("glyphs", "what the panels can show"), "", "digits", "signed", "7-segment", "14-segment", "text"),
			Least:  s.field("least").integer(1, 1, mostPlaces),
			Gap:    s.field("gap").span(DefaultGap, 0, time.Second),
		}
		last, most, within := s.field("last"), s.need("most", "how many places a panel has at most"), s.field("within")
		if p.Last = last.integer(p.First, 0, 255); p.Last < p.First {
			last.report(last.is()+" is before first", "the last address that a panel can have")
		}
		if p.Most = most.integer(mostPlaces, 1, mostPlaces); p.Most < p.Least {
			most.report(most.is()+" is fewer than least", "how many places a panel has at most")
		}
		p.Frame, _ = s.need("frame", want).text(want)
		answer := s.field("answer")
		p.Answer, _ = answer.text(want)
		p.Refusal, _ = s.field("refusal").text(want)
		p.Blank, _ = s.field("blank").text("the text that shows nothing")
		switch {
		case answer.absent():
			forbid(within, "it with answer only")
		case within.absent():
			within.report("missing", "how long an answer may take to begin, such as 100ms")
		default:
			p.Within = within.span(time.Second, time.Millisecond, time.Second)
		}
		s.done()
		out = append(out, p)
	}
	return out
}
