// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/avanti-queue/avanti/internal/app"
	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/sim/demand"
	"github.com/avanti-queue/avanti/internal/sim/schedule"
	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/forecast"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// week writes the journal of the small office's week before the Monday of the tests.
func week(t *testing.T, dir string) {
	t.Helper()
	file, err := config.Load("../../testdata/office/small.yaml", app.CheckConfig)
	if err != nil {
		t.Fatal(err)
	}
	var lived kept
	_, err = schedule.Run(t.Context(), schedule.Options{
		Settings: file.Settings(), Seed: 5, Date: "2026-11-16", Days: 6, Habits: schedule.Usual(), Storage: &lived,
		Model: demand.Model{
			Name: "small", Week: [7]float64{0, 60, 60, 60, 60, 60}, Doors: .1, NoShow: .05,
			Other: demand.Group{Share: 1, Mean: 9 * time.Minute, CV: .6}, Scale: 1, Walk: 15 * time.Second, Turnover: 30 * time.Second,
			Staff: demand.Staff{Present: [7]float64{0, 1, 1, 1, 1, 1}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	var batch []queue.Entry
	for r := range lived.Records(t.Context(), 0) {
		batch = append(batch, queue.Entry{At: r.At, By: r.By, Event: r.Event})
	}
	s, err := store.Open(t.Context(), store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Append(t.Context(), 0, batch); err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// kept is a [schedule.Storage] in memory that outlives its run.
type kept struct{ queuetest.Memory }

func (k *kept) Open(context.Context) (queue.Journal, error) { return &k.Memory, nil }
func (k *kept) Crash() error                                { return nil }

// TestSlipTellsTheWait: after a week the slip of a new ticket tells what the forecast
// says, in the citizen's language.
func TestSlipTellsTheWait(t *testing.T) {
	dir := t.TempDir()
	week(t, dir)
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "small.yaml", at(8, 0), dir)
		defer r.stop()
		r.openDesks("c1", "c2")
		for _, desk := range []queue.CounterID{"c1", "c2"} {
			r.take("first-"+string(desk), "certificates", "it")
			r.call(desk)
		}
		pass(30 * time.Second)
		before := len(r.papers())
		words := map[string]string{
			"it": "Attesa prevista: %d-%d min", "ro": "Aşteptare estimată: %d-%d min", // the letter that this printer has
			"es": "Espera prevista: %d-%d min", "en": "Expected wait: %d-%d min",
		}
		longest := 0
		for i, lang := range slices.Repeat(slices.Sorted(maps.Keys(words)), 4) {
			id := r.take(fmt.Sprint(i), "certificates", lang)
			pass(10 * time.Second)
			from, to := r.foreseen(id)
			longest = max(longest, to)
			papers := r.papers()
			if want := fmt.Sprintf(words[lang], from, to); len(papers) != before+i+1 || !strings.Contains(papers[before+i].Text, want) {
				t.Fatalf("%d sheets, and the last does not say %q:\n%s", len(papers), want, papers[len(papers)-1].Text)
			}
		}
		id := r.take("last", "certificates", "it")
		from, to := r.foreseen(id)
		if _, got := r.page("manager", fmt.Sprintf("http://localhost:8080/api/v1/tickets/%d", id)); !strings.Contains(got, fmt.Sprintf(`"expected":{"from":%d,"to":%d,"today":"likely"}`, 60*from, 60*to)) {
			t.Errorf("want %d to %d minutes, the API tells %s", from, to, got)
		}
		if _, got := r.page("kiosk-1", "http://localhost:8080/kiosk?lang=it"); !strings.Contains(got, "Attesa prevista: ") {
			t.Errorf("the kiosk tells no wait before the choice:\n%s", got)
		}
		r.stopDaemon()
		r.startApp()
		pass(time.Second) // it looks at its calendar
		if status, _ := r.page("", "http://localhost:8080/readyz"); status != http.StatusOK {
			t.Errorf("after a restart: status %d", status)
		}
		if longest < 20 {
			t.Errorf("the longest wait told is %d minutes: this tests little", longest)
		}
	})
	checkJournal(t, dir)
}

// foreseen returns in minutes what a forecast made when a ticket was issued says of it,
// by whoever has read the whole journal up to then.
func (r *rig) foreseen(id queue.TicketID) (from, to int) {
	r.t.Helper()
	learner := forecast.NewLearner(forecast.Priors{})
	var state queue.State
	for rec, err := range r.app.Office().Follow(r.t.Context(), 0) {
		if err != nil {
			r.t.Fatal(err)
		}
		learner.Apply(rec)
		state.Apply(rec)
		if rec.Seq == queue.Seq(id) {
			v := state.View()
			low, high, ok := forecast.New(forecast.Options{}).Forecast(v, rec.At, learner, nil).Ticket(id).Range()
			if !ok {
				r.t.Fatalf("ticket %d: nothing is known", id)
			}
			return int(low.Minutes()), int(high.Minutes())
		}
	}
	r.t.Fatalf("no ticket %d", id)
	return 0, 0
}

// TestFirstDayTellsNoWait: nobody knows an office on its first day.
func TestFirstDayTellsNoWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "small.yaml", at(8, 0), t.TempDir())
		defer r.stop()
		r.openDesks("c1")
		for i := range 3 {
			r.take(fmt.Sprint(i), "certificates", "it")
		}
		pass(10 * time.Second)
		if text := r.papers()[2].Text; !strings.Contains(text, "Persone prima di Lei: 2") || strings.Contains(text, "Attesa") {
			t.Errorf("slip:\n%s", text)
		}
	})
}

