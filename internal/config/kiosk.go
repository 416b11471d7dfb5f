// SPDX-License-Identifier: EUPL-1.2

package config

import (
	"slices"
	"time"
)

// Kiosk is a screen that gives tickets.
type Kiosk struct {
	ID      string
	Printer string // id of a printer; "": its tickets have no paper
	Spare   string // id of another printer, for when that one is not ready; "": none

	WithoutPaper WithoutPaper

	Idle      time.Duration // without a touch until it asks whether somebody is there
	Warning   time.Duration // from then until it begins anew
	Languages []string      // that it offers, the first one at the start; nil: the office's
	QR        KioskQR
}

// WithoutPaper is what a kiosk does while no printer of its own is ready.
type WithoutPaper string

// What kiosks do without paper.
const (
	WithoutPaperScreen WithoutPaper = "screen" // the number stands on the screen only
	WithoutPaperRefuse WithoutPaper = "refuse" // it is out of service and gives none
)

// KioskQR is when a kiosk's screen shows the way to the ticket's own page. Where phones reach no
// page it never does.
type KioskQR string

// When kiosks show it.
const (
	KioskQRWithoutPaper KioskQR = "without-paper" // as long as no paper is known to have come out
	KioskQRAlways       KioskQR = "always"
	KioskQRNever        KioskQR = "never"
)

func (r *reader) kioskList(v value) []Kiosk {
	var out []Kiosk
	ids := newNames[string]("kiosk")
	for _, item := range v.items("{id, printer, spare, without_paper, idle, warning, languages, qr}") {
		s := item.section()
		printer, spare, without := s.field("printer"), s.field("spare"), s.field("without_paper")
		k := Kiosk{ID: ids.define(s.field("id"))}
		k.Printer, _ = r.printers.refer(printer)
		k.Spare, _ = r.printers.refer(spare)
		k.WithoutPaper = choice(without, DefaultWithoutPaper, WithoutPaperScreen, WithoutPaperRefuse)
		switch {
		case printer.absent() && !spare.absent():
			spare.report("a spare printer without a first one", "printer, or no spare")
		case k.Spare != "" && k.Spare == k.Printer:
			spare.report(spare.is()+" is the kiosk's first printer", "another one, or no spare")
		}
		if printer.absent() && k.WithoutPaper == WithoutPaperRefuse {
			without.report("a kiosk without a printer would never give a number", "screen, or a printer")
		}
		// Who reads slowly must not be thrown out: below 20 s nobody finds their way.
		k.Idle = s.field("idle").span(DefaultIdle, 20*time.Second, 5*time.Minute)
		k.Warning = s.field("warning").span(DefaultIdleWarning, 10*time.Second, time.Minute)
		k.Languages = r.someLanguages(s.field("languages"))
		k.QR = choice(s.field("qr"), DefaultKioskQR, KioskQRWithoutPaper, KioskQRAlways, KioskQRNever)
		s.done()
		out = append(out, k)
	}
	return out
}

// someLanguages reads a choice of the office's languages; nil: all of them.
func (r *reader) someLanguages(v value) []string {
	var out []string
	for _, item := range v.items("languages of the office") {
		l := choice(item, "", r.languages...)
		switch {
		case l == "":
		case slices.Contains(out, l):
			item.report(item.is()+" stands twice", "each language once")
		default:
			out = append(out, l)
		}
	}
	return out
}
