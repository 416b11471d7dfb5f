// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/avanti-queue/avanti/device/escpos"
	"github.com/avanti-queue/avanti/device/serialport"
)

// finding is what is known of whoever is at the other end.
type finding struct {
	dialect  escpos.StatusDialect // none: no printer of ours
	facts    []fact
	profiles []string
	heard    []byte // of one that speaks no dialect; empty: silence
	echo     bool   // and it is our own bytes
}

// fact is what a printer says of itself.
type fact struct{ about, text string }

var errNobody = errors.New("no printer was found: check its power, its cable, speed, parity and flow control (its self-test page shows them), or try -scan; a printer without a wire back answers to nobody and has the profile silent")

// identify asks in every dialect, at the given settings or at all usual ones.
func identify(ctx context.Context, b *bench) error {
	for _, line := range b.settings() {
		b.line = line
		if b.scan {
			fmt.Fprintf(b.out, "%s: ", b.where())
		}
		found, err := b.examine(ctx)
		held := errors.Is(err, errHeld)
		if b.scan && (err == nil || held) {
			fmt.Fprintln(b.out, found.short(held))
		}
		if found.dialect != escpos.StatusNone {
			b.report(found)
			return err
		}
		switch {
		case b.scan && held:
			continue
		case !b.scan && b.wires != "":
			fmt.Fprintln(b.out, b.wires)
		}
		if err != nil {
			return err
		}
		if !b.scan && len(found.heard) > 0 {
			return fmt.Errorf("%s: %s", b.where(), found.short(false))
		}
	}
	return errNobody
}

// settings are the speeds and kinds of flow control to try.
func (b *bench) settings() []serialport.Config {
	if !b.scan {
		return []serialport.Config{b.line}
	}
	var all []serialport.Config
	for _, flow := range []serialport.FlowControl{serialport.FlowNone, serialport.FlowRTSCTS, serialport.FlowXonXoff} {
		for _, baud := range []int{9600, 19200, 38400, 115200, 57600, 4800} {
			line := b.line
			line.Baud, line.FlowControl = baud, flow
			all = append(all, line)
		}
	}
	return all
}

// dialects are the ways to ask, those first whose answers look like no other's.
func dialects() []escpos.StatusDialect {
	return []escpos.StatusDialect{
		escpos.StatusCustom, escpos.StatusEpson, escpos.StatusStar, escpos.StatusNippon, escpos.StatusLenient,
	}
}

// examine opens the line and asks.
func (b *bench) examine(ctx context.Context) (found finding, err error) {
	port, err := b.open(ctx)
	if err != nil {
		return finding{}, err
	}
	defer func() { err = errors.Join(err, port.Close()) }()
	all, err := profiles()
	if err != nil {
		return finding{}, err
	}
	t := talk{port: port, baud: b.line.Baud}
	for _, dialect := range dialects() {
		p := exemplar(all, dialect)
		if p == nil {
			continue
		}
		_, heard, ok, err := t.condition(ctx, p)
		if err != nil {
			return found, err
		}
		if len(heard) > 0 && len(found.heard) == 0 {
			found.heard, found.echo = heard, bytes.HasPrefix(heard, p.Questions()[0])
		}
		if !ok {
			continue
		}
		facts, err := t.facts(ctx, p)
		if err != nil {
			return found, err
		}
		if dialect == escpos.StatusNippon && len(facts) == 0 {
			continue // its status alone is a byte that others may send too
		}
		clears, err := t.clears(ctx, p)
		if err != nil {
			return found, err
		}
		found.dialect, found.facts, found.profiles = dialect, facts, fitting(all, dialect, facts, clears)
		return found, nil
	}
	return found, nil
}

// exemplar returns a profile of the dialect, one that can clear if there is one; nil: there is none.
func exemplar(all []escpos.Profile, dialect escpos.StatusDialect) *escpos.Profile {
	var found *escpos.Profile
	for i := range all {
		if p := &all[i]; p.Status == dialect && (found == nil || found.Clear == nil) {
			found = p
		}
	}
	return found
}

