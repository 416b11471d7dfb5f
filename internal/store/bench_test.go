// SPDX-License-Identifier: EUPL-1.2

package store_test

import (
	"bufio"
	"database/sql"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// BenchmarkFloor is one synced insert into a plain table: what no journal can beat.
func BenchmarkFloor(b *testing.B) {
	db, stmt := plain(b)
	defer db.Close()
	body := `{"ticket":2,"number":"A007","series":"a","ordinal":7,"service":"papers"}`
	measure(b, func(i int) {
		if _, err := stmt.Exec(i+1, body); err != nil {
			b.Fatal(err)
		}
	})
}

// BenchmarkAppend is one event in one commit, with its read model, for each of the
// events of which a day mostly consists.
func BenchmarkAppend(b *testing.B) {
	for _, size := range []int{1, 64} {
		b.Run(strconv.Itoa(size), func(b *testing.B) {
			s := open(b, store.Options{Dir: b.TempDir()})
			day := newLife()
			end := day.begin(b, s)
			measure(b, func(int) {
				batch := make([]queue.Entry, size)
				for i := range batch {
					batch[i] = day.next(end + queue.Seq(i))
				}
				var err error
				if end, err = s.Append(b.Context(), end, batch); err != nil {
					b.Fatal(err)
				}
			})
			b.ReportMetric(float64(b.N*size)/b.Elapsed().Seconds(), "records/s")
		})
	}
}

// BenchmarkRatio takes turns between the floor and an append, so that whatever else
// the machine does meets both, and compares the medians.
func BenchmarkRatio(b *testing.B) {
	db, stmt := plain(b)
	defer db.Close()
	s := open(b, store.Options{Dir: b.TempDir()})
	day := newLife()
	end := day.begin(b, s)
	var floor, appended []time.Duration
	for b.Loop() {
		begin := time.Now()
		if _, err := stmt.Exec(len(floor)+1, "{}"); err != nil {
			b.Fatal(err)
		}
		middle := time.Now()
		var err error
		if end, err = s.Append(b.Context(), end, []queue.Entry{day.next(end)}); err != nil {
			b.Fatal(err)
		}
		floor, appended = append(floor, middle.Sub(begin)), append(appended, time.Since(middle))
	}
	slices.Sort(floor)
	slices.Sort(appended)
	half := len(floor) / 2
	b.ReportMetric(float64(floor[half].Nanoseconds()), "floor-ns")
	b.ReportMetric(float64(appended[half].Nanoseconds()), "append-ns")
	b.ReportMetric(float64(appended[half])/float64(floor[half]), "ratio")
}

// life makes the five records of one ticket after another.
type life struct {
	at   time.Time
	step int
	id   queue.TicketID
	n    int
}

func newLife() *life { return &life{at: queuetest.Monday()} }

func (l *life) begin(tb testing.TB, s *store.Store) queue.Seq {
	end, err := s.Append(tb.Context(), 0, []queue.Entry{
		{At: l.at, Event: queue.SettingsChanged{Settings: queuetest.Office(queue.PresetFIFO)}},
		{At: l.at, Event: queue.DayOpened{Date: "2026-11-23"}},
	})
	if err != nil {
		tb.Fatal(err)
	}
	return end
}

// next returns the entry that goes behind end.
func (l *life) next(end queue.Seq) queue.Entry {
	l.at = l.at.Add(10 * time.Second)
	by := queue.Actor{Role: queue.RoleCounter, ID: "c2", Request: queue.RequestID("0190b2f4-8f1c-7d3e-" + strconv.FormatInt(int64(end), 16))}
	step := l.step
	l.step = (l.step + 1) % 5
	switch step {
	case 0:
		l.id, l.n = queue.TicketID(end+1), l.n%999+1
		return queue.Entry{At: l.at, By: queue.Actor{Role: queue.RoleKiosk, ID: "k1", Request: by.Request}, Event: queue.TicketIssued{
			Ticket: l.id, Number: "A" + strconv.Itoa(l.n), Series: "a", Ordinal: l.n, Service: "papers", Class: "normal",
			Channel: queue.ChannelKiosk, Language: "it", Due: l.at, Printer: "hall",
		}}
	case 1:
		by.Role, by.ID = queue.RolePrinter, "hall"
		return queue.Entry{At: l.at, By: by, Event: queue.SlipPrinted{Ticket: l.id, Attempt: 1, Level: "status"}}
	case 2:
		return queue.Entry{At: l.at, By: by, Event: queue.TicketCalled{Ticket: l.id, Counter: "c2", Wait: 20_000}}
	case 3:
		return queue.Entry{At: l.at, By: by, Event: queue.ServiceStarted{Ticket: l.id, Counter: "c2", Walk: 10_000}}
	}
	return queue.Entry{At: l.at, By: by, Event: queue.TicketClosed{Ticket: l.id, Counter: "c2", End: queue.EndServed, Service: 10_000}}
}

// measure runs op and reports the bytes that it makes the process write.
func measure(b *testing.B, op func(i int)) {
	before := written(b)
	i := 0
	for b.Loop() {
		op(i)
		i++
	}
	b.ReportMetric(float64(written(b)-before)/float64(b.N), "written-B/op")
}

// written reads how many bytes this process has caused to be written to storage.
func written(tb testing.TB) int64 {
	f, err := os.Open("/proc/self/io")
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if rest, ok := strings.CutPrefix(lines.Text(), "write_bytes: "); ok {
			n, err := strconv.ParseInt(rest, 10, 64)
			if err != nil {
				tb.Fatal(err)
			}
			return n
		}
	}
	tb.Fatal("/proc/self/io has no write_bytes")
	return 0
}

// plain opens a plain table with the journal's settings.
func plain(b *testing.B) (*sql.DB, *sql.Stmt) {
	path := filepath.Join(b.TempDir(), "floor.db")
	store.CreatePlain(b, path)
	db := sql.OpenDB(store.Connector(path))
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(b.Context(), "CREATE TABLE plain (id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT"); err != nil {
		b.Fatal(err)
	}
	stmt, err := db.PrepareContext(b.Context(), "INSERT INTO plain (id, body) VALUES (?, ?)")
	if err != nil {
		b.Fatal(err)
	}
	return db, stmt
}
