// SPDX-License-Identifier: EUPL-1.2

package config

import (
	"fmt"
	"net/netip"
	"net/url"
	"slices"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/internal/outline"
	"github.com/avanti-queue/avanti/queue"
)

// maxAdvice bounds the advice, in bytes: seven lines of a wide printer.
const maxAdvice = 300

// maxAddress bounds slip.address, in bytes: with the path of a page behind it the
// symbol's modules stay large enough for an old phone.
const maxAddress = 80

// Slip is what stands on tickets above the number.
type Slip struct {
	Parts []SlipPart // top to bottom, each name once

	// Both is whether texts stand in the office's own language and, where it is another
	// one, in the citizen's too; else in the citizen's alone.
	Both bool

	// Advice is by language and has all of the office's; nil: the program's own words.
	Advice queue.Texts

	// Address is where phones reach the pages, http(s)://host or http(s)://host:port; "":
	// nowhere, and no part is a symbol.
	Address string
}

// Has reports whether the slip has a part of that name.
func (s *Slip) Has(name SlipPartName) bool {
	return slices.ContainsFunc(s.Parts, func(p SlipPart) bool { return p.Name == name })
}

// SlipPart is a part of a slip.
type SlipPart struct {
	Name SlipPartName
	Size device.Size // of a text
	Bold bool        // of a text
}

// SlipPartName says what a part tells.
type SlipPartName string

// The parts of a slip.
const (
	SlipMark    SlipPartName = "mark"    // the office's mark that is stored in the printer
	SlipOffice  SlipPartName = "office"  // the office's name
	SlipService SlipPartName = "service" // what the citizen came for
	SlipIssued  SlipPartName = "issued"  // date and time
	SlipAhead   SlipPartName = "ahead"   // how many are before the citizen
	SlipWait    SlipPartName = "wait"    // the expected wait, where one is known
	SlipRule    SlipPartName = "rule"    // a line across
	SlipQR      SlipPartName = "qr"      // the way to the citizen's page
	SlipAdvice  SlipPartName = "advice"
)

const (
	wantParts = "a list of mark, office, service, issued, ahead, wait, rule, qr, advice"
	wantPart  = "the name of a part, or {part, size, bold}"
)

func (r *reader) slip(v value) Slip {
	s := v.section()
	parts, advice, address := s.field("parts"), s.field("advice"), s.field("address")
	out := Slip{
		Parts:   defaultParts(!address.absent()),
		Both:    choice(s.field("languages"), DefaultSlipLanguages, "both", "citizen") == "both",
		Advice:  r.advice(advice),
		Address: webAddress(address),
	}
	if !parts.absent() {
		out.Parts = slipParts(parts, !address.absent())
	}
	if !advice.absent() && !out.Has(SlipAdvice) && !v.d.faultBelow(parts.path) {
		advice.report("advice that stands in no part", "advice among the parts, or none here")
	}
	s.done()
	return out
}

func slipParts(v value, reachable bool) []SlipPart {
	var out []SlipPart
	lines := map[SlipPartName]int{}
	items := v.items(wantParts)
	for _, item := range items {
		p, name := slipPart(item)
		line, twice := lines[p.Name]
		switch {
		case p.Name == "":
			continue
		case twice:
			name.report(fmt.Sprintf("%s is on line %d already", p.Name, line), "each part once")
			continue
		case p.Name == SlipQR && !reachable:
			name.report("qr without slip.address", "the address under which phones reach the pages, or no qr")
		}
		lines[p.Name] = name.line
		out = append(out, p)
	}
	if len(items) == 0 {
		v.report("no part", wantParts)
	}
	return out
}

// slipPart reads a part and where its name stands. The part has no name if that is wrong.
func slipPart(item value) (p SlipPart, name value) {
	if _, isSection := outline.Entries(item.node); !isSection {
		p.Name = partName(item)
		p.Size, p.Bold = defaultLook(p.Name)
		return p, item
	}
	s := item.section()
	name = s.need("part", wantPart)
	size, bold := s.field("size"), s.field("bold")
	s.done()
	p.Name = partName(name)
	p.Size, p.Bold = defaultLook(p.Name)
	if !size.absent() {
		sizes := map[string]device.Size{"normal": device.SizeNormal, "small": device.SizeSmall, "tall": device.SizeTall, "large": device.SizeLarge}
		p.Size = sizes[choice(size, "normal", "small", "normal", "tall", "large")]
	}
	p.Bold = bold.truth(p.Bold)
	switch p.Name {
	case SlipMark, SlipRule, SlipQR:
		forbid(size, "no size: only texts have one")
		forbid(bold, "nothing bold: only texts are")
	}
	return p, name
}

func partName(v value) SlipPartName {
	const number = "number"
	if s, ok := v.text(wantPart); ok && s == number {
		v.report("the number stands on every slip, always last", "the parts above it")
		return ""
	}
	return choice(v, "", SlipMark, SlipOffice, SlipService, SlipIssued, SlipAhead, SlipWait, SlipRule, SlipQR, SlipAdvice)
}

// defaultLook is how a part looks unless the file says otherwise.
func defaultLook(name SlipPartName) (device.Size, bool) {
	switch name {
	case SlipOffice:
		return device.SizeNormal, true
	case SlipService:
		return device.SizeTall, false
	}
	return device.SizeNormal, false
}

// advice reads a text that every citizen is given, so no language may lack it.
func (r *reader) advice(v value) queue.Texts {
	if v.absent() {
		return nil
	}
	s := v.section()
	out := queue.Texts{}
	for _, l := range r.languages {
		if l == "" {
			continue // a fault of the languages
		}
		t := s.need(l, "the advice in each language of the office")
		if text, ok := t.textUpTo("the advice in this language", maxAdvice); ok {
			out[l] = text
		}
	}
	if len(r.languages) > 0 && !slices.Contains(r.languages, "") {
		s.done()
	}
	return out
}

// webAddress reads where phones reach the pages.
func webAddress(v value) string {
	const want = "http://host or https://host, with a port if there is one"
	s, ok := v.textUpTo(want, maxAddress)
	if !ok {
		return ""
	}
	u, err := url.Parse(s)
	switch {
	case err != nil:
		v.report(v.is()+" is no URL", want)
	case u.Scheme != "http" && u.Scheme != "https":
		v.report(v.is()+" has another scheme", want)
	case u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || u.Path != "" && u.Path != "/":
		v.report(v.is()+" has more than a host", want)
	case !namesHost(u):
		v.report(v.is()+" names no host", want+"; a name outside ASCII in its xn-- form")
	default:
		return u.Scheme + "://" + u.Host
	}
	return ""
}

func namesHost(u *url.URL) bool {
	if _, err := netip.ParseAddr(u.Hostname()); err == nil {
		return true
	}
	return u.Hostname() != "" && validHost(u.Hostname())
}
