// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/queue"
)

const (
	perDay = 300 // as in Piacenza: three million tickets are 32 years of six-day weeks
	calls  = 3000
	starts = 9
)

// benchHistory compares an office of many years with one that was set up today.
func benchHistory(ctx context.Context, o options) (rows []row, err error) {
	long, empty := filepath.Join(o.dir, "long"), filepath.Join(o.dir, "empty")
	begin := time.Now()
	if err := fillHistory(ctx, long, o); err != nil {
		return nil, err
	}
	fmt.Fprintf(o.log, "bench: %d tickets of history in %v\n", o.history, time.Since(begin).Round(time.Second))
	started, err := startBoth(ctx, o, long, empty)
	if err != nil {
		return nil, err
	}
	called, err := callNextBoth(ctx, long, empty)
	if err != nil {
		return nil, err
	}
	return []row{called, started}, nil
}

// fillHistory writes days of tickets that were issued, called and served.
func fillHistory(ctx context.Context, dir string, o options) (err error) {
	s, err := store.Open(ctx, store.Options{Dir: dir})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	days := (o.history + perDay - 1) / perDay
	at := time.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, -days-1).Add(8 * time.Hour) // the last day is yesterday
	settings := crowded(16)
	seq, err := s.Append(ctx, 0, []queue.Entry{{At: at, By: system(), Event: queue.SettingsChanged{Settings: settings}}})
	if err != nil {
		return err
	}
	for day := range days {
		at = at.AddDate(0, 0, 1)
		if day%100 == 0 {
			fmt.Fprintf(o.log, "\rbench: day %d of %d", day, days)
		}
		batch := dayOf(seq, at, &settings)
		if seq, err = s.Append(ctx, seq, batch); err != nil {
			return err
		}
	}
	fmt.Fprintln(o.log)
	return nil
}

func system() queue.Actor { return queue.Actor{Role: queue.RoleSystem, ID: "bench"} }

// dayOf returns the records of one finished day behind seq.
func dayOf(seq queue.Seq, at time.Time, settings *queue.Settings) []queue.Entry {
	batch := make([]queue.Entry, 0, 3*perDay+2)
	add := func(e queue.Event, by queue.Actor) {
		batch = append(batch, queue.Entry{At: at, By: by, Event: e})
	}
	add(queue.DayOpened{Date: queue.DateOf(at)}, system())
	for i := range perDay {
		at = at.Add(time.Minute)
		service := settings.Services[i%len(settings.Services)]
		series := settings.Series[i%len(settings.Series)]
		counter := settings.Counters[i%len(settings.Counters)].ID
		id := queue.TicketID(seq) + queue.TicketID(len(batch)) + 1
		kiosk := queue.Actor{Role: queue.RoleKiosk, ID: "kiosk-1", Request: queue.RequestID(fmt.Sprintf("issue:kiosk-1:%d", id))}
		box := queue.Actor{Role: queue.RoleCounter, ID: "box-1", Request: queue.RequestID(fmt.Sprintf("press:box-1:%d", id))}
		n := i / len(settings.Series)
		add(queue.TicketIssued{
			Ticket: id, Number: fmt.Sprintf("%s%04d", series.Prefix, n), Series: series.ID, Ordinal: n,
			Service: service.ID, Class: "normal", Channel: queue.ChannelKiosk, Language: "en", Due: at,
		}, kiosk)
		add(queue.TicketCalled{Ticket: id, Counter: counter}, box)
		add(queue.TicketClosed{Ticket: id, Counter: counter, End: queue.EndServed, Service: 1000}, box)
	}
	add(queue.DayClosed{Date: queue.DateOf(at)}, system())
	return batch
}

// callNextBoth calls citizens in both offices in turns.
func callNextBoth(ctx context.Context, long, empty string) (r row, err error) {
	old, err := openOffice(ctx, long, asItIs)
	if err != nil {
		return row{}, err
	}
	defer func() { err = errors.Join(err, old.close()) }()
	fresh, err := openOffice(ctx, empty, asItIs)
	if err != nil {
		return row{}, err
	}
	defer func() { err = errors.Join(err, fresh.close()) }()
	for _, o := range []*open{old, fresh} {
		if err := o.do(ctx, queue.OpenCounter{Counter: "c0", Seen: o.seen()}); err != nil {
			return row{}, err
		}
	}
	var figure, floor times
	for i := range calls {
		for _, x := range []struct {
			office *open
			into   *times
		}{{old, &figure}, {fresh, &floor}} {
			if err := x.office.do(ctx, queue.IssueTicket{Service: queue.ServiceID(fmt.Sprintf("v%d", i%20))}); err != nil {
				return row{}, err
			}
			by := queue.Actor{Role: queue.RoleCounter, ID: "box-1", Request: queue.RequestID(fmt.Sprintf("press:%d", i))}
			begin := time.Now()
			if _, err := x.office.Do(ctx, by, queue.CallNext{Counter: "c0", Seen: x.office.seen()}); err != nil {
				return row{}, err
			}
			*x.into = append(*x.into, time.Since(begin))
		}
	}
	return atMost("call-next p99 with the history (floor: an empty file)", figure.at(99), floor.at(99), 1.1), nil
}

// startBoth starts the daemon on both offices in turns.
func startBoth(ctx context.Context, o options, long, empty string) (row, error) {
	binary, err := buildDaemon(ctx, o.dir)
	if err != nil {
		return row{}, err
	}
	var figure, floor times
	for range starts {
		for _, x := range []struct {
			dir  string
			into *times
		}{{long, &figure}, {empty, &floor}} {
			d, err := startDaemon(ctx, binary, benchOffice, x.dir)
			if err != nil {
				return row{}, err
			}
			*x.into = append(*x.into, d.ready)
			if err := d.stop(); err != nil {
				return row{}, err
			}
		}
	}
	return atMost("start to ready with the history (floor: an empty file), p50", figure.at(50), floor.at(50), 1.2), nil
}

// benchOffice has the id and the settings of [crowded].
const benchOffice = "testdata/office/bench.yaml"
