// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/avanti-queue/avanti/internal/config"
)

// form is a chapter as a page shows it.
type form struct {
	Chapter string
	Blocks  []*formBlock
	Faults  []formFault // for the summary
	texts   *texts
}

// formFault is a fault where a reader of the summary finds it.
type formFault struct {
	Field string // id of the element; "": it is on none of this page
	Label string
	Want  string // in the language of the page
	Cause string // what the configuration's reader says, in English
}

type formBlock struct {
	Path, Title, Hint string
	List              bool
	Fields            []*formField
	Rows              []*formRow
	Want, Cause       string
}

// formRow is one thing of a list.
type formRow struct {
	Path, Title string
	Was         string // its place in the configuration; "": it is new
	Fields      []*formField
	Want, Cause string
}

// formField is one field.
type formField struct {
	Name, Label, Hint, Value string
	Kind                     kind
	Lang                     string // of what is typed; "": the page's
	Options                  []option
	Skills                   []skillField
	Own                      string // of kindLanguages
	Want, Cause              string
}

// ID returns the id of the element, which a path is not fit for.
func (f *formField) ID() string { return elementID(f.Name) }

// ID returns the id of the row's element.
func (r *formRow) ID() string { return elementID(r.Path) }

// ID returns the id of the block's element.
func (b *formBlock) ID() string { return elementID(b.Path) }

func elementID(path string) string {
	return "f-" + strings.NewReplacer("[", "-", "]", "", ".", "-").Replace(path)
}

// Wrong reports whether a field of the row is at fault.
func (r *formRow) Wrong() bool {
	return slices.ContainsFunc(r.Fields, func(f *formField) bool { return f.Want != "" })
}

// skillField is what a counter does for a group.
type skillField struct {
	Name, Label string
	Options     []option
}

// newForm shows what the draft holds, with empty rows for what is to come.
func newForm(c chapter, d *config.Draft, t *texts, more bool) *form {
	f := &form{Chapter: c.name, texts: t}
	langs := languagesOf(d)
	for _, b := range c.blocks {
		shown := &formBlock{Path: b.path, List: b.list, Title: t.Or("block."+b.path, ""), Hint: t.Or("block."+b.path+".hint", "")}
		f.Blocks = append(f.Blocks, shown)
		if !b.list {
			for _, x := range b.cells {
				for _, key := range x.keys(langs) {
					shown.Fields = append(shown.Fields, newField(b, x, b.path, key, valueAt(d, join(b.path, key)), d, t))
				}
			}
			continue
		}
		rows := rowsOf(d, b.path)
		spare := b.spare
		if more {
			spare += 3
		}
		for i := range len(rows) + spare {
			r := &formRow{Path: rowPath(b.path, i), Was: "new"}
			var row config.Map
			if i < len(rows) {
				row, r.Was = rows[i], strconv.Itoa(i)
				r.Title = rowTitle(row, d, t)
			} else {
				r.Title = t.T("row.new." + b.path)
			}
			for _, x := range b.cells {
				for _, key := range x.keys(langs) {
					var v any = row
					for part := range strings.SplitSeq(key, ".") {
						m, _ := v.(config.Map)
						v = m.Get(part)
					}
					field := newField(b, x, r.Path, key, v, d, t)
					if x.kind == kindSkills {
						field.Skills = skillFields(d, row, r.Path, t)
						field.Value = single(row, "preferred") + "\x00" + single(row, "overflow")
					}
					r.Fields = append(r.Fields, field)
				}
			}
			shown.Rows = append(shown.Rows, r)
		}
	}
	return f
}

func rowTitle(row config.Map, d *config.Draft, t *texts) string {
	for _, key := range []string{"label", "prefix", "date"} {
		if s := textOf(row.Get(key)); s != "" {
			return s
		}
	}
	return nameOf(d, row, t.Lang, textOf(row.Get("id")))
}

func newField(b block, x cell, path, key string, v any, d *config.Draft, t *texts) *formField {
	id := "field." + join(b.path, strings.TrimSuffix(x.key, ".*"))
	f := &formField{Name: join(path, key), Kind: x.kind, Value: x.kind.shown(v), Hint: t.Or(id+".hint", "")}
	base, lang, _ := strings.Cut(key, ".")
	switch {
	case lang != "":
		f.Lang = lang
		f.Label = t.T("field.in", "What", t.T(id), "Language", t.T("language."+lang))
	case b.path == "hours" && x.kind == kindHours:
		f.Label = weekday(t, base)
	default:
		f.Label = t.T(id)
	}
	if x.from != nil {
		f.Options = x.from(d, t)
		known := false
		for i := range f.Options {
			f.Options[i].Chosen = f.Options[i].Value == f.Value
			known = known || f.Options[i].Chosen
		}
		if !known && f.Value != "" && x.kind == kindChoice {
			f.Options = append(f.Options, option{Value: f.Value, Text: f.Value, Chosen: true})
		}
	}
	if x.kind == kindLanguages {
		for i, lang := range languagesOf(d) {
			if i == 0 {
				f.Own = lang
			}
			f.Options = append(f.Options, option{Value: lang})
		}
		f.Options = languageOptions(f.Options, t)
	}
	return f
}

