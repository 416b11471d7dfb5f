// SPDX-License-Identifier: EUPL-1.2

package config

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

const (
	wantSpan = "times such as 08:15-17:00"
	wantDate = "a date such as 2026-12-25"
)

// dayName is the name in a file of a [time.Weekday].
func dayName(weekday int) string {
	return strings.ToLower(time.Weekday(weekday).String()[:3])
}

// hours reads the office's calendar and the reasons of its exceptions.
func (r *reader) hours(v value) (queue.Calendar, map[queue.Date]string) {
	cal, reasons := calendar(v, DefaultStopBefore)
	r.week = &cal
	return cal, reasons
}

// serviceHours reads a service's own hours, nil if it has none. On a day on which
// the office makes an exception, so does the service, unless it names that day.
func (r *reader) serviceHours(v value) *queue.Calendar {
	if v.absent() {
		return nil
	}
	cal, _ := calendar(v, r.week.StopBefore.Duration())
	for weekday, spans := range cal.Week {
		for i, s := range spans {
			if !slices.ContainsFunc(r.week.Week[weekday], func(o queue.Span) bool { return o.From <= s.From && s.To <= o.To }) {
				at := v.d.nearest(fmt.Sprintf("%s.%s[%d]", v.path, dayName(weekday), i))
				at.report(at.is()+" is not within the office's hours", "times at which the office is open")
			}
		}
	}
	named := map[queue.Date]bool{}
	for _, e := range cal.Exceptions {
		named[e.Date] = true
	}
	for _, e := range r.week.Exceptions {
		date, err := e.Date.Midnight(time.UTC)
		if err != nil || named[e.Date] {
			continue
		}
		named[e.Date] = true
		spans := intersect(cal.Week[date.Weekday()], e.Spans)
		cal.Exceptions = append(cal.Exceptions, queue.Exception{Date: e.Date, Spans: spans})
	}
	return &cal
}

func intersect(a, b []queue.Span) []queue.Span {
	var out []queue.Span
	for _, x := range a {
		for _, y := range b {
			if s := (queue.Span{From: max(x.From, y.From), To: min(x.To, y.To)}); s.From < s.To {
				out = append(out, s)
			}
		}
	}
	return out
}

func calendar(v value, stopBefore time.Duration) (queue.Calendar, map[queue.Date]string) {
	var cal queue.Calendar
	s := v.section()
	open := false
	for i := range cal.Week {
		weekday := (i + 1) % 7 // a file's week begins on Monday
		cal.Week[weekday] = spans(s.field(dayName(weekday)))
		open = open || len(cal.Week[weekday]) > 0
	}
	cal.StopBefore = queue.MillisOf(s.field("stop_before").span(stopBefore, 0, day))
	reasons, seen := map[queue.Date]string{}, map[queue.Date]bool{}
	for _, item := range s.field("exceptions").items("{date, hours, reason}") {
		e, reason := exception(item, seen)
		cal.Exceptions = append(cal.Exceptions, e)
		if reason != "" {
			reasons[e.Date] = reason
		}
	}
	s.done()
	if !open && !v.absent() {
		v.report("no day has hours", "at least one day such as mon: [\"08:15-17:00\"]")
	}
	reportTooShort(v, &cal)
	return cal, reasons
}

// reportTooShort reports spans in which no ticket would ever be given.
func reportTooShort(v value, cal *queue.Calendar) {
	for weekday, spans := range cal.Week {
		for i, s := range spans {
			if length := time.Duration(s.To-s.From) * time.Minute; length > 0 && length <= cal.StopBefore.Duration() {
				at := v.d.nearest(fmt.Sprintf("%s.%s[%d]", v.path, dayName(weekday), i))
				at.report(at.is()+" is over before a ticket is given", "hours longer than stop_before, "+short(cal.StopBefore.Duration()))
			}
		}
	}
}

func exception(v value, seen map[queue.Date]bool) (e queue.Exception, reason string) {
	s := v.section()
	date := s.need("date", wantDate)
	if text, ok := date.text(wantDate); ok {
		e.Date = queue.Date(text)
		if t, err := e.Date.Midnight(time.UTC); err != nil || queue.DateOf(t) != e.Date {
			date.report(date.is()+" is no date", wantDate)
		}
		if seen[e.Date] {
			date.report(date.is()+" stands twice", "each date once")
		}
		seen[e.Date] = true
	}
	e.Spans = spans(s.field("hours"))
	reason, _ = s.field("reason").text("why the day differs")
	s.done()
	return e, reason
}

// spans reads the hours of a day. Their order is the queue's to judge.
func spans(v value) []queue.Span {
	var out []queue.Span
	for _, item := range v.items(wantSpan) {
		text, ok := item.text(wantSpan)
		if !ok {
			out = append(out, queue.Span{})
			continue
		}
		from, to, cut := strings.Cut(text, "-")
		a, okFrom := minutes(from)
		b, okTo := minutes(to)
		if !cut || !okFrom || !okTo {
			item.report(item.is()+" is not a part of a day", wantSpan)
		}
		out = append(out, queue.Span{From: a, To: b})
	}
	return out
}

// minutes reads a clock time hh:mm, 00:00 to 24:00.
func minutes(s string) (int, bool) {
	if s == "24:00" {
		return 24 * 60, true
	}
	t, err := time.Parse("15:04", s)
	if err != nil || len(s) != len("15:04") {
		return 0, false
	}
	return t.Hour()*60 + t.Minute(), true
}
