// SPDX-License-Identifier: EUPL-1.2

package config

import (
	"fmt"
	"strings"

	"github.com/avanti-queue/avanti/queue"
)

// groupPrefix begins an entry that stands for all services of a group.
const groupPrefix = "group:"

const (
	wantSkills = "a list of service ids and group:ID"
	wantSkill  = "service ids and group:ID"
	wantLabel  = "what panels show, 1 to 7 printable ASCII characters"
)

func (r *reader) counterList(v value, to *queue.Settings) {
	r.reached = map[queue.ServiceID]bool{}
	labels := map[string]int{}
	for _, item := range v.items("{id, label, preferred, overflow}") {
		s := item.section()
		x := queue.Counter{ID: r.counters.define(s.field("id"))}
		x.Label = label(s.need("label", wantLabel), labels)
		preferred := s.need("preferred", wantSkills)
		overflow := s.field("overflow")
		k := skills{reader: r, mine: map[queue.ServiceID]bool{}, whole: map[queue.GroupID]bool{}}
		a, b := k.named(preferred), k.named(overflow)
		x.Preferred, x.Overflow = k.expand(a), k.expand(b)
		if len(preferred.items(wantSkill)) == 0 {
			preferred.report("no service", wantSkills)
		}
		s.done()
		to.Counters = append(to.Counters, x)
	}
}

// label reads what a counter is called: two that are called the same send citizens
// to the wrong one.
func label(v value, used map[string]int) string {
	s, ok := v.text(wantLabel)
	if !ok {
		return ""
	}
	if line, twice := used[s]; twice {
		v.report(fmt.Sprintf("%s is the counter on line %d already", v.is(), line), "a label of its own")
		return s
	}
	used[s] = v.line
	return s
}

// skills are the services of one counter. A service that is named by its own id
// goes where it is named, and a group brings those of its services that are not.
type skills struct {
	*reader
	mine  map[queue.ServiceID]bool // named by their own id
	whole map[queue.GroupID]bool   // named as a group
}

// skill is one entry: a service or a group.
type skill struct {
	at      value
	service queue.ServiceID
	group   queue.GroupID
}

// named reads a list's entries and takes note of the services among them.
func (k *skills) named(v value) []skill {
	var out []skill
	for _, item := range v.items(wantSkill) {
		text, ok := item.text(wantSkill)
		if !ok {
			continue
		}
		x := skill{at: item}
		var twice bool
		if id, isGroup := strings.CutPrefix(text, groupPrefix); isGroup {
			x.group = queue.GroupID(id)
			ok = k.groups.check(item, id)
			twice, k.whole[x.group] = k.whole[x.group], true
		} else {
			x.service = queue.ServiceID(text)
			ok = k.services.check(item, text)
			twice, k.mine[x.service] = k.mine[x.service], true
		}
		if twice {
			item.report(item.is()+" stands twice", "each service and group once a counter")
		}
		if ok {
			out = append(out, x)
		}
	}
	return out
}

// expand returns the services that the entries stand for.
func (k *skills) expand(entries []skill) []queue.ServiceID {
	var out []queue.ServiceID
	for _, x := range entries {
		if x.service != "" {
			out = append(out, x.service)
			k.reached[x.service] = true
			continue
		}
		if len(k.members[x.group]) == 0 {
			x.at.report(x.at.is()+" has no service", "a group that services belong to")
		}
		for _, id := range k.members[x.group] {
			if !k.mine[id] {
				out = append(out, id)
				k.reached[id] = true
			}
		}
	}
	return out
}

// served reports services that no counter would ever call. While a counter's list
// or a service's group is wrong nobody knows what was meant.
func (r *reader) served(d *decoder) {
	if d.faulty["counters"] || d.faultBelow("counters") {
		return
	}
	for _, x := range r.offered {
		if x.id != "" && !r.reached[x.id] && !d.faulty[x.at.path+".group"] {
			x.at.report("no counter serves it", "it in a counter's preferred or overflow list")
		}
	}
}
