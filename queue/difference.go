// SPDX-License-Identifier: EUPL-1.2

package queue

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
)

// Difference names the first thing in which two views differ, "" when they are
// equal. A replay that differs from the live state means a fault in this package or
// a damaged journal.
func (v *View) Difference(o *View) string {
	switch {
	case v.seq != o.seq:
		return fmt.Sprintf("record %d, %d", v.seq, o.seq)
	case !v.at.Equal(o.at):
		return fmt.Sprintf("time %v, %v", v.at, o.at)
	case v.date != o.date || v.isOpen != o.isOpen:
		return fmt.Sprintf("day %s open %v, %s open %v", v.date, v.isOpen, o.date, o.isOpen)
	case v.settingsText() != o.settingsText():
		return "settings"
	case !reflect.DeepEqual(v.counters, o.counters):
		return fmt.Sprintf("counters %+v, %+v", v.counters, o.counters)
	case !reflect.DeepEqual(v.steps, o.steps):
		return fmt.Sprintf("steps that can be undone %+v, %+v", v.steps, o.steps)
	case v.skipped.Date != o.skipped.Date || !maps.Equal(v.skipped.Next, o.skipped.Next):
		return fmt.Sprintf("skipped numbers %v, %v", v.skipped, o.skipped)
	case !slices.Equal(v.issued, o.issued):
		return fmt.Sprintf("tickets by service %v, %v", v.issued, o.issued)
	}
	for i := range v.series {
		if a, b := v.series[i], o.series[i]; a.next != b.next || !a.alive.equal(b.alive) {
			return fmt.Sprintf("series %s", v.plan.settings.Series[i].ID)
		}
	}
	if d := v.tickets.difference(o.tickets); d != "" {
		return d
	}
	return v.open.difference(o.open)
}

// settingsText is how the journal keeps the settings: lists that are empty and
// lists that are missing are the same there.
func (v *View) settingsText() string {
	if v.plan == nil {
		return ""
	}
	_, body, err := EncodeEvent(SettingsChanged{Settings: v.plan.settings})
	if err != nil {
		return err.Error()
	}
	return string(body)
}

func (n numbers) equal(o numbers) bool {
	for i := range max(len(n), len(o)) * 64 {
		if n.has(i) != o.has(i) {
			return false
		}
	}
	return true
}

func (r roll) difference(o roll) string {
	if r.n != o.n {
		return fmt.Sprintf("%d tickets, %d", r.n, o.n)
	}
	for t := range r.all() {
		if u := o.get(t.ID); u == nil || !reflect.DeepEqual(*t, *u) {
			return fmt.Sprintf("ticket %+v, %+v", t, u)
		}
	}
	return ""
}
