// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/avanti-queue/avanti/display"
	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/sim/demand"
	"github.com/avanti-queue/avanti/internal/sim/hall"
	"github.com/avanti-queue/avanti/internal/sim/paper"
	"github.com/avanti-queue/avanti/internal/sim/schedule"
	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// at returns an instant of Monday, 23 November 2026, in Piacenza (UTC+1).
func at(hour, minute int) time.Time { return time.Date(2026, 11, 23, hour-1, minute, 0, 0, time.UTC) }

// TestPiacenzaMonday plays a whole day on the real daemon, store, client and broker:
// the paper runs out, the broker is away for ten minutes, the daemon is started anew.
func TestPiacenzaMonday(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) { monday(t, dir) })
	checkJournal(t, dir)
}

func monday(t *testing.T, dir string) {
	r := newRig(t, "piacenza.yaml", at(8, 0), dir)
	defer r.stop()
	if *update {
		r.recorder = &recorder{values: map[string][]string{}}
	}
	settings := r.file.Settings()
	source, err := demand.New(demand.After(), &settings)
	if err != nil {
		t.Fatal(err)
	}
	day, err := source.Day(4, "2026-11-23") // a day with people waiting: 250 or so come
	if err != nil {
		t.Fatal(err)
	}
	desks := map[queue.CounterID]string{}
	for _, a := range r.file.Access {
		if a.Role == config.RoleCounter {
			desks[a.Counter] = secret(a.ID)
		}
	}
	people := hall.New(hall.Options{
		Day: day, NoShow: settings.NoShow, Client: r.client, Base: "http://localhost:8080",
		Kiosk: secret("kiosk-1"), Desks: desks, Boxes: r.boxes, Now: time.Now, Speed: 1, Poll: 10 * time.Second,
		Log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelInfo})),
	})
	played := make(chan error, 1)
	go func() { played <- people.Run(t.Context()) }()

	for _, e := range []event{
		{at(9, 30), func() { r.paper.PaperOut(300) }},
		{at(9, 45), r.paper.LoadPaper},
		{at(11, 0), r.breakBroker},
		{at(11, 10), r.startBroker},
		{at(12, 40), func() { r.stopDaemon(); r.startApp() }},
	} {
		r.watchUntil(e.at)
		e.do()
	}
	var result error
	for done := false; !done; {
		select {
		case result = <-played:
			done = true
		default:
			r.watchUntil(time.Now().Add(time.Minute))
		}
	}
	if result != nil {
		t.Error(result)
	}
	r.watchUntil(time.Now().Add(time.Minute))
	if _, open := r.app.Office().View().Day(); open {
		t.Error("the day is still open when everybody has gone home")
	}
	r.checkPapers(len(day.Arrivals), people.SentHome())
	r.checkMetrics()
	if r.recorder != nil {
		r.recorder.write(t, "../../deploy/prometheus/testdata/monday.yml")
	}
}

type event struct {
	at time.Time
	do func()
}

// watchUntil lets time pass and holds the displays against I8: what they show is
// what the office wants now, or they say that they do not know.
func (r *rig) watchUntil(end time.Time) {
	r.t.Helper()
	for time.Now().Before(end) {
		pass(min(11*time.Second, time.Until(end)))
		synctest.Wait()
		r.recorder.read(r)
		v := r.app.Office().View()
		for _, d := range r.file.Devices {
			if d.Kind != config.KindPanel {
				continue
			}
			rows, honest := r.panels[d.ID].Content()
			want := display.CounterPanel(v, d.Counter).Rows
			if honest && len(rows)+len(want) > 0 && !reflect.DeepEqual(rows, want) {
				r.t.Errorf("I8: at %v %s shows %v, the office wants %v", time.Now(), d.ID, rows, want)
			}
			if r.isBrokerAway() && honest {
				r.t.Errorf("I8: at %v %s vouches for %v while the broker is away", time.Now(), d.ID, rows)
			}
		}
	}
}

// isBrokerAway reports whether the broker has been away for longer than content lives.
func (r *rig) isBrokerAway() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now()
	return r.broker == nil && now.After(at(11, 0).Add(10*time.Second)) && now.Before(at(11, 10))
}

// checkPapers holds the sheets against I4 and the journal against the sheets.
func (r *rig) checkPapers(arrivals, sentHome int) {
	r.t.Helper()
	figures := schedule.NewFigures()
	var records []queue.Record
	for rec, err := range r.app.Office().Follow(r.t.Context(), 0) {
		if err != nil {
			r.t.Fatal(err)
		}
		figures.Record(rec)
		records = append(records, rec)
		if rec.Seq == r.app.Office().View().Seq() {
			break
		}
	}
	var sheets []paper.Sheet
	for _, s := range r.papers() {
		sheets = append(sheets, s.Sheet)
	}
	for _, wrong := range papersHold(records, sheets) {
		r.t.Error(wrong)
	}
	if figures.Tickets+sentHome != arrivals {
		r.t.Errorf("%d tickets and %d sent home of %d citizens", figures.Tickets, sentHome, arrivals)
	}
	if figures.Tickets < 180 || figures.Ends[queue.EndServed] < figures.Tickets*8/10 {
		r.t.Errorf("%d tickets, %d served: this was no Monday", figures.Tickets, figures.Ends[queue.EndServed])
	}
	if figures.Slips[queue.SlipResultPrinted] < figures.Tickets*8/10 || figures.Slips[queue.SlipResultUnknown] == 0 {
		r.t.Errorf("slips %v of %d tickets: want most printed, and the one that met the end of the roll unknown",
			figures.Slips, figures.Tickets)
	}
	var table strings.Builder
	if err := figures.Table(&table); err != nil {
		r.t.Error(err)
	}
	r.t.Logf("%d citizens, %d sent home, %d sheets\n%s", arrivals, sentHome, len(r.papers()), table.String())
}

// checkJournal holds a whole journal against the invariants and its read models.
func checkJournal(t *testing.T, dir string) {
	t.Helper()
	ctx := t.Context()
	s, err := store.Open(ctx, store.Options{Dir: dir, ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	checker, err := queuetest.Journal(ctx, s)
	if err != nil {
		t.Error(err)
	}
	w, err := queue.OpenWriter(ctx, s)
	if err != nil {
		t.Fatal(err)
	}
	if err := checker.Compare(w.View()); err != nil {
		t.Error(err)
	}
	if err := s.Check(ctx); err != nil {
		t.Error(fmt.Errorf("store: %w", err))
	}
}
