// SPDX-License-Identifier: EUPL-1.2

package queue

import (
	"fmt"
	"time"
)

// Calendar says when a door is open: spans for each weekday, and days that differ.
// The zero value is always closed.
type Calendar struct {
	Week       [7][]Span   `json:"week"` // by [time.Weekday]: 0 is Sunday
	Exceptions []Exception `json:"exceptions,omitempty"`
	// StopBefore ends the issue of tickets that long before the end of each span.
	StopBefore Millis `json:"stop_before_ms,omitzero"`
}

// Exception replaces the week's spans on one date; no span means closed.
type Exception struct {
	Date  Date   `json:"date"`
	Spans []Span `json:"spans,omitempty"`
}

// Span is a part of a day, From included and To excluded, in minutes of the local
// clock since midnight: 0 to 1440.
type Span struct {
	From int `json:"from"`
	To   int `json:"to"`
}

// Date is a calendar day of the office, written 2006-01-02. It sorts as text.
type Date string

// DateOf returns the day of t in t's own location.
func DateOf(t time.Time) Date { return Date(t.Format(time.DateOnly)) }

// Midnight returns the first instant of the day in zone, or an error that quotes
// a date that is none.
func (d Date) Midnight(zone *time.Location) (time.Time, error) {
	t, err := time.ParseInLocation(time.DateOnly, string(d), zone)
	if err != nil {
		return time.Time{}, fmt.Errorf("date %q: want YYYY-MM-DD", string(d))
	}
	// Some zones set their clocks forward at midnight: the day begins at one.
	for DateOf(t) < d {
		t = t.Add(15 * time.Minute)
	}
	return t, nil
}

// Opening is one span on one day as instants.
type Opening struct {
	From, To  time.Time
	LastIssue time.Time // tickets are given before this instant
}

// On returns the openings of the day that t lies in, in t's location, in order.
func (c *Calendar) On(t time.Time) []Opening {
	spans := c.Week[t.Weekday()]
	date := DateOf(t)
	for _, e := range c.Exceptions {
		if e.Date == date {
			spans = e.Spans
		}
	}
	out := make([]Opening, 0, len(spans))
	y, m, d := t.Date()
	for _, s := range spans {
		// The hour and minute are the wall clock's, also on the two days a year
		// on which the clock is changed.
		from := time.Date(y, m, d, s.From/60, s.From%60, 0, 0, t.Location())
		to := time.Date(y, m, d, s.To/60, s.To%60, 0, 0, t.Location())
		last := to.Add(-c.StopBefore.Duration())
		if last.Before(from) {
			last = from
		}
		out = append(out, Opening{From: from, To: to, LastIssue: last})
	}
	return out
}

// Issuing reports whether tickets are given at t, and if not, when they are next.
// The zero time means: not within a year.
func (c *Calendar) Issuing(t time.Time) (now bool, next time.Time) {
	day := t
	for range 367 {
		for _, o := range c.On(day) {
			switch {
			case !t.Before(o.From) && t.Before(o.LastIssue):
				return true, t
			case o.From.After(t) && o.LastIssue.After(o.From):
				return false, o.From
			}
		}
		y, m, d := day.Date()
		day = time.Date(y, m, d+1, 12, 0, 0, 0, t.Location()) // noon exists on every day
	}
	return false, time.Time{}
}

func (c *Calendar) validate(field string, report func(field, want string)) {
	for day, spans := range c.Week {
		validateSpans(fmt.Sprintf("%s.week[%d]", field, day), spans, report)
	}
	seen := map[Date]bool{}
	for i, e := range c.Exceptions {
		at := fmt.Sprintf("%s.exceptions[%d]", field, i)
		if _, err := e.Date.Midnight(time.UTC); err != nil {
			report(at+".date", "a date as YYYY-MM-DD")
		}
		if seen[e.Date] {
			report(at+".date", "each date once")
		}
		seen[e.Date] = true
		validateSpans(at+".spans", e.Spans, report)
	}
	if c.StopBefore < 0 || c.StopBefore > day {
		report(field+".stop_before_ms", "0s to 24h")
	}
}

func validateSpans(field string, spans []Span, report func(field, want string)) {
	end := 0
	for i, s := range spans {
		if s.From < end || s.From >= s.To || s.To > 24*60 {
			report(fmt.Sprintf("%s[%d]", field, i), "spans in order, each from before to, within 00:00 to 24:00")
		}
		end = s.To
	}
}
