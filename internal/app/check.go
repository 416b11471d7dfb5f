// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/escpos"
	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/queue"
)

// CheckConfig finds the faults of a configuration that only those packages know which the
// configuration names: profiles that are not known or faulty, and letters that a printer has not.
func CheckConfig(f *config.File, report func(field, wrong, want string)) {
	for i, p := range f.Printers {
		if p.Profile == "" {
			continue // is a fault already
		}
		field := fmt.Sprintf("printers[%d].profile", i)
		profile, err := Profile(p.Profile)
		faulty, ok := errors.AsType[*escpos.FileFaults](err)
		switch {
		case ok && len(faulty.List) == 1:
			report(field, "a faulty profile", "it right: "+faulty.List[0].String())
		case ok:
			report(field, fmt.Sprintf("a profile with %d faults", len(faulty.List)), "them right: "+list(faulty.List))
		case err != nil && filepath.IsAbs(p.Profile):
			report(field, err.Error(), "the full path of a profile's file")
		case err != nil:
			report(field, "there is no such profile", "one of "+strings.Join(escpos.Names(), ", ")+", or the full path of a profile's file")
		default:
			c := letters{printer: p, profile: profile, report: report}
			c.look(f)
		}
	}
}

func list(faults []escpos.FileFault) string {
	lines := make([]string, len(faults))
	for i, f := range faults {
		lines[i] = f.String()
	}
	return strings.Join(lines, " | ")
}

// letters looks for letters on slips that a printer can print in no way.
type letters struct {
	printer config.Printer
	profile escpos.Profile
	report  func(field, wrong, want string)
}

// look looks at the texts of the file that stand on slips. The program's own words are in Latin
// letters, for which every printer has something.
func (c *letters) look(f *config.File) {
	settings := f.Settings()
	if f.Slip.Has(config.SlipOffice) && len(settings.Languages) > 0 {
		own := settings.Languages[0]
		c.text("office.name."+own, settings.Name[own])
	}
	if f.Slip.Has(config.SlipService) {
		for i, s := range settings.Services {
			c.texts(fmt.Sprintf("services[%d].name", i), s.Name)
		}
	}
	c.texts("slip.advice", f.Slip.Advice)
}

func (c *letters) texts(field string, texts queue.Texts) {
	for lang, text := range texts {
		c.text(field+"."+lang, text)
	}
}

func (c *letters) text(field, text string) {
	slip := device.Slip{Number: "0", Parts: []device.Part{{Text: text}}}
	if lost := c.profile.Unprintable(device.Job{ID: "0000", Slip: slip}); len(lost) > 0 {
		c.report(field, fmt.Sprintf("%q has %q, which printer %s cannot print", text, string(lost), c.printer.ID), "other letters, or a printer that has them")
	}
}
