// SPDX-License-Identifier: EUPL-1.2

package config

import (
	"slices"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

const day = 24 * time.Hour

func (r *reader) office(v value, to *queue.Settings) {
	s := v.section()
	to.Office = newNames[queue.OfficeID]("office").define(s.field("id"))
	r.languages = languages(s.need("languages", "the languages of the pages, the office's own first"))
	to.Languages = r.languages
	to.Name = r.texts(s.field("name"))
	to.Zone = zone(s.need("zone", "an IANA time zone such as Europe/Rome"))
	s.done()
}

// languages reads those of the office, of the ones that pages and slips speak.
func languages(v value) []string {
	var out []string
	for _, item := range v.items("languages such as it") {
		l := choice(item, "", "it", "ro", "es", "en")
		if l != "" && slices.Contains(out, l) {
			item.report(item.is()+" stands twice", "each language once")
			continue
		}
		out = append(out, l)
	}
	if !v.absent() && len(out) == 0 {
		v.report("no language", "the languages of the pages, the office's own first")
	}
	return out
}

func zone(v value) string {
	const want = "an IANA time zone such as Europe/Rome"
	s, ok := v.text(want)
	if !ok {
		return ""
	}
	if _, err := time.LoadLocation(s); err != nil || s == "Local" {
		v.report(v.is()+" is not known", want)
	}
	return s
}

// texts reads a name in the office's languages; its own must be among them.
func (r *reader) texts(v value) queue.Texts {
	if v.absent() {
		v.report("missing", "the name in each language, for example {it: Anagrafe, en: Registry}")
		return nil
	}
	s := v.section()
	out := queue.Texts{}
	for i, l := range r.languages {
		if l == "" {
			continue // a fault of the languages
		}
		t := s.field(l)
		if i == 0 && t.absent() {
			t.report("missing", "the name in the office's own language")
		}
		if text, ok := t.text("the name in this language"); ok {
			out[l] = text
		}
	}
	if len(r.languages) > 0 && !slices.Contains(r.languages, "") {
		s.done()
	}
	return out
}

func (r *reader) groupList(v value, to *queue.Settings) {
	for _, item := range v.items("{id, name}") {
		s := item.section()
		to.Groups = append(to.Groups, queue.Group{
			ID:   r.groups.define(s.field("id")),
			Name: r.texts(s.field("name")),
		})
		s.done()
	}
}

func (r *reader) seriesList(v value, to *queue.Settings) {
	for _, item := range v.items("{id, prefix, width, first, last}") {
		s := item.section()
		x := queue.Series{
			ID:    r.series.define(s.field("id")),
			Width: s.field("width").integer(DefaultWidth, 1, 4),
		}
		x.Prefix, _ = s.field("prefix").text("up to 3 of A-Z and 0-9, or no prefix at all")
		largest := 9
		for range x.Width - 1 {
			largest = largest*10 + 9
		}
		x.First = s.field("first").integer(1, 0, largest)
		x.Last = s.field("last").integer(largest, 0, largest)
		to.Series = append(to.Series, x)
		s.done()
	}
}

func (r *reader) classList(v value, to *queue.Settings) {
	if v.absent() {
		to.Classes = defaultClasses()
		return
	}
	for _, item := range v.items("{id, name, target, credit, cap}") {
		s := item.section()
		to.Classes = append(to.Classes, queue.Class{
			ID:     r.classes.define(s.field("id")),
			Name:   r.texts(s.field("name")),
			Target: millis(s.field("target"), 0, 0),
			Credit: millis(s.field("credit"), 0, 0),
			Cap:    millis(s.field("cap"), 0, 0),
		})
		s.done()
	}
}

func (r *reader) serviceList(v value, to *queue.Settings, f *File) {
	for _, item := range v.items("{id, group, series, name, target, quota, hours, card, words}") {
		s := item.section()
		x := queue.Service{
			ID:     r.services.define(s.field("id")),
			Name:   r.texts(s.field("name")),
			Target: millis(s.field("target"), 0, 0),
			Quota:  s.field("quota").integer(0, 0, 9999),
		}
		x.Group, _ = r.groups.refer(s.need("group", "the id of a group"))
		x.Series, _ = r.series.refer(s.need("series", "the id of a series"))
		x.Hours = r.serviceHours(s.field("hours"))
		if c, ok := r.card(s.field("card")); ok {
			f.note(x.ID, c)
		}
		if words := r.lists(s.field("words"), maxWords, "what people say for it", false); words != nil {
			f.call(x.ID, words)
		}
		s.done()
		to.Services = append(to.Services, x)
		r.members[x.Group] = append(r.members[x.Group], x.ID)
		r.offered = append(r.offered, offer{x.ID, item})
	}
}

func (r *reader) rule(v value, to *queue.Settings) {
	s := v.section()
	to.Rule = queue.Rule{
		Preset: choice(s.field("preset"), DefaultPreset, queue.PresetFIFO, queue.PresetTargets,
			queue.PresetPriorityCapped, queue.PresetAppointments, queue.PresetOwnClass),
		Target:    millis(s.field("target"), DefaultTarget, time.Second),
		Cap:       millis(s.field("cap"), DefaultCap, time.Second),
		Tolerance: millis(s.field("tolerance"), DefaultTolerance, 0),
		LateAfter: millis(s.field("late_after"), DefaultLateAfter, 0),
	}
	s.done()
}

func (r *reader) noShow(v value, to *queue.Settings) {
	s := v.section()
	to.NoShow = queue.NoShow{
		Calls:        s.field("calls").integer(DefaultCalls, 1, 100),
		After:        millis(s.field("after"), DefaultNoShowAfter, 0),
		ReturnWithin: millis(s.field("return_within"), DefaultReturnWithin, 0),
	}
	s.done()
}

func (r *reader) slips(v value, to *queue.Settings) {
	s := v.section()
	to.Slips = queue.SlipPolicy{
		OnUnknown: choice(s.field("on_unknown"), DefaultOnUnknown, queue.UnknownKeep, queue.UnknownCopy, queue.UnknownVoid),
		CopyFor:   millis(s.field("copy_for"), DefaultCopyFor, 0),
	}
	s.done()
}

func (r *reader) outcomes(v value, to *queue.Settings) {
	codes := newNames[string]("outcome")
	for _, item := range v.items("outcome codes") {
		to.Outcomes = append(to.Outcomes, codes.define(item))
	}
}

// millis reads a time of at least low and at most a day.
func millis(v value, fallback, low time.Duration) queue.Millis {
	return queue.MillisOf(v.span(fallback, low, day))
}
