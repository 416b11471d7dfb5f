// SPDX-License-Identifier: EUPL-1.2

package queue

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Fault is one thing that is wrong with settings: the field, as a path of the JSON
// names with indexes, and what would be right.
type Fault struct {
	Field string
	Want  string
}

// Validate returns everything that is wrong with the settings, nil when they can
// be used.
func (s *Settings) Validate() []Fault {
	v := &validation{series: map[SeriesID]bool{}, groups: map[GroupID]bool{}, services: map[ServiceID]bool{}}
	v.office(s)
	v.ids(s)
	v.amounts(s)
	return v.faults
}

type validation struct {
	faults   []Fault
	series   map[SeriesID]bool
	groups   map[GroupID]bool
	services map[ServiceID]bool
}

func (v *validation) report(field, want string) { v.faults = append(v.faults, Fault{field, want}) }

func (v *validation) require(ok bool, field, want string) {
	if !ok {
		v.report(field, want)
	}
}

const wantID = "1 to 32 of a-z, 0-9 and hyphen, not used before"

func (v *validation) office(s *Settings) {
	v.require(ValidID(string(s.Office)), "office", wantID)
	_, err := time.LoadLocation(s.Zone)
	v.require(err == nil && s.Zone != "" && s.Zone != "Local", "zone", "an IANA time zone such as Europe/Rome")
	v.require(len(s.Languages) > 0, "languages", "at least one language tag, the office's own first")
	seen := map[string]bool{}
	for i, l := range s.Languages {
		v.require(validLanguage(l) && !seen[l], fmt.Sprintf("languages[%d]", i), "a language tag such as it, each once")
		seen[l] = true
	}
	s.Hours.validate("hours", v.report)
	v.require(len(s.Services) > 0, "services", "at least one service")
	v.require(len(s.Series) > 0, "series", "at least one series")
	v.require(len(s.Classes) > 0, "classes", "at least one class")
	v.require(len(s.Counters) > 0, "counters", "at least one counter")
}

func (v *validation) ids(s *Settings) {
	for i, g := range s.Groups {
		v.require(ValidID(string(g.ID)) && !v.groups[g.ID], fmt.Sprintf("groups[%d].id", i), wantID)
		v.groups[g.ID] = true
	}
	for i, r := range s.Series {
		at := fmt.Sprintf("series[%d]", i)
		v.require(ValidID(string(r.ID)) && !v.series[r.ID], at+".id", wantID)
		v.series[r.ID] = true
		apart := !slices.ContainsFunc(s.Series[:i], func(o Series) bool { return o.Prefix == r.Prefix || printAlike(o, r) })
		v.require(validPrefix(r.Prefix) && apart, at+".prefix", "0 to 3 of A-Z and 0-9, with which no other series prints the same numbers")
		v.require(r.Width >= 1 && r.Width <= 4, at+".width", "1 to 4 digits")
		v.require(r.First >= 0 && r.First < r.Last, at+".first", "0 or more and below last")
		v.require(len(strconv.Itoa(r.Last)) <= r.Width, at+".last", "a number that fits the width")
	}
	for i, x := range s.Services {
		at := fmt.Sprintf("services[%d]", i)
		v.require(ValidID(string(x.ID)) && !v.services[x.ID], at+".id", wantID)
		v.services[x.ID] = true
		v.require(v.groups[x.Group], at+".group", "a group of this office")
		v.require(v.series[x.Series], at+".series", "a series of this office")
		v.require(x.Quota >= 0, at+".quota", "zero or more")
		if x.Hours != nil {
			x.Hours.validate(at+".hours", v.report)
		}
	}
	classes := map[ClassID]bool{}
	for i, c := range s.Classes {
		at := fmt.Sprintf("classes[%d]", i)
		v.require(ValidID(string(c.ID)) && !classes[c.ID], at+".id", wantID)
		classes[c.ID] = true
	}
	counters := map[CounterID]bool{}
	for i, c := range s.Counters {
		at := fmt.Sprintf("counters[%d]", i)
		v.require(ValidID(string(c.ID)) && !counters[c.ID], at+".id", wantID)
		counters[c.ID] = true
		v.require(validLabel(c.Label), at+".label", "1 to 7 printable ASCII characters")
		v.require(len(c.Preferred) > 0, at+".preferred", "at least one service")
		mine := map[ServiceID]bool{}
		for j, id := range c.Preferred {
			v.require(v.services[id] && !mine[id], fmt.Sprintf("%s.preferred[%d]", at, j), "a service of this office, each once")
			mine[id] = true
		}
		for j, id := range c.Overflow {
			v.require(v.services[id] && !mine[id], fmt.Sprintf("%s.overflow[%d]", at, j), "a service of this office that is not preferred, each once")
			mine[id] = true
		}
	}
}

