// SPDX-License-Identifier: EUPL-1.2

package waits

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// read reads a row. It returns what is wrong with it, "" if nothing is.
func (v *Visit) read(field func(column string) string, f *Format) (kind FaultKind, what string) {
	text := func(column string) string { return strings.Clone(strings.TrimSpace(field(column))) }
	times := []*time.Time{&v.Issued, &v.Called, &v.Ended}
	for i, column := range columns()[:len(times)] {
		s, to := text(column), times[i]
		if s == "" && column != "issued" {
			continue
		}
		at, err := instant(s, f.Zone)
		if err != nil {
			return FaultTime, fmt.Sprintf("%s %.40q; want 2026-11-23 08:15:00 or 2026-11-23T08:15:00+01:00", column, s)
		}
		*to = at
	}
	v.Service, v.Counter, v.Class = text("service"), text("counter"), text("class")
	switch {
	case !name(v.Service) || f.Services != nil && !slices.Contains(f.Services, v.Service):
		return FaultService, fmt.Sprintf("%.40q is not known", v.Service)
	case v.Class != "" && !name(v.Class):
		return FaultService, fmt.Sprintf("class %.40q is no name", v.Class)
	}
	if kind, what := v.times(); kind != "" {
		return kind, what
	}
	return v.outcome(text("outcome"))
}

// instant reads a time, in whole milliseconds.
func instant(s string, zone *time.Location) (time.Time, error) {
	at, err := time.Parse(time.RFC3339Nano, s)
	for _, layout := range []string{"2006-01-02 15:04:05", "2006-01-02T15:04:05", "2006-01-02 15:04"} {
		if err != nil {
			at, err = time.ParseInLocation(layout, s, zone)
		}
	}
	if err == nil && (at.Year() < 1990 || at.Year() > 2200) {
		return time.Time{}, fmt.Errorf("the year %d", at.Year())
	}
	return at.Truncate(time.Millisecond).UTC(), err
}

// times judges the times of a row against each other.
func (v *Visit) times() (kind FaultKind, what string) {
	if v.Called.IsZero() {
		if !v.Ended.IsZero() && v.Ended.Before(v.Issued) {
			return FaultNegative, "ended before it was issued"
		}
		return "", ""
	}
	switch {
	case v.Called.Before(v.Issued):
		return FaultNegative, fmt.Sprintf("called %v before it was issued", v.Issued.Sub(v.Called))
	case v.Ended.IsZero():
		return FaultGap, "called, and when it ended is missing"
	case v.Ended.Before(v.Called):
		return FaultNegative, fmt.Sprintf("ended %v before it was called", v.Called.Sub(v.Ended))
	case v.Called.Sub(v.Issued) > maxWait:
		return FaultLong, fmt.Sprintf("a wait of %v", v.Called.Sub(v.Issued))
	case v.Ended.Sub(v.Called) > maxService:
		return FaultLong, fmt.Sprintf("a service of %v", v.Ended.Sub(v.Called))
	case !name(v.Counter):
		return FaultCounter, fmt.Sprintf("called by %.40q", v.Counter)
	}
	return "", ""
}

// outcome reads how a ticket ended.
func (v *Visit) outcome(s string) (kind FaultKind, what string) {
	called := !v.Called.IsZero()
	switch v.Outcome = queue.End(strings.ToLower(s)); v.Outcome {
	case "":
		v.Outcome = queue.EndExpired
		if called {
			v.Outcome = queue.EndServed
		}
	case queue.EndServed, queue.EndNoShow:
		if !called {
			return FaultOutcome, fmt.Sprintf("%s, and never called", v.Outcome)
		}
	case queue.EndCancelled, queue.EndExpired, queue.EndVoid:
		if called {
			v.Outcome = queue.EndServed // it took the counter's time all the same
		}
	default:
		return FaultOutcome, fmt.Sprintf("%.40q; want served, no_show, cancelled, expired or nothing", s)
	}
	return "", ""
}
