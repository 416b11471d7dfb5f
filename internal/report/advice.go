// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"bytes"
	"fmt"
	"html/template"
	"time"

	"github.com/avanti-queue/avanti/queue/staffing"
	"github.com/avanti-queue/avanti/queue/stats"
)

// Advice says what would pay, and of the other weekdays why nothing is said.
func (w *Words) Advice(reports []staffing.Report, t staffing.Target) (pays, silent []string) {
	for _, r := range reports {
		day := w.weekday(r.Weekday)
		if r.Silent != "" {
			silent = append(silent, w.say("silent."+string(r.Silent), "day", day, "n", w.count(r.Days)))
			continue
		}
		for _, a := range r.Advice {
			counters := w.say("counters.many")
			if a.Change.Counters == 1 {
				counters = w.say("counters.one")
			}
			pays = append(pays, w.say("advice."+string(a.Change.Do), "day", day,
				"from", clock(stats.Band(a.Change.From)), "to", clock(stats.Band(a.Change.To)), "n", w.count(a.Change.Counters), "counters", counters,
				"limit", whole(t.Within), "before", w.share(a.Before.Share), "beforeErr", w.number(100*a.Before.Err, 0),
				"after", w.share(a.After.Share), "afterErr", w.number(100*a.After.Err, 0)))
		}
	}
	return pays, silent
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
