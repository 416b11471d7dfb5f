// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"maps"
	"net/url"
	"slices"

	"github.com/avanti-queue/avanti/internal/config"
)

// MaxStreams, ForOffice and MaxOfAddress bound the streams.
const MaxStreams, ForOffice, MaxOfAddress = maxStreams, forOffice, maxOfAddress

// Enter takes the room of a stream, as one does that begins.
func (s *Server) Enter(stranger string) bool { return s.rooms.enter(stranger) }

// Routes lists every route that is served.
func Routes() []string { return slices.Sorted(maps.Keys(rules())) }

// Spec is the OpenAPI document that is served.
func (s *Server) Spec() ([]byte, error) { return s.spec() }

// Templates, Locales and Static are the built-in files.
var Templates, Locales, Static = templateFiles, localeFiles, staticFiles

// Chapters are the names of the administration's forms.
func Chapters() []string {
	var out []string
	for _, c := range chapters(func() []string { return nil }, nil) {
		out = append(out, c.name)
	}
	return out
}

// SendBack shows a configuration in the form of a chapter, changes what a browser would send and
// returns the configuration that comes out.
func (s *Server) SendBack(name string, text []byte, change func(url.Values)) ([]byte, error) {
	d, err := config.NewDraft("x.yaml", text)
	if err != nil {
		return nil, err
	}
	form := url.Values{}
	for _, c := range chapters(func() []string { return nil }, nil) {
		if c.name != name {
			continue
		}
		for _, b := range newForm(c, d, s.texts.byTag["en"], false).Blocks {
			for _, f := range b.Fields {
				f.send(form)
			}
			for _, r := range b.Rows {
				form.Set(r.Path+".row", r.Was)
				for _, f := range r.Fields {
					f.send(form)
				}
			}
		}
		change(form)
		c.read(form, d)
	}
	return d.Text(), nil
}

// send is what a browser makes of a field.
func (f *formField) send(form url.Values) {
	switch f.Kind {
	case kindYes:
		if f.Value == "true" {
			form.Set(f.Name, "1")
		}
	case kindLanguages:
		form.Set(f.Name+".own", f.Own)
		for _, o := range f.Options {
			if o.Chosen {
				form.Add(f.Name, o.Value)
			}
		}
	case kindSkills:
		for _, s := range f.Skills {
			for _, o := range s.Options {
				if o.Chosen {
					form.Set(s.Name, o.Value)
				}
			}
		}
		form.Set(f.SinglePreferred(), f.Preferred())
		form.Set(f.SingleOverflow(), f.Overflow())
	case kindChoice:
		if len(f.Options) > 0 {
			form.Set(f.Name, f.Options[0].Value) // the first one, if none is chosen
		}
		for _, o := range f.Options {
			if o.Chosen {
				form.Set(f.Name, o.Value)
			}
		}
	case kindText, kindID, kindNumber, kindMinutes, kindSeconds, kindPort, kindHours, kindDate, kindWords:
		form.Set(f.Name, f.Value)
	}
}