// day is the longest span that a rule's figure may have: it keeps the products of
// the comparison within 64 bits.
const day = Millis(24 * time.Hour / time.Millisecond)

func (v *validation) amounts(s *Settings) {
	switch s.Rule.Preset {
	case PresetFIFO, PresetTargets, PresetPriorityCapped, PresetAppointments, PresetOwnClass:
	default:
		v.report("rule.preset", "fifo, targets, priority-capped, appointments-first or own-class-overflow")
	}
	within := func(x Millis, low Millis, field string) {
		v.require(x >= low && x <= day, field, fmt.Sprintf("%v to 24h", low.Duration()))
	}
	within(s.Rule.Target, 1000, "rule.target_ms")
	within(s.Rule.Cap, 1000, "rule.cap_ms")
	within(s.Rule.Tolerance, 0, "rule.tolerance_ms")
	within(s.Rule.LateAfter, 0, "rule.late_after_ms")
	for i, c := range s.Classes {
		within(c.Target, 0, fmt.Sprintf("classes[%d].target_ms", i))
		within(c.Credit, 0, fmt.Sprintf("classes[%d].credit_ms", i))
		within(c.Cap, 0, fmt.Sprintf("classes[%d].cap_ms", i))
	}
	for i, x := range s.Services {
		within(x.Target, 0, fmt.Sprintf("services[%d].target_ms", i))
	}
	v.require(s.NoShow.Calls >= 1, "no_show.calls", "1 or more")
	v.require(s.LetPass >= 0 && s.LetPass <= 9, "let_pass", "0 to 9")
	within(s.NoShow.After, 0, "no_show.after_ms")
	within(s.NoShow.ReturnWithin, 0, "no_show.return_within_ms")
	switch s.Slips.OnUnknown {
	case UnknownKeep, UnknownVoid:
		within(s.Slips.CopyFor, 0, "slips.copy_for_ms")
	case UnknownCopy:
		within(s.Slips.CopyFor, 1, "slips.copy_for_ms")
	default:
		v.report("slips.on_unknown", "keep, copy or void")
	}
	seen := map[string]bool{}
	for i, o := range s.Outcomes {
		v.require(ValidID(o) && !seen[o], fmt.Sprintf("outcomes[%d]", i), wantID)
		seen[o] = true
	}
}

func validPrefix(s string) bool {
	for _, c := range []byte(s) {
		if (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return false
		}
	}
	return len(s) <= 3
}

// validLanguage reports whether s looks like a language tag (RFC 5646): 2 to 3 letters,
// then parts of letters and digits.
func validLanguage(s string) bool {
	parts := strings.Split(s, "-")
	for i, p := range parts {
		for _, c := range []byte(p) {
			letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
			if !letter && (i == 0 || c < '0' || c > '9') {
				return false
			}
		}
		if i > 0 && (p == "" || len(p) > 8) {
			return false
		}
	}
	return len(parts[0]) >= 2 && len(parts[0]) <= 3 && len(s) <= 35
}

// printAlike reports whether two series could print the same number: one's prefix goes
// on with digits where the other's number begins.
func printAlike(a, b Series) bool {
	if len(a.Prefix) > len(b.Prefix) {
		a, b = b, a
	}
	rest, ok := strings.CutPrefix(b.Prefix, a.Prefix)
	return ok && len(a.Prefix)+a.Width == len(b.Prefix)+b.Width && strings.Trim(rest, "0123456789") == ""
}

func validLabel(s string) bool {
	for _, c := range []byte(s) {
		if c < ' ' || c > '~' {
			return false
		}
	}
	return len(s) >= 1 && len(s) <= 7
}
