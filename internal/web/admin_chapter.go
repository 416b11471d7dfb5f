// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"strconv"
	"strings"

	"github.com/avanti-queue/avanti/internal/config"
)

// chapter is a form that edits some sections of the configuration. The name of each of its
// fields is the field's path in the file, so that faults find their field.
type chapter struct {
	name   string
	blocks []block
}

// block is a mapping of the configuration, or a list of mappings.
type block struct {
	path  string // such as hours.exceptions; "": the top of the file
	list  bool
	cells []cell
	spare int // empty rows at the end of a list
}

// cell is a field of a mapping. The key name.* stands for one field in each language.
type cell struct {
	key  string
	kind kind
	from func(d *config.Draft, t *texts) []option // of kindChoice and kindPort
	// usual is what holds where the file says nothing. It is not written down as long as
	// nobody has chosen otherwise.
	usual string
}

// kind says how a value is typed and written down. It is the name of a template's part.
type kind string

const (
	kindText      kind = "text"
	kindID        kind = "id" // made from the name, if nobody types one
	kindNumber    kind = "number"
	kindMinutes   kind = "minutes"
	kindSeconds   kind = "seconds"
	kindYes       kind = "yes"
	kindChoice    kind = "choice"
	kindPort      kind = "port" // one of the lines that are plugged in, or another
	kindHours     kind = "hours"
	kindDate      kind = "date"
	kindWords     kind = "words"
	kindLanguages kind = "languages"
	kindSkills    kind = "skills"
)

// languages returns those that the program speaks.
func languages() []string { return []string{"it", "ro", "es", "en"} }

// maxRows bounds a list of a form.
const maxRows = 300

func names(key string) cell { return cell{key: key + ".*", kind: kindText} }

// chapters returns every form of the administration in the order of its menu. The steward
// knows what is plugged in; nil: nothing.
func chapters(ports func() []string, profiles []string) []chapter {
	day := func(name string) cell { return cell{key: name, kind: kindHours} }
	return []chapter{
		{"office", []block{{path: "office", cells: []cell{
			{key: "languages", kind: kindLanguages}, names("name"), {key: "id", kind: kindID}, {key: "zone", kind: kindText},
		}}}},
		{"hours", []block{
			{path: "hours", cells: []cell{
				day("mon"), day("tue"), day("wed"), day("thu"), day("fri"), day("sat"), day("sun"), {key: "stop_before", kind: kindMinutes},
			}},
			{path: "hours.exceptions", list: true, spare: 2, cells: []cell{
				{key: "date", kind: kindDate}, {key: "hours", kind: kindHours}, {key: "reason", kind: kindText},
			}},
		}},
		{"services", []block{
			{path: "groups", list: true, spare: 1, cells: []cell{names("name"), {key: "id", kind: kindID}}},
			{path: "series", list: true, spare: 1, cells: []cell{
				{key: "prefix", kind: kindText}, {key: "width", kind: kindNumber}, {key: "id", kind: kindID},
			}},
			{path: "services", list: true, spare: 2, cells: []cell{
				names("name"),
				{key: "group", kind: kindChoice, from: groupOptions},
				{key: "series", kind: kindChoice, from: seriesOptions},
				{key: "target", kind: kindMinutes},
				{key: "quota", kind: kindNumber},
				{key: "id", kind: kindID},
			}},
		}},
		{"counters", []block{{path: "counters", list: true, spare: 1, cells: []cell{
			{key: "label", kind: kindText}, {key: "preferred", kind: kindSkills}, {key: "id", kind: kindID},
		}}}},
		{"printers", []block{
			{path: "printers", list: true, spare: 1, cells: []cell{
				{key: "profile", kind: kindChoice, from: fixed("", profiles...)},
				{key: "path", kind: kindPort, from: func(*config.Draft, *texts) []option { return plainOptions(ports()) }},
				{key: "id", kind: kindID},
				{key: "baud", kind: kindNumber},
				{key: "roll", kind: kindNumber},
			}},
			{path: "kiosks", list: true, spare: 1, cells: []cell{
				{key: "id", kind: kindID},
				{key: "printer", kind: kindChoice, from: printerOptions},
				{key: "spare", kind: kindChoice, from: printerOptions},
				{key: "without_paper", kind: kindChoice, from: fixed("paper", "screen", "refuse"), usual: "screen"},
			}},
		}},
		{"slip", []block{{path: "slip", cells: []cell{
			names("advice"), {key: "languages", kind: kindChoice, from: fixed("slip", "both", "citizen"), usual: "both"}, {key: "address", kind: kindText},
		}}}},
		{"rule", []block{
			{path: "rule", cells: []cell{
				{key: "preset", kind: kindChoice, from: fixed("preset", "fifo", "targets", "priority-capped", "appointments", "own-class-overflow"), usual: "fifo"},
				{key: "target", kind: kindMinutes},
				{key: "cap", kind: kindMinutes},
			}},
			{path: "no_show", cells: []cell{
				{key: "calls", kind: kindNumber}, {key: "after", kind: kindSeconds}, {key: "return_within", kind: kindMinutes},
			}},
			{path: "slips", cells: []cell{{key: "on_unknown", kind: kindChoice, from: fixed("unknown", "copy", "keep", "void"), usual: "copy"}}},
			{path: "", cells: []cell{{key: "finish_on_next", kind: kindYes, usual: "false"}}},
		}},
		{"network", []block{
			{path: "http", cells: []cell{{key: "listen", kind: kindText}, {key: "hosts", kind: kindWords}, {key: "idle", kind: kindMinutes}}},
			{path: "backup", cells: []cell{{key: "keep", kind: kindNumber}, {key: "every", kind: kindText}}},
			{path: "log", cells: []cell{{key: "level", kind: kindChoice, from: fixed("", "info", "debug", "warn", "error"), usual: "info"}}},
		}},
	}
}

