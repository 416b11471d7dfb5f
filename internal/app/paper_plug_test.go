// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/avanti-queue/avanti/device/escpos"
	"github.com/avanti-queue/avanti/internal/app"
	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/sim/demand"
	"github.com/avanti-queue/avanti/internal/sim/fate"
	"github.com/avanti-queue/avanti/internal/sim/hall"
	"github.com/avanti-queue/avanti/internal/sim/paper"
	"github.com/avanti-queue/avanti/queue"
)

// TestPlugPulledAllDay has somebody pull the printer's plug again and again through the day of a
// small office, in the middle of slips and at any other time. The table at the end shows the fate of
// every slip, and its numbers add up: with those of the citizens who came, of the journal, and of
// the printer.
func TestPlugPulledAllDay(t *testing.T) {
	rules := []string{"copy", "void", "keep"}
	without := []string{"screen", "refuse"}
	names := escpos.Names()
	if raced {
		names = names[1:2]
	}
	accounts := make(chan dayOfPulls, len(names))
	t.Run("days", func(t *testing.T) {
		for i, profile := range names {
			seed := uint64(i + 31)
			rule, kiosk := rules[i%len(rules)], without[i%len(without)]
			t.Run(fmt.Sprintf("%s %s %s", profile, rule, kiosk), func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				synctest.Test(t, func(t *testing.T) { accounts <- playPulls(t, dir, profile, rule, kiosk, seed) })
				checkJournal(t, dir)
			})
		}
	})
	close(accounts)
	fates, refused := map[fate.Fate]int{}, 0
	for a := range accounts {
		for _, l := range a.account.Lines {
			fates[l.Fate] += l.Numbers
		}
		refused += a.refused
	}
	t.Logf("%v, refused: %d", fates, refused)
	if t.Failed() || raced {
		return
	}
	for _, f := range []fate.Fate{
		fate.PrintedA, fate.PrintedB, fate.Sent, fate.Copied, fate.CopyFailed, fate.Void, fate.Kept, fate.Failed, fate.Screen,
	} {
		if fates[f] == 0 {
			t.Errorf("no slip was ever %q", f)
		}
	}
	if refused == 0 {
		t.Error("nobody was ever refused a number")
	}
}

type dayOfPulls struct {
	account fate.Account
	refused int
}

// playPulls plays the day of one seed.
func playPulls(t *testing.T, dir, profile, rule, without string, seed uint64) dayOfPulls {
	file := onePrinter(t, profile, rule, without)
	settings := file.Settings()
	source, err := demand.New(demand.Model{
		Name: "pulls", Week: [7]float64{time.Monday: 60}, Doors: .1, NoShow: .05,
		Other: demand.Group{Share: 1, Mean: 45 * time.Second, CV: .5}, Scale: 1, Walk: 10 * time.Second,
	}, &settings)
	if err != nil {
		t.Fatal(err)
	}
	day, err := source.Day(seed, "2026-11-23")
	if err != nil {
		t.Fatal(err)
	}
	var ledger fate.Ledger
	r := newRigOf(t, file, at(7, 30), dir)
	defer r.stop()
	people := hall.New(hall.Options{
		Day: day, NoShow: settings.NoShow, Client: r.client, Base: "http://localhost:8080",
		Kiosk: secret("kiosk-1"), Desks: map[queue.CounterID]string{"c1": secret("desk-1")},
		Pulls: hall.Pulls(seed, day, 12), Printer: r.paper,
		Now: time.Now, Speed: 1, Poll: 20 * time.Second, Log: slog.New(slog.DiscardHandler),
	})
	if err := people.Run(t.Context()); err != nil {
		t.Error(err)
	}
	pass(2 * time.Minute)
	synctest.Wait()
	var records []queue.Record
	for rec, err := range r.app.Office().Follow(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		ledger.Record(rec)
		records = append(records, rec)
		if rec.Seq == r.app.Office().View().Seq() {
			break
		}
	}
	var sheets []paper.Sheet
	for _, s := range r.papers() {
		ledger.Sheet(s.Sheet)
		sheets = append(sheets, s.Sheet)
	}
	account := ledger.Account()
	var table strings.Builder
	if err := account.Write(&table, people.Refused()); err != nil {
		t.Error(err)
	}
	t.Logf("seed %d\n%s", seed, table.String())
	for _, wrong := range append(ledger.Wrong(), papersHold(records, sheets)...) {
		t.Errorf("seed %d: %s", seed, wrong)
	}
	if came := len(day.Arrivals); account.Issued()+people.SentHome() != came {
		t.Errorf("seed %d: %d numbers and %d sent home of %d citizens", seed, account.Issued(), people.SentHome(), came)
	}
	count := r.paper.Counters()
	if out := count.Sheets + count.Torn; out != account.Sheets || out != account.Papers()+account.Pieces {
		t.Errorf("seed %d: the printer let go of %d papers; %d bear numbers, %d do not", seed, out, account.Papers(), account.Pieces)
	}
	return dayOfPulls{account, people.Refused()}
}

// onePrinter is the office of two printers with one, on a short day.
func onePrinter(t *testing.T, profile, rule, without string) *config.File {
	t.Helper()
	name := filepath.Join("..", "..", "testdata", "office", "two-printers.yaml")
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.NewReplacer(
		"08:00-17:00", "08:00-09:30",
		"profile: generic", "profile: "+profile,
		"on_unknown: void", "on_unknown: "+rule,
		"printer: door, spare: stairs", "printer: door, without_paper: "+without,
	).Replace(string(text)) + "mqtt: {heartbeat: 1m}\n"
	file, err := config.Parse(name, []byte(changed), app.CheckConfig)
	if err != nil {
		t.Fatal(err)
	}
	return file
}
