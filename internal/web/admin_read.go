// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/avanti-queue/avanti/internal/config"
)

// read takes a form over into the draft. What was typed is kept as it is, also what is wrong:
// the configuration's own reader judges it.
func (c chapter) read(form url.Values, d *config.Draft) {
	was := languagesOf(d)
	for _, b := range c.blocks {
		if b.list {
			setAt(d, b.path, b.readRows(form, d))
			continue
		}
		for _, x := range b.cells {
			for _, key := range x.keys(languagesOf(d)) {
				path := join(b.path, key)
				if x.kind != kindYes && x.kind != kindLanguages && !form.Has(path) {
					continue
				}
				if v := x.kind.value(form, path); !x.goesWithoutSaying(valueAt(d, path), v) {
					setAt(d, path, v)
				}
			}
		}
		if b.path == "office" && textOf(valueAt(d, "office.id")) == "" {
			office, _ := d.Section("office").(config.Map) // none, where nothing was typed
			setAt(d, "office.id", slug(nameOf(d, office, "", "office"), nil))
		}
	}
	if now := languagesOf(d); strings.Join(was, " ") != strings.Join(now, " ") {
		speak(d, now)
	}
}

// readRows returns the list of a form. Rows that nobody filled in are left out, and what a row
// has besides the form's fields stays.
func (b block) readRows(form url.Values, d *config.Draft) []any {
	old := rowsOf(d, b.path)
	langs := languagesOf(d)
	out, ids := []any{}, map[string]bool{}
	for _, row := range old {
		ids[textOf(row.Get("id"))] = true
	}
	for i := range maxRows {
		path := rowPath(b.path, i)
		if !form.Has(path+".row") || form.Has(path+".remove") {
			continue
		}
		var row config.Map
		was, err := strconv.Atoi(form.Get(path + ".row"))
		known := err == nil && was >= 0 && was < len(old)
		if known {
			row = old[was]
		}
		filled := false
		for _, x := range b.cells {
			if x.kind == kindSkills {
				row = readSkills(row, rowsOf(d, "groups"), form, path)
				continue
			}
			for _, key := range x.keys(langs) {
				if !form.Has(path + "." + key) {
					continue
				}
				v := x.kind.value(form, path+"."+key)
				if !x.goesWithoutSaying(row.Get(key), v) {
					row = below(row, key, v)
				}
				filled = filled || x.kind != kindChoice && !empty(v)
			}
		}
		if !known && !filled {
			continue
		}
		if slices.ContainsFunc(b.cells, func(x cell) bool { return x.kind == kindID }) && textOf(row.Get("id")) == "" {
			row = below(row, "id", slug(nameOf(d, row, "", strings.TrimSuffix(b.path, "s")+" "+textOf(row.Get("label"))), ids))
			ids[textOf(row.Get("id"))] = true
		}
		out = append(out, first("id", row))
	}
	return out
}

// empty reports whether nobody has typed anything.
func empty(v any) bool {
	list, isList := v.([]any)
	return v == nil || v == "" || isList && len(list) == 0
}

// first puts a key in front.
func first(key string, m config.Map) config.Map {
	if v := m.Get(key); v != nil && m[0].Key != key {
		out := config.Map{{Key: key, Value: v}}
		for _, e := range m {
			if e.Key != key {
				out = append(out, e)
			}
		}
		return out
	}
	return m
}
