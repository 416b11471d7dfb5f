// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"context"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/sim/demand"
	"github.com/avanti-queue/avanti/internal/sim/schedule"
	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// remembered is a storage of schedules that can be read afterwards.
type remembered struct{ queuetest.Memory }

func (r *remembered) Open(context.Context) (queue.Journal, error) { return &r.Memory, nil }
func (r *remembered) Crash() error                                { return nil }

// withPast gives an office eight weeks of history up to the Saturday before it starts.
func withPast(t *testing.T) func(*config.File) {
	return func(file *config.File) {
		model := demand.After()
		model.Scale *= 1.25 // more to do than it has people for
		var lived remembered
		_, err := schedule.Run(t.Context(), schedule.Options{
			Settings: file.Settings(), Model: model, Seed: 3, Date: "2026-09-28", Days: 55, Habits: schedule.Usual(), Storage: &lived,
		})
		if err != nil {
			t.Fatal(err)
		}
		s, err := store.Open(t.Context(), store.Options{Dir: file.DataDir})
		if err != nil {
			t.Fatal(err)
		}
		var batch []queue.Entry
		var after queue.Seq
		write := func() {
			if after, err = s.Append(t.Context(), after, batch); err != nil {
				t.Fatal(err)
			}
			batch = batch[:0]
		}
		for r, err := range lived.Records(t.Context(), 0) {
			if err != nil {
				t.Fatal(err)
			}
			if batch = append(batch, queue.Entry{At: r.At, By: r.By, Event: r.Event}); len(batch) == 5000 {
				write()
			}
		}
		write()
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestManagerFindsWhatToChange: on the page alone a manager reads when people waited too long
// last month, and what would help; tries it; and takes the report along.
func TestManagerFindsWhatToChange(t *testing.T) {
	o := startOffice(t, "piacenza.yaml", withPast(t))
	boss := o.tab(t, "manager", "/manager")
	for late := time.After(6 * patience); boss.count(".pays li") == 0 || boss.count(".reading") > 0; boss.open("/manager?lang=it") {
		select {
		case <-late:
			t.Fatal("no advice: ", boss.text("#advice"))
		case <-time.After(2 * time.Second):
		}
	}
	boss.click(`.places a[href="#past"]`)
	boss.await("#period-head", "ottobre 2026")
	boss.await(".part-when .lead", "Si è aspettato di più il sabato alle 11")
	if boss.count(".part-when svg") != 1 || boss.count(".part-day svg") != 1 || boss.count(".big li") < 6 {
		t.Error("drawings or figures are missing")
	}
	boss.click(`.places a[href="#advice"]`)
	boss.await("#advice", "80\u00a0% di chiamati entro 15 min")
	boss.await(".pays li:first-child strong", "Sabato") // the day on which most is to be gained
	if gain := boss.text(".pays li:first-child span"); !regexp.MustCompile(`finora \d+\D%? \(±\d+\), così \d+\D%? \(±\d+\); \d+ punti in più \(±\d+\)\. Attesa media: da \d+`).MatchString(gain) {
		t.Errorf("the gain and its error: %q", gain)
	}
	boss.click(`.places a[href^="/manager/try"]`)
	boss.settle("/manager/try")
	boss.await("#counters", "")
	eval[string](boss, `document.querySelector("#day").value = "6"`)
	boss.fill("#counters", "4")
	eval[string](boss, `document.querySelector("#from").value = "16"`)
	eval[string](boss, `document.querySelector("#to").value = "26"`)
	boss.click(`.send button`)
	boss.await("#tried", "giornate registrate")
	boss.await(".told", "punti in più")
	boss.look()

	// What cannot be tried says why, and forgets nothing.
	boss.allow("422")
	eval[string](boss, `document.querySelector("#skill").value = "leaves"`)
	boss.fill("#counters", "40")
	boss.click(`.send button`)
	boss.await("#faults", "almeno uno sportello")
	boss.await("#counters-want", "20")
	if got := eval[string](boss, `document.querySelector("#counters").value + document.querySelector("#skill").value`); got != "40leaves" {
		t.Errorf("what was typed is now %q", got)
	}
	boss.axe("light")
	boss.narrow()
	if *shots != "" {
		boss.open("/manager?lang=it#advice")
		keep(t, filepath.Join(*shots, "page-manager-advice-it.png"), boss.picture())
		boss.open("/manager/report?lang=it")
		keep(t, filepath.Join(*shots, "page-report-it.png"), boss.picture())
	}
	for _, lang := range languages() {
		boss.open("/manager?compare=1&from=2026-10-01&to=2026-10-31&lang=" + lang)
		boss.await(".big", "%")
		boss.look()
	}
	boss.open("/manager/report?lang=it")
	boss.await("h1", "Piacenza")
	boss.look()
	boss.paper()
	if n := eval[int](boss, `[...document.querySelectorAll("table")].filter((e) => !e.checkVisibility({contentVisibilityAuto: true})).length`); n > 0 {
		t.Errorf("%d tables are folded on paper", n)
	}
	boss.fits("on paper")
}

// paper shows the page as it is printed on A4 within its margins.
func (tb *tab) paper() {
	tb.t.Helper()
	tb.do("paper", chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
		return err
	}))
	tb.size(680, 962)
}
