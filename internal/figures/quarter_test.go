// SPDX-License-Identifier: EUPL-1.2

package figures_test

import (
	"database/sql"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	_ "github.com/mattn/go-sqlite3"

	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/stats"
)

// steps reads the journal by SQL alone: a row for each step of each ticket, with what the
// figures are made of. It shares nothing with package stats but the definitions.
const steps = `
WITH local AS ( -- in the first quarter, Rome is one hour ahead of UTC
	SELECT seq, at, at / 1000 + 3600 AS clock, kind, body, body ->> '$.ticket' AS ticket FROM event
), service AS (
	SELECT s.value ->> '$.id' AS id, s.value ->> '$.group' AS grp
	FROM event, json_each(event.body, '$.settings.services') AS s WHERE kind = 'settings_changed'
), mine AS (
	SELECT *, count(*) FILTER (WHERE kind IN ('ticket_issued', 'ticket_transferred')) OVER
		(PARTITION BY ticket ORDER BY seq ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS step,
		count(*) FILTER (WHERE kind IN ('ticket_issued', 'ticket_transferred')) OVER
		(PARTITION BY ticket ORDER BY seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS ending -- the step that this ends, or is in
	FROM local WHERE ticket IS NOT NULL
), begun AS (
	SELECT ticket, step, seq, kind AS how, grp, CAST(strftime('%w', clock, 'unixepoch') AS INTEGER) AS day, clock % 86400 / 1800 AS band
	FROM mine JOIN service ON service.id = body ->> '$.service' WHERE kind IN ('ticket_issued', 'ticket_transferred')
), answer AS ( -- the first sign of each step that somebody is at the counter
	SELECT ticket, ending AS step, min(seq) AS seq FROM mine
	WHERE kind IN ('service_started', 'ticket_parked', 'ticket_transferred') OR kind = 'ticket_closed' AND body ->> '$.end' = 'served'
	GROUP BY ticket, ending
), waited AS ( -- the newest call before it
	SELECT a.ticket, a.step, (SELECT c.body ->> '$.wait_ms' FROM mine c WHERE c.ticket = a.ticket AND c.kind = 'ticket_called' AND c.seq < a.seq ORDER BY c.seq DESC LIMIT 1) AS wait,
		(SELECT c.body ->> '$.class' FROM mine c WHERE c.ticket = a.ticket AND c.body ->> '$.class' IS NOT NULL AND c.seq < a.seq ORDER BY c.seq DESC LIMIT 1) AS class
	FROM answer a
), gone AS ( -- no-shows who never came back
	SELECT n.ticket, n.ending AS step, (SELECT c.body ->> '$.wait_ms' FROM mine c WHERE c.ticket = n.ticket AND c.kind = 'ticket_called' AND c.seq < n.seq ORDER BY c.seq DESC LIMIT 1) AS wait
	FROM mine n WHERE n.kind = 'ticket_closed' AND n.body ->> '$.end' = 'no_show'
	AND NOT EXISTS (SELECT 1 FROM mine r WHERE r.ticket = n.ticket AND r.kind = 'ticket_returned' AND r.seq > n.seq)
), worked AS ( -- all times of a step at counters, if it came to its end
	SELECT ticket, ending AS step, sum(coalesce(body ->> '$.service_ms', 0)) AS service,
		max(kind = 'ticket_transferred' OR kind = 'ticket_closed' AND body ->> '$.end' = 'served') AS ended,
		max(kind = 'ticket_closed' AND body ->> '$.end' = 'served') AS served
	FROM mine WHERE kind IN ('ticket_parked', 'ticket_transferred', 'ticket_closed') GROUP BY ticket, ending
)
SELECT begun.grp, begun.day, begun.band, begun.how = 'ticket_issued', begun.how = 'ticket_transferred',
	coalesce(worked.served, 0), gone.ticket IS NOT NULL, waited.wait, CASE WHEN waited.wait IS NULL THEN gone.wait END,
	CASE WHEN worked.ended THEN worked.service END, coalesce(waited.class, '')
FROM begun LEFT JOIN waited USING (ticket, step) LEFT JOIN gone USING (ticket, step) LEFT JOIN worked USING (ticket, step)`