// languageOptions offers all languages and ticks those of the office.
func languageOptions(chosen []option, t *texts) []option {
	out := make([]option, len(languages()))
	for i, lang := range languages() {
		out[i] = option{Value: lang, Text: t.T("language." + lang), Chosen: slices.ContainsFunc(chosen, func(o option) bool { return o.Value == lang })}
	}
	return out
}

// weekday returns the name of a day of the file in the language of the page.
func weekday(t *texts, day string) string {
	for d := range 7 {
		w := time.Weekday(d)
		if strings.ToLower(w.String()[:3]) == day {
			return t.dates.WeekdayWide(w)
		}
	}
	return day
}

// skillFields shows what a counter does for each group.
func skillFields(d *config.Draft, row config.Map, path string, t *texts) []skillField {
	var out []skillField
	for _, g := range rowsOf(d, "groups") {
		id := textOf(g.Get("id"))
		s := skillField{Name: path + ".group." + id, Label: nameOf(d, g, t.Lang, id)}
		have := ""
		for _, to := range []string{"preferred", "overflow"} {
			list, _ := row.Get(to).([]any)
			if slices.Contains(list, any(groupPrefix+id)) {
				have = to
			}
		}
		if row == nil {
			have = "preferred"
		}
		for _, to := range []string{"preferred", "overflow", ""} {
			s.Options = append(s.Options, option{Value: to, Text: t.T("choice.skill." + to + "x"), Chosen: to == have})
		}
		out = append(out, s)
	}
	return out
}

// single returns the services that a counter's list names by themselves.
func single(row config.Map, to string) string {
	list, _ := row.Get(to).([]any)
	var out []string
	for _, x := range list {
		if s := textOf(x); !strings.HasPrefix(s, groupPrefix) {
			out = append(out, s)
		}
	}
	return strings.Join(out, " ")
}

// Preferred and Overflow return the single services of a counter.
func (f *formField) Preferred() string { s, _, _ := strings.Cut(f.Value, "\x00"); return s }

// Overflow returns those that it serves when it is idle.
func (f *formField) Overflow() string { _, s, _ := strings.Cut(f.Value, "\x00"); return s }

// SinglePreferred and SingleOverflow return the names of the fields for single services.
func (f *formField) SinglePreferred() string { return f.Name }

// SingleOverflow is the name of the other one.
func (f *formField) SingleOverflow() string {
	return strings.TrimSuffix(f.Name, "preferred") + "overflow"
}

// blame puts each fault at its field. Of faults in other sections the summary tells if all is
// wanted.
func (f *form) blame(faults []config.Fault, sections []string, all bool) {
	for _, fault := range faults {
		section, _, _ := strings.Cut(fault.Field, ".")
		section, _, _ = strings.Cut(section, "[")
		if !all && !slices.Contains(sections, section) {
			continue
		}
		cause := fault.Wrong + "; want " + fault.Want
		if !f.place(fault, cause) {
			f.Faults = append(f.Faults, formFault{Label: fault.Field, Want: f.texts.T("want.elsewhere"), Cause: cause})
		}
	}
}

// place finds the field of a fault, or what is around it.
func (f *form) place(fault config.Fault, cause string) bool {
	for path := fault.Field; path != ""; path = path[:max(0, strings.LastIndexAny(path, ".["))] {
		for _, b := range f.Blocks {
			for _, x := range b.Fields {
				if x.Name == path || path != b.Path && strings.HasPrefix(x.Name, path+".") {
					f.note(x, fault, cause)
					return true
				}
			}
			for _, r := range b.Rows {
				for _, x := range r.Fields {
					if x.Name == path || path != r.Path && strings.HasPrefix(x.Name, path+".") || x.Kind == kindSkills && strings.HasPrefix(path, r.Path+".overflow") {
						f.note(x, fault, cause)
						return true
					}
				}
				if r.Path == path {
					r.Want, r.Cause = f.texts.T("want.row"), cause
					f.Faults = append(f.Faults, formFault{Field: r.ID(), Label: r.Title, Want: r.Want, Cause: cause})
					return true
				}
			}
			if b.Path == path && path != "" {
				b.Want, b.Cause = f.texts.T("want.block"), cause
				f.Faults = append(f.Faults, formFault{Field: b.ID(), Label: b.Title, Want: b.Want, Cause: cause})
				return true
			}
		}
	}
	return false
}

func (f *form) note(x *formField, fault config.Fault, cause string) {
	if x.Want != "" {
		return // the first one counts
	}
	id := "want." + string(x.Kind)
	if fault.Wrong == "missing" || strings.HasPrefix(fault.Wrong, "no ") && x.Value == "" {
		id = "want.missing"
	}
	x.Want, x.Cause = f.texts.Or("want."+strings.TrimSuffix(x.Name, "."+x.Lang), f.texts.T(id)), cause
	f.Faults = append(f.Faults, formFault{Field: x.ID(), Label: x.Label, Want: x.Want, Cause: cause})
}
