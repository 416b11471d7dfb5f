// SPDX-License-Identifier: EUPL-1.2

package config

import (
	"fmt"
	"strings"

	"github.com/avanti-queue/avanti/queue"
)

// validate adds what the queue finds wrong with the settings, except in fields of
// which something is known to be wrong already, below or above.
func (d *decoder) validate(s *queue.Settings) {
	for _, fault := range s.Validate() {
		v := d.nearest(fieldOf(fault.Field))
		if !d.faultBelow(v.path) {
			v.report(v.is(), fault.Want)
		}
	}
}

// nearest returns the field with that path, or an absent one at the place of the
// nearest section around it.
func (d *decoder) nearest(field string) value {
	if v, ok := d.places[field]; ok {
		return v
	}
	around := field
	for around != "" {
		around = parentOf(around)
		if v, ok := d.places[around]; ok {
			return value{d: d, path: field, line: v.line, column: v.column}
		}
	}
	return value{d: d, path: field, line: 1, column: 1}
}

func (d *decoder) faultBelow(field string) bool {
	for f, faulty := range d.faulty {
		if rest, ok := strings.CutPrefix(f, field); ok && faulty && rest != "" && (rest[0] == '.' || rest[0] == '[') {
			return true
		}
	}
	return false
}

// fieldOf translates the queue's path of a setting, of JSON names, into the path of
// the field in a file.
func fieldOf(setting string) string {
	name, rest := setting, ""
	if i := strings.IndexAny(setting, ".["); i >= 0 {
		name, rest = setting[:i], setting[i:]
	}
	switch name {
	case "office":
		return "office.id"
	case "name", "zone", "languages":
		return "office." + setting
	case "counters":
		// The queue counts services, the file's lists have groups among them.
		for _, listed := range []string{".preferred[", ".overflow["} {
			if i := strings.Index(rest, listed); i >= 0 {
				rest = rest[:i+len(listed)-1]
			}
		}
	}
	field := strings.TrimSuffix(name+rest, "_ms")
	field = strings.Replace(field, ".spans", ".hours", 1)
	for weekday := range 7 {
		field = strings.Replace(field, fmt.Sprintf(".week[%d]", weekday), "."+dayName(weekday), 1)
	}
	return field
}