// cell is what is told of a group in a half hour of the week.
type cell struct {
	Issued, Transferred, Served, NoShow, Waits, Lost, Services int
	WaitSum, ServiceSum                                        int64
	Within                                                     [5]int
	Median, P90, Longest                                       int // seconds; 0: too few to tell
}

type key struct {
	Group string
	Day   time.Weekday
	Band  int
}

// TestAQuarterByHand lives a quarter of a year in Piacenza and compares what managers read
// with what SQL finds in the journal.
func TestAQuarterByHand(t *testing.T) {
	path := filepath.Join(t.TempDir(), "avanti.db")
	write(t, filepath.Dir(path), lived(t, quarterDays))
	db, err := sql.Open("sqlite3", "file:"+path+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	want, classes := byHand(t, db)

	s, err := store.Open(t.Context(), store.Options{Dir: filepath.Dir(path)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	days := kept(t, s)
	sums, got := map[key]*stats.Sum{}, map[key]cell{}
	var at stats.Team
	for _, d := range days {
		weekday, ok := stats.Weekday(d.Date)
		if !ok {
			t.Errorf("%s is no date", d.Date)
		}
		for i := range d.Cells {
			c := &d.Cells[i]
			k := key{string(c.Group), weekday, int(c.Band)}
			if sums[k] == nil {
				sums[k] = &stats.Sum{}
			}
			sums[k].Add(c)
		}
		for i := range d.Teams {
			at.Join(&d.Teams[i])
		}
	}
	for k, sum := range sums {
		got[k] = told(sum.Summary())
	}
	maps.DeleteFunc(got, func(_ key, c cell) bool { return c == cell{} }) // somebody was started there, and that is all
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-by hand +as managers read:\n%.4000s", diff)
	}
	for class, sum := range byClass(days) {
		if diff := cmp.Diff(classes[class], told(sum)); diff != "" {
			t.Errorf("class %s, -by hand +as managers read:\n%s", class, diff)
		}
		delete(classes, class)
	}
	if len(classes) > 0 {
		t.Errorf("managers read nothing of %v", classes)
	}
	tickets := 0
	for _, c := range want {
		tickets += c.Issued
	}
	if tickets < 130*quarterDays || len(days) < quarterDays*3/4 {
		t.Errorf("%d tickets on %d days: this was no quarter", tickets, len(days))
	}
	was := occupancy(t, db)
	if got := [2]int64{int64(at.Busy), int64(at.Open())}; got != was {
		t.Errorf("counters were busy and open for %v ms, by hand %v", got, was)
	}
	t.Logf("%d tickets on %d days, %d cells", tickets, len(days), len(want))
}

// byClass adds up what is told of classes.
func byClass(days []*stats.Day) map[queue.ClassID]*stats.Summary {
	sums, out := map[queue.ClassID]*stats.Sum{}, map[queue.ClassID]*stats.Summary{}
	for _, d := range days {
		for i := range d.Classes {
			id := d.Classes[i].Class
			if sums[id] == nil {
				sums[id] = &stats.Sum{}
			}
			sums[id].AddClass(&d.Classes[i])
			out[id] = sums[id].Summary()
		}
	}
	return out
}

// byHand returns what is told of cells, and of the waits of classes.
func byHand(t *testing.T, db *sql.DB) (map[key]cell, map[queue.ClassID]cell) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), steps)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	out, classes := map[key]cell{}, map[queue.ClassID]cell{}
	waits, called, ofClass := map[key][]int{}, map[key][]int{}, map[queue.ClassID][]int{}
	for rows.Next() {
		var k key
		var issued, transferred, served, absent int
		var wait, lost, service sql.NullInt64
		var class queue.ClassID
		if err := rows.Scan(&k.Group, &k.Day, &k.Band, &issued, &transferred, &served, &absent, &wait, &lost, &service, &class); err != nil {
			t.Fatal(err)
		}
		c := out[k]
		c.Issued, c.Transferred, c.Served, c.NoShow = c.Issued+issued, c.Transferred+transferred, c.Served+served, c.NoShow+absent
		if wait.Valid {
			c.WaitSum += wait.Int64
			waits[k], called[k] = append(waits[k], up(wait.Int64)), append(called[k], up(wait.Int64))
			ofClass[class] = append(ofClass[class], up(wait.Int64))
			x := classes[class]
			x.WaitSum += wait.Int64
			classes[class] = x
		}
		if lost.Valid {
			c.Lost++
			called[k] = append(called[k], up(lost.Int64))
		}
		if service.Valid {
			c.Services++
			c.ServiceSum += service.Int64
		}
		out[k] = c
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	for k, c := range out {
		out[k] = c.spread(waits[k], called[k])
	}
	for k, c := range classes {
		classes[k] = c.spread(ofClass[k], ofClass[k])
	}
	return out, classes
}

