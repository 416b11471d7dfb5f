// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/avanti-queue/avanti/device/panel"
	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/queue"
)

// protocolOf returns how the panels of a driver are spoken to: as the configuration says or, where it
// says nothing, as is known; false: nobody knows.
func protocolOf(b config.Board, driver string) (panel.Protocol, bool) {
	for _, p := range b.Protocols {
		if p.Name == driver {
			return ownProtocol(p), true
		}
	}
	return panel.Builtin(driver)
}

func ownProtocol(p config.PanelProtocol) panel.Protocol {
	return panel.Protocol{
		Name: p.Name, Baud: p.Baud, Parity: string(p.Parity), First: p.First, Last: p.Last,
		Glyphs: panel.Glyphs(p.Glyphs), Least: p.Least, Most: p.Most,
		Frame: p.Frame, Blank: p.Blank, Answer: p.Answer, Refusal: p.Refusal, Within: p.Within, Gap: p.Gap,
	}
}

// faces returns how the panels of a wire show a number.
func faces(b config.Board, c config.PanelLine) []panel.Face {
	out := make([]panel.Face, len(c.Panels))
	for i, p := range c.Panels {
		f := panel.Face{Glyphs: panel.GlyphsSeven, Places: p.Places, DropPrefix: p.DropPrefix, Dashes: p.Dashes}
		switch c.Wire {
		case config.WireSPI:
		case config.WireI2C:
			f.Places = len(p.Columns)
			if p.Segments == 14 {
				f.Glyphs = panel.GlyphsFourteen
			}
		case config.WireSerial:
			protocol, _ := protocolOf(b, c.Driver)
			f.Glyphs = protocol.Glyphs
			if f.Places == 0 && protocol.Least == protocol.Most {
				f.Places = protocol.Least
			}
		}
		out[i] = f
	}
	return out
}

// checkBoard finds the faults of what hangs on the board's wires: drivers that nobody knows, panels that
// their driver cannot have, numbers that a panel cannot show.
func checkBoard(f *config.File, report func(field, wrong, want string)) {
	b := f.Board
	for i, p := range b.Protocols {
		if _, builtin := panel.Builtin(p.Name); builtin || p.Name == config.DriverMAX7219 || p.Name == config.DriverHT16K33 {
			report(fmt.Sprintf("board.protocols[%d].name", i), fmt.Sprintf("%q is a driver that is built in", p.Name), "a name of its own")
		}
		for _, fault := range protocolFaults(ownProtocol(p)) {
			report(fmt.Sprintf("board.protocols[%d].%s", i, fault.Field), fault.Wrong.Error(), "a protocol as the manual of the panels has it")
		}
	}
	for i, c := range b.Panels {
		at := fmt.Sprintf("board.panels[%d]", i)
		if c.Wire == config.WireSerial && c.Driver != "" {
			protocol, ok := protocolOf(b, c.Driver)
			if !ok {
				report(at+".driver", fmt.Sprintf("there is no protocol %q", c.Driver), "one of "+strings.Join(protocols(b), ", "))
				continue
			}
			checkSerial(at, c, protocol, report)
		}
		for j, face := range faces(b, c) {
			n := numbersOn{face: face, at: fmt.Sprintf("%s.panels[%d]", at, j), report: report}
			n.check(f.Settings(), c.Panels[j].Counter)
		}
	}
}

func protocols(b config.Board) []string {
	out := panel.Builtins()
	for _, p := range b.Protocols {
		out = append(out, p.Name)
	}
	return out
}

// protocolFaults takes apart what [panel.Protocol.Validate] has joined.
func protocolFaults(p panel.Protocol) []*panel.ProtocolFault {
	joined, ok := errors.AsType[interface {
		error
		Unwrap() []error
	}](p.Validate())
	if !ok {
		return nil
	}
	var out []*panel.ProtocolFault
	for _, err := range joined.Unwrap() {
		if fault, ok := errors.AsType[*panel.ProtocolFault](err); ok {
			out = append(out, fault)
		}
	}
	return out
}

// checkSerial finds addresses and lengths that the panels of a protocol do not have.
func checkSerial(at string, c config.PanelLine, p panel.Protocol, report func(field, wrong, want string)) {
	for i, x := range c.Panels {
		field := fmt.Sprintf("%s.panels[%d]", at, i)
		if x.Address < p.First || x.Address > p.Last {
			want := fmt.Sprintf("%d to %d", p.First, p.Last)
			if p.Last == 0 {
				want = "no address: there is one panel on the line"
			}
			wrong := fmt.Sprintf("the address %d", x.Address)
			if x.Address == 0 {
				wrong = "no address"
			}
			report(field+".address", wrong, want)
		}
		want := fmt.Sprintf("how many the panel has, %d to %d", p.Least, p.Most)
		switch {
		case x.Places == 0 && p.Least < p.Most:
			report(field+".places", "missing", want)
		case x.Places != 0 && (x.Places < p.Least || x.Places > p.Most):
			report(field+".places", fmt.Sprintf("%d digits", x.Places), want)
		}
	}
}

// numbersOn looks for numbers that a panel cannot show, or shows as it would show others.
type numbersOn struct {
	face   panel.Face
	at     string
	report func(field, wrong, want string)
}

// check looks at all numbers that the counter may call.
func (n *numbersOn) check(s queue.Settings, counter queue.CounterID) {
	if n.face.Places == 0 {
		return // is a fault already
	}
	shown := map[string]string{}
	for _, series := range seriesOf(s, counter) {
		for ordinal := series.First; ordinal <= series.Last; ordinal++ {
			number := series.Print(ordinal)
			text, err := n.face.Fit(number)
			if err != nil {
				n.report(n.at, err.Error(), "a panel that shows what is printed, or drop_prefix where the letters alone are the trouble")
				return
			}
			if other, taken := shown[text]; taken {
				n.report(n.at+".drop_prefix", fmt.Sprintf("%s and %s look the same there, and the counter calls both", other, number),
					"a panel with letters, or series with first and last that do not overlap")
				return
			}
			shown[text] = number
		}
	}
}

// seriesOf returns the series whose numbers a counter may call.
func seriesOf(s queue.Settings, counter queue.CounterID) []queue.Series {
	called := map[queue.SeriesID]bool{}
	for _, c := range s.Counters {
		if c.ID != counter {
			continue
		}
		for _, service := range s.Services {
			if slices.Contains(c.Preferred, service.ID) || slices.Contains(c.Overflow, service.ID) {
				called[service.Series] = true
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(s.Series), func(x queue.Series) bool { return !called[x.ID] })
}
