// SPDX-License-Identifier: EUPL-1.2

package waits_test

import (
	"bytes"
	"encoding/csv"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/internal/waits"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/forecast"
)

const head = "issued,called,ended,service,counter,class,outcome\n"

// TestReadRecorded: each fault is counted and named by its line, and its row is not used.
func TestReadRecorded(t *testing.T) {
	text := "\ufeffOutcome;counter;service;issued;called;ended;class;note\n" +
		"served;1;papers;2026-11-23 08:15:00;2026-11-23 08:20:00;2026-11-23 08:30:00;;a\n" + // 2
		";2;cards;2026-11-23T08:16:00+01:00;2026-11-23T07:21:00Z;2026-11-23 08:30:00.5;vip;\"b;c\"\n" +
		";;cards;2026-11-23 08:17;;;;\n" +
		"no_show;1;papers;2026-11-23 08:18:00;2026-11-23 08:31:00;2026-11-23 08:32:00;;\n" + // 5
		"served;1;papers;2026-11-23 08:10:00;2026-11-23 08:33:00;2026-11-23 08:34:00;;\n" + // out of order
		"served;1;papers;2026-11-23 08:40:00;2026-11-23 08:33:00;2026-11-23 08:50:00;;\n" + // called before
		"served;1;papers;2026-11-23 08:40:00;2026-11-23 08:45:00;2026-11-23 08:44:00;;\n" + // ended before
		"served;1;papers;2026-11-23 08:40:00;2026-11-23 08:45:00;;;\n" + // never ended
		"served;;papers;2026-11-23 08:40:00;2026-11-23 08:45:00;2026-11-23 08:50:00;;\n" + // 10: by nobody
		"served;1;;2026-11-23 08:40:00;2026-11-23 08:45:00;2026-11-23 08:50:00;;\n" + // no service
		"left;1;papers;2026-11-23 08:40:00;2026-11-23 08:45:00;2026-11-23 08:50:00;;\n" + // unknown outcome
		"served;1;papers;2026-11-23 08:40:00;;;;\n" + // served, never called
		"served;1;papers;23/11/2026;;;;\n" + // no time
		"served;1;papers;2026-11-23 08:40:00\n" + // 15: columns
		"served;2;papers;2026-11-23 08:25:00;2026-11-23 08:29:00;2026-11-23 08:31:00;;\n" + // has another one
		"served;1;papers;2026-11-23 08:40:00;2026-11-23 08:45:00;2026-11-23 18:50:00;;\n" + // ten hours
		"served;1;papers;2026-11-23 08:41:00;2026-11-23 08:45:00;2026-11-23 08:50:00;;\n" +
		strings.Repeat("served;3;papers;2026-11-23 09:00:00;2026-11-23 09:00:00;2026-11-23 09:00:00;;\n", 10)
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	r, err := waits.Read(strings.NewReader(text), waits.Format{Zone: rome})
	if err != nil {
		t.Fatal(err)
	}
	want := map[int]waits.FaultKind{
		6: waits.FaultOrder, 7: waits.FaultNegative, 8: waits.FaultNegative, 9: waits.FaultGap, 10: waits.FaultCounter,
		11: waits.FaultService, 12: waits.FaultOutcome, 13: waits.FaultOutcome, 14: waits.FaultTime, 15: waits.FaultSyntax,
		16: waits.FaultOverlap, 17: waits.FaultLong,
	}
	got := map[int]waits.FaultKind{}
	for _, f := range r.Faults {
		got[f.Line] = f.Kind
		if f.What == "" {
			t.Errorf("line %d: %s says no more", f.Line, f.Kind)
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("faults (-want +got):\n%s", d)
	}
	if r.Rows != 27 || len(r.Tickets) != 16 {
		t.Errorf("%d rows, %d tickets", r.Rows, len(r.Tickets))
	}
	at := func(h, m, s int) time.Time { return time.Date(2026, 11, 23, h-1, m, s, 0, time.UTC) }
	first := []waits.Visit{
		{Line: 6, Issued: at(8, 10, 0), Called: at(8, 33, 0), Ended: at(8, 34, 0), Service: "papers", Counter: "1", Outcome: queue.EndServed},
		{Line: 2, Issued: at(8, 15, 0), Called: at(8, 20, 0), Ended: at(8, 30, 0), Service: "papers", Counter: "1", Outcome: queue.EndServed},
		{Line: 3, Issued: at(8, 16, 0), Called: at(8, 21, 0), Ended: at(8, 30, 0).Add(500 * time.Millisecond), Service: "cards", Counter: "2", Class: "vip", Outcome: queue.EndServed},
		{Line: 4, Issued: at(8, 17, 0), Service: "cards", Outcome: queue.EndExpired},
		{Line: 5, Issued: at(8, 18, 0), Called: at(8, 31, 0), Ended: at(8, 32, 0), Service: "papers", Counter: "1", Outcome: queue.EndNoShow},
	}
	if d := cmp.Diff(first, r.Tickets[:5]); d != "" {
		t.Errorf("tickets (-want +got):\n%s", d)
	}
}

// TestReadRefuses: what is no file of tickets, or hardly one, gives no figures.
func TestReadRefuses(t *testing.T) {
	good := "2026-11-23 08:15:00,2026-11-23 08:20:00,2026-11-23 08:30:00,papers,1,,served\n"
	for name, text := range map[string]string{
		"nothing":        "",
		"no rows":        head,
		"no column":      strings.Replace(head, "class", "klass", 1) + good,
		"a column twice": strings.Replace(head, "class", "class,service", 1),
		"mostly wrong":   head + good + "x,,,,,,\ny,,,,,,\n",
		"an open quote":  head + good + "\"x,,\n" + strings.Repeat(good, 5),
		"no header":      strings.Repeat("x", 5000) + "\n",
	} {
		if _, err := waits.Read(strings.NewReader(text), waits.Format{}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if r, err := waits.Read(strings.NewReader(head+good+strings.Replace(good, "papers", "beer", 1)), waits.Format{Services: []string{"papers"}}); err != nil || len(r.Faults) != 1 || r.Faults[0].Kind != waits.FaultService {
		t.Errorf("an unknown service: %v, %v", r, err)
	}
}

// file writes days of a scenario down as an office would.
func file(t *testing.T, s waits.Scenario, days int) string {
	t.Helper()
	type row struct{ issued, called, ended, service, counter, class, outcome string }
	rows, order := map[queue.TicketID]*row{}, []*row{}
	err := waits.Live(s, 303, days, func(r queue.Record) {
		at := r.At.Format(time.RFC3339Nano)
		switch e := r.Event.(type) {
		case queue.TicketIssued:
			x := &row{issued: at, service: string(e.Service), class: string(e.Class)}
			rows[e.Ticket], order = x, append(order, x)
		case queue.TicketCalled:
			rows[e.Ticket].called, rows[e.Ticket].counter = at, string(e.Counter)
		case queue.TicketClosed:
			rows[e.Ticket].ended, rows[e.Ticket].outcome = at, string(e.End)
		default:
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	out.WriteString(head)
	w := csv.NewWriter(&out)
	for _, x := range order {
		if err := w.Write([]string{x.issued, x.called, x.ended, x.service, x.counter, x.class, x.outcome}); err != nil {
			t.Fatal(err)
		}
	}
	w.Flush()
	return out.String()
}

func recorded(t *testing.T, text string) *waits.Recorded {
	t.Helper()
	r, err := waits.Read(strings.NewReader(text), waits.Format{})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Faults) > 0 {
		t.Fatalf("faults: %v", r.Faults[0])
	}
	return r
}

// TestReplay: on a file of an invented office, which says less than the office knows, the
// forecast is still better than any formula.
func TestReplay(t *testing.T) {
	r := recorded(t, file(t, waits.Scenarios()[6], 14))
	got, err := waits.Replay(r, time.UTC, waits.Options{Runs: 40, Days: 6})
	if err != nil {
		t.Fatal(err)
	}
	sim, queue := got.Scores[waits.SIM], got.Scores[waits.QLPool]
	t.Logf("%d tickets, MAE %v, QL-pool %v, coverage %.2f", got.Tickets, sim.MAE(), queue.MAE(), sim.Coverage())
	if got.Tickets < 300 || float64(sim.MAE()) > .6*float64(queue.MAE()) {
		t.Errorf("%d tickets, MAE %v, that of QL-pool %v", got.Tickets, sim.MAE(), queue.MAE())
	}
	if sim.Coverage() < .65 {
		t.Errorf("coverage %.2f", sim.Coverage())
	}
}

// TestNeverLooksAhead: what comes after an instant changes nothing that was said before it.
func TestNeverLooksAhead(t *testing.T) {
	r := recorded(t, file(t, waits.Scenarios()[0], 5))
	middle := r.Tickets[len(r.Tickets)*9/10].Issued
	said := func(r *waits.Recorded) map[string]map[string]forecast.Wait {
		out := map[string]map[string]forecast.Wait{}
		_, err := waits.Replay(r, time.UTC, waits.Options{Runs: 10, Days: 2, Tell: func(t *queue.Ticket, said map[string]forecast.Wait) {
			if !t.Issued.After(middle) {
				out[t.Number] = maps.Clone(said)
			}
		}})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	cut := &waits.Recorded{}
	for _, v := range r.Tickets {
		if v.Issued.After(middle) {
			continue
		}
		if v.Ended.After(middle) {
			v.Ended = middle.Add(time.Hour)
		}
		if v.Called.After(middle) {
			v.Called, v.Ended, v.Counter, v.Outcome = time.Time{}, time.Time{}, "", queue.EndExpired
		}
		cut.Tickets = append(cut.Tickets, v)
	}
	whole, part := said(r), said(cut)
	if d := cmp.Diff(whole, part); d != "" || len(whole) < 100 {
		t.Errorf("%d tickets (-whole +part):\n%s", len(whole), d)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(head + "2026-11-23 08:15:00,2026-11-23 08:20:00,2026-11-23 08:30:00,papers,1,,served\n"))
	f.Add([]byte(strings.ReplaceAll(head, ",", ";") + "2026-11-23T08:15:00Z;;;papers;;x;cancelled\n"))
	f.Add([]byte(head + "2026-11-23 08:15,2026-11-23 08:20,,\"pa\"\"pers\",1,,no_show\n\"x"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := waits.Read(bytes.NewReader(data), waits.Format{})
		if err != nil {
			return
		}
		var newest time.Time
		for _, v := range r.Tickets {
			if v.Issued.Before(newest) || !v.Called.IsZero() && (v.Called.Before(v.Issued) || v.Ended.Before(v.Called) || v.Counter == "") || v.Service == "" {
				t.Errorf("%+v", v)
			}
			newest = v.Issued
		}
		if len(r.Tickets) > r.Rows {
			t.Errorf("%d tickets in %d rows", len(r.Tickets), r.Rows)
		}
		if len(r.Tickets) < 50 {
			if _, err := waits.Replay(r, time.UTC, waits.Options{Runs: 2}); err != nil {
				t.Error(err)
			}
		}
	})
}