// spread adds how the waits of those who came spread, and those of all who were called.
func (c cell) spread(waits, called []int) cell {
	w := slices.Sorted(slices.Values(waits))
	c.Waits = len(w)
	for i, minutes := range []int{5, 10, 15, 20, 30} {
		for _, x := range called {
			if x <= minutes*60 {
				c.Within[i]++
			}
		}
	}
	if n := len(w); n > 0 {
		c.Longest = w[n-1]
		if n >= 10 {
			c.Median = w[(n+1)/2-1]
		}
		if n >= 50 {
			c.P90 = w[(n*9+9)/10-1]
		}
	}
	return c
}

// occupied adds up how long counters had a citizen, and how long they were open: from each
// such event of a counter to its next.
const occupied = `
WITH of AS (
	SELECT seq, at, kind, body ->> '$.counter' AS counter FROM event
	WHERE kind IN ('counter_opened', 'counter_paused', 'counter_closed', 'ticket_called', 'ticket_parked', 'ticket_returned', 'ticket_transferred', 'ticket_closed')
	AND coalesce(body ->> '$.counter', '') <> ''
), until AS (
	SELECT kind, lead(at) OVER (PARTITION BY counter ORDER BY seq) - at AS long FROM of
)
SELECT sum(long) FILTER (WHERE kind = 'ticket_called'), sum(long) FILTER (WHERE kind NOT IN ('counter_paused', 'counter_closed')) FROM until`

func occupancy(t *testing.T, db *sql.DB) (busyOpen [2]int64) {
	t.Helper()
	if err := db.QueryRowContext(t.Context(), occupied).Scan(&busyOpen[0], &busyOpen[1]); err != nil {
		t.Fatal(err)
	}
	return busyOpen
}

// up gives whole seconds, rounded up.
func up(ms int64) int { return int((ms + 999) / 1000) }

func told(s *stats.Summary) cell {
	c := cell{
		Issued: s.Issued, Transferred: s.Transferred, Served: s.Served, NoShow: s.NoShow, Waits: s.Waits.N(), Lost: s.Lost.N(), Services: s.Services.N(),
		WaitSum: s.Waits.Sum, ServiceSum: s.Services.Sum, Longest: int(s.Waits.Longest().Seconds()),
	}
	for i, limit := range stats.Limits() {
		c.Within[i] = s.Within(limit).N
	}
	for percent, to := range map[int]*int{50: &c.Median, 90: &c.P90} {
		if p, ok := s.Waits.Percentile(percent); ok {
			*to = int(p.Seconds())
		}
	}
	return c
}

func (k key) String() string {
	return fmt.Sprintf("%s %v %02d:%02d", k.Group, k.Day, k.Band/2, k.Band%2*30)
}