// clears reports whether the printer empties its buffers out of turn and says so.
func (t talk) clears(ctx context.Context, p *escpos.Profile) (bool, error) {
	if p.Clear == nil {
		return false, nil
	}
	answer, err := t.ask(ctx, p.Clear)
	decoder := p.Decoder()
	return slices.ContainsFunc(answer, func(c byte) bool {
		reply, whole := decoder.Feed(c)
		return whole && reply == escpos.Cleared{}
	}), err
}

// facts asks a printer about itself.
func (t talk) facts(ctx context.Context, p *escpos.Profile) ([]fact, error) {
	var facts []fact
	for i, question := range p.Identify() {
		answer, err := t.ask(ctx, question.Bytes)
		if err != nil {
			return nil, err
		}
		if text, ok := p.Identity(i, answer); ok {
			facts = append(facts, fact{question.About, text})
		}
	}
	return facts, nil
}

// profiles returns all that we know, by name.
func profiles() ([]escpos.Profile, error) {
	var all []escpos.Profile
	for _, name := range escpos.Names() {
		p, err := escpos.Lookup(name)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

// fitting names the profiles for a printer that speaks a dialect and may clear its buffers: the
// one whose model it names, else all that can do as much.
func fitting(all []escpos.Profile, dialect escpos.StatusDialect, facts []fact, clears bool) []string {
	var said strings.Builder
	for _, f := range facts {
		said.WriteString(letters(f.text) + " ")
	}
	epson := strings.Contains(said.String(), "epson")
	var names []string
	for _, p := range all {
		_, model, _ := strings.Cut(p.Name, "-")
		if p.Status == dialect && model != "" && strings.Contains(said.String(), letters(model)) {
			return []string{p.Name}
		}
		fits := p.Status == dialect
		if dialect == escpos.StatusEpson {
			// Many answer as Epson's do that are none. They cannot clear; Epson's older ones
			// cannot either.
			fits = fits && clears == (p.Clear != nil) && (clears || epson) ||
				p.Status == escpos.StatusLenient && !clears && !epson
		}
		if fits {
			names = append(names, p.Name)
		}
	}
	return names
}

// letters returns the letters and digits of a text, small.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(s))
}

// short says in a few words who is there.
func (f finding) short(held bool) string {
	switch {
	case held:
		return errHeld.Error()
	case f.dialect != escpos.StatusNone:
		return "a printer"
	case f.echo:
		return "our own bytes come back: an echo, no printer"
	case len(f.heard) > 0:
		return "no printer that we know, or another speed; it says " + quote(f.heard)
	}
	return "nothing comes back"
}

// report tells who was found, and how the configuration names it.
func (b *bench) report(f finding) {
	fmt.Fprintf(b.out, "%s: a printer answers, in the dialect %s\n", b.where(), f.dialect)
	for _, fact := range f.facts {
		fmt.Fprintf(b.out, "  %s: %s\n", fact.about, fact.text)
	}
	if b.wires != "" {
		fmt.Fprintln(b.out, "  "+b.wires)
	}
	fmt.Fprintf(b.out, "profile: %s\n", strings.Join(f.profiles, " or "))
	flow := b.line.FlowControl
	if flow == "" {
		flow = serialport.FlowNone
	}
	fmt.Fprintf(b.out, "in the configuration:\n  printers:\n    - {id: hall, profile: %s, path: %s, baud: %d, flow: %s}\n",
		f.profiles[0], stableName(b.line.Path), b.line.Baud, flow)
	if flow == serialport.FlowNone && b.line.Baud != 0 {
		fmt.Fprintln(b.out, "It answers without flow control; whether it uses RTS/CTS or XON/XOFF, its self-test page tells.")
	}
}