// TestNobodyWaitsForThePast: while a long journal is read, who asks is told at once that
// nothing is known; then one run serves everybody until something happens or a second passes.
func TestNobodyWaitsForThePast(t *testing.T) {
	dir := t.TempDir()
	week(t, dir)
	s, err := store.Open(t.Context(), store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		pass(time.Until(at(8, 0)))
		j := &slow{Journal: s, read: make(chan struct{})}
		e, err := queue.Open(t.Context(), j, queue.Options{})
		if err != nil {
			t.Fatal(err)
		}
		metrics := prometheus.NewPedanticRegistry()
		w := app.NewWaits(e, s, metrics)
		ctx, stop := context.WithCancel(t.Context())
		var run sync.WaitGroup
		run.Go(func() { _ = e.Run(ctx) })
		run.Go(func() { _ = w.Run(ctx) })
		defer func() { stop(); run.Wait() }()
		do := func(c queue.Command) {
			t.Helper()
			if _, err := e.Do(ctx, queue.Actor{Role: queue.RoleSystem, ID: "test"}, c); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		do(queue.OpenDay{Clock: time.Now()})
		seen := func() queue.Revision {
			status, _ := e.View().Counter("c1")
			return status.Seen
		}
		do(queue.OpenCounter{Counter: "c1", Seen: seen()})
		do(queue.IssueTicket{Service: "certificates"})
		if w.Forecast() != nil {
			t.Error("a forecast by who has not read the past")
		}
		if n := testutil.CollectAndCount(metrics, "avanti_estimate_seconds"); n != 0 {
			t.Errorf("%d series of what nobody knows", n)
		}
		close(j.read)
		synctest.Wait()
		first := w.Forecast()
		if first == nil || !first.Now("certificates", "").Known() {
			t.Fatal("nothing is known, although the past is")
		}
		pass(500 * time.Millisecond)
		if w.Forecast() != first {
			t.Error("half a second later another run was made")
		}
		do(queue.IssueTicket{Service: "certificates"})
		second := w.Forecast()
		if second == first {
			t.Error("somebody has come, and no other run was made")
		}
		pass(2 * time.Second)
		if w.Forecast() == second {
			t.Error("two seconds later no other run was made")
		}
		if n := testutil.CollectAndCount(metrics, "avanti_estimate_seconds"); n != 4 {
			t.Errorf("%d series, want the median and P90 of two groups", n)
		}
		do(queue.CallNext{Counter: "c1", Seen: seen()}) // who came before anything was known
		pass(time.Hour)
		do(queue.CallNext{Counter: "c1", Seen: seen()})
		synctest.Wait()
		if problems, err := testutil.GatherAndLint(metrics); err != nil || len(problems) > 0 {
			t.Errorf("lint: %v %v", problems, err)
		}
		want := `
# HELP avanti_estimate_outcomes_total Waits by where they lie in what was expected at issue; 8 in 10 should lie inside.
# TYPE avanti_estimate_outcomes_total counter
avanti_estimate_outcomes_total{position="above_p90"} 1
avanti_estimate_outcomes_total{position="below_p10"} 0
avanti_estimate_outcomes_total{position="inside"} 0
`
		if err := testutil.GatherAndCompare(metrics, strings.NewReader(want), "avanti_estimate_outcomes_total"); err != nil {
			t.Error(err)
		}
	})
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// slow is a journal whose past takes until read is closed.
type slow struct {
	queue.Journal
	read chan struct{}
}

func (s *slow) Records(ctx context.Context, after queue.Seq) iter.Seq2[queue.Record, error] {
	return func(yield func(queue.Record, error) bool) {
		select {
		case <-s.read:
		case <-ctx.Done():
			return
		}
		s.Journal.Records(ctx, after)(yield)
	}
}

func (r *rig) openDesks(ids ...queue.CounterID) {
	r.t.Helper()
	pass(5 * time.Second) // the day is opened
	for _, id := range ids {
		status, _ := r.app.Office().View().Counter(id)
		if _, err := r.app.Office().Do(r.t.Context(), queue.Actor{Role: queue.RoleManager, ID: "manager"}, queue.OpenCounter{Counter: id, Seen: status.Seen}); err != nil {
			r.t.Fatal(err)
		}
	}
}

func (r *rig) call(id queue.CounterID) {
	r.t.Helper()
	status, _ := r.app.Office().View().Counter(id)
	if _, err := r.app.Office().Do(r.t.Context(), queue.Actor{Role: queue.RoleManager, ID: "manager"}, queue.CallNext{Counter: id, Seen: status.Seen}); err != nil {
		r.t.Fatal(err)
	}
}

// take gives a number at the first kiosk.
func (r *rig) take(key, service, lang string) queue.TicketID {
	r.t.Helper()
	body := strings.NewReader(fmt.Sprintf(`{"service":%q,"language":%q}`, service, lang))
	req, err := http.NewRequestWithContext(r.t.Context(), http.MethodPost, "http://localhost:8080/api/v1/tickets", body)
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Idempotency-Key", key)
	var got kiosk
	r.ask("kiosk-1", req, &got)
	if got.ID == 0 {
		r.t.Fatalf("no ticket: %+v", got)
	}
	return got.ID
}
