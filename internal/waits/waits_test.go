// SPDX-License-Identifier: EUPL-1.2

package waits_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/internal/waits"
)

var full = flag.Bool("full", false, "judge every scenario with three seeds over sixty days, and print the table")

// TestTargets holds some days of five scenarios against the targets, with some room for
// chance; with -full all of them, as long as the protocol says: so does make bench-waits,
// which tells more.
func TestTargets(t *testing.T) {
	o := waits.Options{Days: 8, Runs: 40, Methods: []string{waits.SIM}}
	seeds := []uint64{303}
	scenarios := map[string]bool{"S1": true, "S4": true, "S5": true, "S7": true, "S10": true}
	if *full {
		o, seeds, scenarios = waits.Options{}, []uint64{101, 202, 303}, nil
	}
	var report waits.Report
	for _, s := range waits.Scenarios() {
		if scenarios != nil && !scenarios[s.ID] {
			continue
		}
		if !*full {
			s = s.Trained(7)
		}
		for _, seed := range seeds {
			o.Seed = seed
			r, err := waits.Run(s, o)
			if err != nil {
				t.Fatal(err)
			}
			report.Add(r)
		}
	}
	if err := report.Write(t.Output()); err != nil {
		t.Fatal(err)
	}
	for _, fault := range report.Missed(*full) {
		t.Error(fault)
	}
}

// TestSameSeedSameResult lives the same days twice.
func TestSameSeedSameResult(t *testing.T) {
	s := waits.Scenarios()[6].Trained(2)
	run := func(seed uint64) waits.Result {
		r, err := waits.Run(s, waits.Options{Days: 3, Runs: 20, Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	one, other := run(5), run(5)
	if d := cmp.Diff(one.Scores, other.Scores); d != "" || one.Tickets == 0 {
		t.Errorf("%d tickets, the same seed twice (-one +other):\n%s", one.Tickets, d)
	}
	if cmp.Equal(one.Scores, run(6).Scores) {
		t.Error("another seed gives the same")
	}
}

// TestScenariosDiffer: each has what its name says.
func TestScenariosDiffer(t *testing.T) {
	seen := map[time.Duration]string{}
	for _, s := range waits.Scenarios() {
		r, err := waits.Run(s.Trained(0), waits.Options{Days: 3, Runs: 1, Seed: 9, Methods: []string{}})
		if err != nil {
			t.Fatal(err)
		}
		if was, ok := seen[r.Wait]; ok && s.ID != "S10" {
			t.Errorf("%s has the same waits as %s", s.ID, was)
		}
		seen[r.Wait] = s.ID
		if r.Tickets < 10 {
			t.Errorf("%s: %d tickets waited", s.ID, r.Tickets)
		}
	}
}

// TestChart: the picture is XML, and has a bar for each method of each scenario.
func TestChart(t *testing.T) {
	var report waits.Report
	for _, s := range waits.Scenarios()[:2] {
		r, err := waits.Run(s.Trained(0), waits.Options{Days: 1, Runs: 2, Seed: 1, Methods: []string{waits.SIM, waits.Oracle}})
		if err != nil {
			t.Fatal(err)
		}
		report.Add(r)
	}
	chart := report.Chart()
	bars := 0
	for d := xml.NewDecoder(bytes.NewReader(chart)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, chart)
		}
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "rect" {
			bars++
		}
	}
	if bars != 1+5+2*5 { // the ground, the legend, the bars
		t.Errorf("%d rectangles in\n%s", bars, chart)
	}
}
