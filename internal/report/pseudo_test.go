// SPDX-License-Identifier: EUPL-1.2

package report_test

import (
	"bytes"
	"fmt"
	"html"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/avanti-queue/avanti/queue/staffing"
)

// Every word of a report and of its advice comes from the texts.
func TestNoTextIsForgotten(t *testing.T) {
	w := words(t)["en"]
	w.Exaggerate()
	r := made(t)
	var page bytes.Buffer
	if err := w.Write(&page, r, r, time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	reports := advised()
	reports[1].Advice[0].Change.From-- // begins before its window
	advice := w.Advice(reports, staffing.Target{Within: 15 * time.Minute, Share: .8})
	said := fmt.Sprintf("%s\n%+v\n%s", page.String(), advice, w.Gain(.5, .1))
	said = regexp.MustCompile(`(?s)<head>.*?</head>`).ReplaceAllString(said, "")
	said = html.UnescapeString(regexp.MustCompile(`(?s)<[^>]+>`).ReplaceAllString(said, "\n"))
	// What the office, the calendar and this test say.
	theirs := regexp.MustCompile(`Mon(?:day)?|Tue(?:sday)?|Friday|October|November|September|City of Piacenza, one-stop office|Aim|Pays|Spare|Silent|Errors|What|Effect`)
	for _, g := range office(t).Settings.Groups {
		said = strings.ReplaceAll(said, g.Name["en"], "")
	}
	for _, c := range office(t).Settings.Classes {
		said = strings.ReplaceAll(said, c.Name["en"], "")
	}
	plain := regexp.MustCompile(`[A-Za-z]?[a-z]{3,}`)
	for line := range strings.Lines(strings.ReplaceAll(said, formula, "")) {
		if line = theirs.ReplaceAllString(line, ""); plain.MatchString(line) {
			t.Errorf("the report says %q in every language", strings.TrimSpace(line))
		}
	}
	if !strings.Contains(said, "\u0301") {
		t.Error("the report is not in that language")
	}
}

// advised is a report with each kind of advice, and each silence.
func advised() []staffing.Report {
	one := func(do staffing.Do, n int, before, after float64) staffing.Advice {
		return staffing.Advice{
			Change: staffing.Change{Do: do, From: 20, To: 24, Counters: n}, From: 20, To: 24, Gain: after - before, GainErr: .012,
			Before: staffing.Estimate{N: 30, Share: before, Mean: 33 * time.Minute, Err: .04}, After: staffing.Estimate{N: 30, Share: after, Mean: 9 * time.Minute, Err: .03},
		}
	}
	return []staffing.Report{
		{Weekday: time.Monday, Days: 8, Advice: []staffing.Advice{one(staffing.DoMoveBreaks, 0, .61, .68), one(staffing.DoFewer, 1, .97, .958)}},
		{Weekday: time.Tuesday, Days: 8, Missed: true, Advice: []staffing.Advice{one(staffing.DoMore, 2, .61, .83)}},
		{Weekday: time.Friday, Days: 8, Missed: true, Advice: []staffing.Advice{one(staffing.DoFewer, 1, .96, .94)}},
		{Weekday: time.Monday, Days: 3, Silent: staffing.SilentFewDays},
		{Weekday: time.Monday, Days: 8, Silent: staffing.SilentUntrue},
		{Weekday: time.Monday, Days: 8, Silent: staffing.SilentNothing},
		{Weekday: time.Monday, Days: 8, Silent: staffing.SilentNoTickets},
	}
}

// The sentences of the advice: what helps most first, each with its gain and error; fewer
// counters by themselves; and why nothing is said.
func TestAdvice(t *testing.T) {
	w := words(t)
	got := w["it"].Advice(advised(), staffing.Target{Within: 15 * time.Minute, Share: .8})
	if len(got.Pays) != 2 || len(got.Spare) != 2 || len(got.Silent) != 5 || got.Silent[0] != "Venerdì: nessun cambiamento accorcia le attese abbastanza da meritare un consiglio." || got.Errors == "" {
		t.Fatalf("%+v", got)
	}
	for i, want := range []string{
		"Martedì 10:00–12:00: 2 sportelli in più", "Chiamati entro 15 min: finora 61 % (±4), così 83 % (±3); 22 punti in più (±1). Attesa media: da 33 min a 9,0 min.",
		"Lunedì 10:00–12:00: spostare le pause fuori da questa fascia", "Chiamati entro 15 min: finora 61 % (±4), così 68 % (±3); 7 punti in più (±1). Attesa media: da 33 min a 9,0 min.",
	} {
		if told := []string{got.Pays[0].What, got.Pays[0].Effect, got.Pays[1].What, got.Pays[1].Effect}[i]; strings.ReplaceAll(told, "\u00a0", " ") != want {
			t.Errorf("it says %q, want %q", told, want)
		}
	}
	if x := got.Spare[0]; x.What != "Lunedì 10:00–12:00: 1 sportello in meno" || !strings.Contains(x.Effect, "; 1 punto in meno (±1).") {
		t.Errorf("fewer: %+v", x)
	}
	if x := w["ro"].Advice(advised(), staffing.Target{Within: 15 * time.Minute, Share: .8}); !strings.Contains(x.Pays[0].Effect, "cu 22 de puncte mai mult") || !strings.Contains(x.Pays[1].Effect, "cu 7 puncte mai mult") {
		t.Errorf("Romanian counts: %+v", x.Pays)
	}
	if x := w["en"].Advice(nil, staffing.Target{}); x.Pays != nil || x.Errors != "" {
		t.Errorf("without anything: %+v", x)
	}
}

// What helps the most people comes first, not what helps the largest part of a few; and figures are
// said to be of their own hours, when the change begins before.
func TestAdviceOfWindows(t *testing.T) {
	reports := advised()
	monday, tuesday := &reports[0].Advice[0], &reports[1].Advice[0]
	monday.Before.N, tuesday.Before.N = 100, 10 // 7 people on Monday, 2 on Tuesday
	tuesday.Change.From = 18
	for lang, want := range map[string]string{
		"it": "Le cifre sono di chi viene dalle 10:00 alle 12:00.", "ro": "Cifrele sunt ale celor care vin între 10:00 și 12:00.",
		"es": "Las cifras son de quienes vienen de 10:00 a 12:00.", "en": "The figures are of those who come from 10:00 to 12:00.",
	} {
		got := words(t)[lang].Advice(reports, staffing.Target{Within: 15 * time.Minute, Share: .8}).Pays
		if len(got) != 2 || !strings.Contains(got[0].What, "10:00–12:00") || !strings.Contains(got[1].What, "09:00–12:00") {
			t.Fatalf("%s: %+v", lang, got)
		}
		if strings.Contains(got[0].Effect, want) || !strings.HasSuffix(got[1].Effect, " "+want) {
			t.Errorf("%s: %+v do not say, only of the second, %q", lang, got, want)
		}
	}
}

// That no change is worth saying does not mean that none is better than chance.
func TestSilenceClaimsNoChance(t *testing.T) {
	for lang, want := range map[string]string{
		"it": "Lunedì: nessun cambiamento accorcia le attese abbastanza da meritare un consiglio.",
		"ro": "Luni: nicio schimbare nu scurtează așteptările îndeajuns ca să merite recomandată.",
		"es": "Lunes: ningún cambio acorta las esperas lo bastante como para aconsejarlo.",
		"en": "Monday: no change shortens waits enough to be worth saying.",
	} {
		nothing := []staffing.Report{{Weekday: time.Monday, Days: 8, Silent: staffing.SilentNothing}}
		if got := words(t)[lang].Advice(nothing, staffing.Target{}).Silent[0]; got != want {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
	}
}
