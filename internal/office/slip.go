// SPDX-License-Identifier: EUPL-1.2

package office

import (
	"embed"
	"encoding/json"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/queue"
)

//go:embed texts/*.json
var slipTexts embed.FS

// slips writes what stands on paper, in the citizen's language.
type slips struct{ bundle *i18n.Bundle }

func newSlips() *slips {
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
	return &slips{bundle: bundle}
}

func (s *slips) of(v *queue.View, t *queue.Ticket) device.Slip {
	settings := v.Settings()
	own := settings.Languages[0]
	texts := i18n.NewLocalizer(s.bundle, t.Language, own)
	text := func(id string) string { return texts.MustLocalize(&i18n.LocalizeConfig{MessageID: id}) }
	service, _ := v.Service(t.Service)
	slip := device.Slip{
		Office:    settings.Name.In(own, t.Language),
		Number:    t.Number,
		Service:   service.Name.In(t.Language, own),
		Issued:    t.Issued.In(v.Zone()),
		Ahead:     ahead(v, t, service.Group),
		AheadText: text("ahead"),
		Advice:    text("advice"),
	}
	if t.Slip.Copy {
		slip.Copy = strings.ToUpper(text("copy"))
	}
	return slip
}

// ahead counts who waited longer in the same group of services.
func ahead(v *queue.View, t *queue.Ticket, group queue.GroupID) int {
	n := 0
	for o := range v.Waiting() {
		if o.ID >= t.ID {
			break
		}
		if s, _ := v.Service(o.Service); s.Group == group {
			n++
		}
	}
	return n
}