// sections returns the sections of the file that a chapter edits.
func (c chapter) sections() []string {
	var out []string
	for _, b := range c.blocks {
		if b.path == "" {
			for _, x := range b.cells {
				out = append(out, x.key)
			}
			continue
		}
		section, _, _ := strings.Cut(b.path, ".")
		out = append(out, section)
	}
	return out
}

// keys returns the keys that a cell stands for.
func (x cell) keys(langs []string) []string {
	base, each := strings.CutSuffix(x.key, "*")
	if !each {
		return []string{x.key}
	}
	out := make([]string, len(langs))
	for i, lang := range langs {
		out[i] = base + lang
	}
	return out
}

// goesWithoutSaying reports whether a value is what holds anyway, and nobody has written it down.
func (x cell) goesWithoutSaying(was, is any) bool {
	return was == nil && x.usual != "" && textOf(is) == x.usual
}

// join returns the path of a key below a mapping.
func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

func rowPath(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }

// option is what somebody may choose.
type option struct {
	Value, Text string
	Chosen      bool
}

func plainOptions(values []string) []option {
	out := make([]option, len(values))
	for i, v := range values {
		out[i] = option{Value: v, Text: v}
	}
	return out
}

// fixed offers words of the file, with texts of a family; "": as they are.
func fixed(family string, values ...string) func(*config.Draft, *texts) []option {
	return func(_ *config.Draft, t *texts) []option {
		out := plainOptions(values)
		for i, v := range values {
			if family != "" {
				out[i].Text = t.T("choice." + family + "." + v)
			}
		}
		return out
	}
}

func groupOptions(d *config.Draft, t *texts) []option { return namedOptions(d, "groups", t) }

func printerOptions(d *config.Draft, t *texts) []option {
	return append([]option{{Text: "–"}}, namedOptions(d, "printers", t)...)
}

func seriesOptions(d *config.Draft, _ *texts) []option {
	var out []option
	for _, row := range rowsOf(d, "series") {
		id, prefix := textOf(row.Get("id")), textOf(row.Get("prefix"))
		if prefix == "" {
			prefix = id
		}
		out = append(out, option{Value: id, Text: prefix})
	}
	return out
}

// namedOptions offers the things of a list by their names.
func namedOptions(d *config.Draft, list string, t *texts) []option {
	var out []option
	for _, row := range rowsOf(d, list) {
		id := textOf(row.Get("id"))
		out = append(out, option{Value: id, Text: nameOf(d, row, t.Lang, id)})
	}
	return out
}

// nameOf returns the name of a thing in the language of the page, else in the office's own.
func nameOf(d *config.Draft, row config.Map, lang, fallback string) string {
	m, _ := row.Get("name").(config.Map)
	for _, l := range append([]string{lang}, languagesOf(d)...) {
		if s := textOf(m.Get(l)); s != "" {
			return s
		}
	}
	return fallback
}

// languagesOf returns the languages of the office, its own first.
func languagesOf(d *config.Draft) []string {
	m, _ := d.Section("office").(config.Map)
	list, _ := m.Get("languages").([]any)
	var out []string
	for _, x := range list {
		out = append(out, textOf(x))
	}
	return out
}

// rowsOf returns the mappings of a list.
func rowsOf(d *config.Draft, path string) []config.Map {
	list, _ := valueAt(d, path).([]any)
	out := make([]config.Map, len(list))
	for i, x := range list {
		out[i], _ = x.(config.Map)
	}
	return out
}

// valueAt returns what stands at a path of mappings, nil if nothing does.
func valueAt(d *config.Draft, path string) any {
	section, rest, deeper := strings.Cut(path, ".")
	v := d.Section(section)
	for deeper {
		var key string
		key, rest, deeper = strings.Cut(rest, ".")
		m, _ := v.(config.Map)
		v = m.Get(key)
	}
	return v
}

// setAt puts a value at a path of mappings.
func setAt(d *config.Draft, path string, v any) {
	section, rest, deeper := strings.Cut(path, ".")
	if !deeper {
		d.Set(section, v)
		return
	}
	m, _ := d.Section(section).(config.Map)
	d.Set(section, below(m, rest, v))
}

func below(m config.Map, path string, v any) config.Map {
	key, rest, deeper := strings.Cut(path, ".")
	if deeper {
		inner, _ := m.Get(key).(config.Map)
		v = below(inner, rest, v)
	}
	return m.With(key, v)
}

// textOf returns a scalar as it is typed.
func textOf(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case config.Plain:
		return string(v)
	}
	return ""
}
