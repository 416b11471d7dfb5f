// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"bytes"
	"cmp"
	"fmt"
	"html/template"
	"math"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/avanti-queue/avanti/queue/staffing"
	"github.com/avanti-queue/avanti/queue/stats"
)

// Advice is what would pay, in words.
type Advice struct {
	Aim    string    // what it is to reach
	Pays   []Advised // what shortens waits, what helps the most people of a day first
	Spare  []Advised // where fewer counters will do
	Silent []string  // of the other weekdays: why nothing is said
	Errors string    // what is meant by ±; "" where nothing is advised
}

// Advised is one change, and what would become of it.
type Advised struct{ What, Effect string }

// Advice says what would pay.
func (w *Words) Advice(reports []staffing.Report, t staffing.Target) Advice {
	out := Advice{Aim: w.say("advice.aim", "limit", whole(t.Within), "share", w.share(t.Share))}
	type ranked struct {
		Advised
		helped float64 // how many more are called in time on such a day: windows differ
	}
	var pays []ranked
	for _, r := range reports {
		if r.Silent != "" {
			out.Silent = append(out.Silent, first(w.say("silent."+string(r.Silent), "day", w.weekday(r.Weekday), "n", w.count(r.Days))))
			continue
		}
		if helps := func(a staffing.Advice) bool { return a.Change.Do != staffing.DoFewer }; r.Missed && !slices.ContainsFunc(r.Advice, helps) {
			out.Silent = append(out.Silent, first(w.say("silent."+string(staffing.SilentNothing), "day", w.weekday(r.Weekday))))
		}
		for _, a := range r.Advice {
			x := Advised{w.change(r.Weekday, a.Change), w.effect(a, t)}
			if a.Change.Do == staffing.DoFewer {
				out.Spare = append(out.Spare, x)
			} else {
				pays = append(pays, ranked{x, a.Gain * a.Before.N})
			}
		}
	}
	slices.SortStableFunc(pays, func(a, b ranked) int { return cmp.Compare(b.helped, a.helped) })
	for _, p := range pays {
		out.Pays = append(out.Pays, p.Advised)
	}
	if len(out.Pays)+len(out.Spare) > 0 {
		out.Errors = w.say("advice.errors")
	}
	return out
}

func (w *Words) change(day time.Weekday, c staffing.Change) string {
	counters := w.say("counters.many")
	if c.Counters == 1 {
		counters = w.say("counters.one")
	}
	return first(w.say("advice."+string(c.Do), "day", w.weekday(day),
		"from", clock(stats.Band(c.From)), "to", clock(stats.Band(c.To)), "n", w.count(c.Counters), "counters", counters))
}

func (w *Words) effect(a staffing.Advice, t staffing.Target) string {
	effect := w.say("advice.effect", "limit", whole(t.Within),
		"before", w.off(w.share(a.Before.Share), a.Before.Err), "after", w.off(w.share(a.After.Share), a.After.Err), "gain", w.Gain(a.Gain, a.GainErr),
		"meanBefore", w.minutes(a.Before.Mean), "meanAfter", w.minutes(a.After.Mean))
	if a.From == a.Change.From && a.To == a.Change.To {
		return effect
	}
	return effect + " " + w.say("advice.window", "from", clock(stats.Band(a.From)), "to", clock(stats.Band(a.To)))
}

// off writes what is said of a share with the standard error of that.
func (w *Words) off(said string, err float64) string {
	return w.say("advice.off", "said", said, "error", w.number(100*err, 0))
}

// Gain writes by how much a share grows, with the standard error of that.
func (w *Words) Gain(gain, err float64) string { return w.off(w.Points(gain), err) }

// Points writes by how much a share grows.
func (w *Words) Points(gain float64) string {
	id, points := "advice.gain", math.Round(math.Abs(100*gain))
	if gain < 0 {
		id = "advice.loss"
	}
	form := strings.ToLower(w.locale.CardinalPluralRule(points, 0).String())
	return w.say(id, "n", w.number(points, 0), "points", w.say("points."+form))
}

// first begins a sentence: in most languages weekdays are written small.
func first(sentence string) string {
	letter, long := utf8.DecodeRuneInString(sentence)
	return string(unicode.ToUpper(letter)) + sentence[long:]
}

// Charter renders the charter's table alone; it is empty without promises.
func (w *Words) Charter(r *Report) (template.HTML, error) {
	if len(r.Charter) == 0 {
		return "", nil
	}
	var b bytes.Buffer
	if err := w.pages.ExecuteTemplate(&b, "figures", w.show(w.charterTable(r, nil))); err != nil {
		return "", fmt.Errorf("report: %w", err)
	}
	return template.HTML(b.String()), nil //nolint:gosec // made by html/template
}

// Share writes a share as the language does.
func (w *Words) Share(x float64) string { return w.share(x) }

// Minutes writes a time as the language does.
func (w *Words) Minutes(d time.Duration) string { return w.minutes(d) }
