// SPDX-License-Identifier: EUPL-1.2

package office

import (
	"embed"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/display"
	"github.com/avanti-queue/avanti/queue"
)

//go:embed texts/*.json
var slipTexts embed.FS

// slips writes what stands on paper.
type slips struct {
	bundle   *i18n.Bundle
	template Template
	wait     Wait // nil: never known
}

func newSlips(template Template, wait Wait) *slips {
	bundle := i18n.NewBundle(language.English)
	bundle.RegisterUnmarshalFunc("json", json.Unmarshal)
	files, err := slipTexts.ReadDir("texts")
	if err != nil {
		panic(err) // embedded: cannot be missing
	}
	for _, f := range files {
		if _, err := bundle.LoadMessageFileFS(slipTexts, "texts/"+f.Name()); err != nil {
			panic(err) // embedded, and read by a test
		}
	}
	return &slips{bundle: bundle, template: template, wait: wait}
}

// facts are what a slip tells of a ticket.
type facts struct {
	office, service queue.Texts
	number          string
	issued          time.Time // in the office's zone
	ahead           int
	from, to        time.Duration
	expected        bool // from and to are known
	page            string
	copy            bool
}

func (s *slips) of(v *queue.View, t *queue.Ticket) device.Slip {
	settings := v.Settings()
	service, _ := v.Service(t.Service)
	f := facts{
		office: settings.Name, service: service.Name, number: t.Number, issued: t.Issued.In(v.Zone()),
		ahead: display.Ahead(v, t), copy: t.Slip.Copy,
	}
	if s.wait != nil {
		f.from, f.to, f.expected = s.wait(v, t)
	}
	if day, open := v.Day(); open && s.template.Page != nil {
		f.page = s.template.Page(day, t.ID)
	}
	return s.write(f, settings.Languages[0], t.Language)
}

// write sets the parts in the office's own language and the citizen's, as the template wants.
func (s *slips) write(f facts, own, citizen string) device.Slip {
	spoken := []string{citizen}
	if s.template.Both && citizen != own {
		spoken = []string{own, citizen}
	}
	slip := device.Slip{Number: f.number, Parts: make([]device.Part, 0, len(s.template.Parts)+4)}
	for _, p := range s.template.Parts {
		switch p.Name {
		case PartMark:
			slip.Parts = append(slip.Parts, device.Part{Kind: device.PartMark})
		case PartRule:
			slip.Parts = append(slip.Parts, device.Part{Kind: device.PartRule})
		case PartQR:
			if f.page != "" {
				slip.Parts = append(slip.Parts, device.Part{Kind: device.PartQR, Text: f.page})
			}
		default:
			for _, text := range s.each(spoken, func(lang string) string { return s.text(p.Name, &f, own, lang) }) {
				slip.Parts = append(slip.Parts, device.Part{Text: text, Size: p.Size, Bold: p.Bold})
			}
		}
	}
	if f.copy {
		slip.Copy = strings.ToUpper(strings.Join(s.each(spoken, func(lang string) string { return s.say(lang, "copy", nil) }), " / "))
	}
	return slip
}

// each returns a text in the languages, without those that say nothing new.
func (s *slips) each(languages []string, text func(string) string) []string {
	var out []string
	for _, lang := range languages {
		if t := text(lang); t != "" && !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out
}

// text returns what a part tells in a language, "" if there is nothing to tell.
func (s *slips) text(name PartName, f *facts, own, lang string) string {
	switch name {
	case PartOffice:
		return f.office.In(own, lang)
	case PartService:
		return f.service.In(lang, own)
	case PartIssued:
		return f.issued.Format("02/01/2006 15:04")
	case PartAhead:
		return s.say(lang, "ahead", map[string]any{"N": f.ahead})
	case PartWait:
		return s.expect(f, lang)
	case PartAdvice:
		if text := s.template.Advice[lang]; text != "" {
			return text
		}
		return s.say(lang, "advice", nil)
	case PartMark, PartRule, PartQR:
	}
	return ""
}

// expect tells the wait in whole minutes, the range never narrower than it is.
func (s *slips) expect(f *facts, lang string) string {
	if !f.expected {
		return ""
	}
	from, to := int(f.from/time.Minute), int((f.to+time.Minute-1)/time.Minute)
	if from >= to {
		return s.say(lang, "wait_about", map[string]any{"N": max(1, from)})
	}
	return s.say(lang, "wait", map[string]any{"From": from, "To": to})
}

func (s *slips) say(lang, id string, values map[string]any) string {
	return i18n.NewLocalizer(s.bundle, lang).MustLocalize(&i18n.LocalizeConfig{MessageID: id, TemplateData: values})
}
