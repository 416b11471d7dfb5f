// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/escpos"
	"github.com/avanti-queue/avanti/internal/citizen"
	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/queue"
)

// CheckConfig finds the faults of a configuration that only those packages know which the
// configuration names: profiles that are not known or faulty, letters that a printer has not, and
// panels that their driver cannot have.
func CheckConfig(f *config.File, report func(field, wrong, want string)) {
	checkBoard(f, report)
	checkBroker(f, report)
	checkSound(f, report)
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
			c := specimens{printer: p, profile: profile, parts: f.Slip.Parts, report: report}
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

// specimens print texts of the file as they will stand on slips.
type specimens struct {
	printer config.Printer
	profile escpos.Profile
	parts   []config.SlipPart
	report  func(field, wrong, want string)
}

// look looks at all that the file puts on slips. The program's own words are short and in Latin
// letters, for which every printer has something.
func (c *specimens) look(f *config.File) {
	settings := f.Settings()
	for _, p := range c.parts {
		look := device.Part{Size: p.Size, Bold: p.Bold}
		switch p.Name {
		case config.SlipOffice:
			if len(settings.Languages) > 0 {
				own := settings.Languages[0]
				c.text("office.name."+own, settings.Name[own], look)
			}
		case config.SlipService:
			for i, s := range settings.Services {
				c.texts(fmt.Sprintf("services[%d].name", i), s.Name, look)
			}
		case config.SlipAdvice:
			c.texts("slip.advice", f.Slip.Advice, look)
		case config.SlipQR:
			c.symbol(f.Slip.Address)
		case config.SlipMark, config.SlipIssued, config.SlipAhead, config.SlipWait, config.SlipRule:
		}
	}
}

func (c *specimens) texts(field string, texts queue.Texts, look device.Part) {
	for lang, text := range texts {
		c.text(field+"."+lang, text, look)
	}
}

func (c *specimens) text(field, text string, look device.Part) {
	look.Text = text
	job := specimen(look)
	if lost := c.profile.Unprintable(job); len(lost) > 0 {
		c.report(field, fmt.Sprintf("%q has %q, which printer %s cannot print", text, string(lost), c.printer.ID), "other letters, or a printer that has them")
	}
	if c.profile.Overlong(job) {
		c.report(field, fmt.Sprintf("%q is cut off by printer %s", text, c.printer.ID),
			fmt.Sprintf("at most %d lines of its paper, or a smaller size", escpos.MaxLines))
	}
}

// symbol looks at the longest address of a page. A printer for which it is too much, drawn and as text,
// would show no way to it.
func (c *specimens) symbol(address string) {
	page := citizen.Pages{Key: citizen.Key{1}, Address: address}.URL("2026-03-02", 1)
	if page != "" && c.profile.Overlong(specimen(device.Part{Kind: device.PartQR, Text: page})) {
		c.report("slip.address", fmt.Sprintf("%q makes a symbol that is too wide for printer %s", address, c.printer.ID), "a shorter one, or no part qr")
	}
}

func specimen(p device.Part) device.Job {
	return device.Job{ID: "0000", Slip: device.Slip{Number: "0", Parts: []device.Part{p}}}
}
