// SPDX-License-Identifier: EUPL-1.2

package queue_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/avanti-queue/avanti/queue"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// fullWeek is open every day from one minute of the day to another.
func fullWeek(spans ...queue.Span) queue.Calendar {
	var c queue.Calendar
	for day := range c.Week {
		c.Week[day] = spans
	}
	return c
}

// TestIssuing: when tickets are given, and if not, when they are next.
func TestIssuing(t *testing.T) {
	rome := zone(t, "Europe/Rome")
	at := func(month time.Month, day, hour, minute int) time.Time {
		return time.Date(2026, month, day, hour, minute, 0, 0, rome)
	}
	piacenza := queue.Calendar{StopBefore: minutes(15), Exceptions: []queue.Exception{
		{Date: "2026-12-08"}, // a holiday
		{Date: "2026-12-24", Spans: []queue.Span{{From: 8 * 60, To: 12 * 60}}},  // a short day
		{Date: "2026-11-29", Spans: []queue.Span{{From: 10 * 60, To: 11 * 60}}}, // an open Sunday
	}}
	piacenza.Week[time.Monday] = []queue.Span{{From: 8*60 + 15, To: 13 * 60}, {From: 14 * 60, To: 17 * 60}}
	piacenza.Week[time.Tuesday] = []queue.Span{{From: 8*60 + 15, To: 17 * 60}}
	piacenza.Week[time.Thursday] = piacenza.Week[time.Tuesday]
	for _, test := range []struct {
		name string
		c    queue.Calendar
		t    time.Time
		next time.Time // t itself: now; zero: never
	}{
		{"the first moment", piacenza, at(11, 23, 8, 15), at(11, 23, 8, 15)},
		{"a moment before it", piacenza, at(11, 23, 8, 15).Add(-1), at(11, 23, 8, 15)},
		{"the last moment", piacenza, at(11, 23, 12, 45).Add(-1), at(11, 23, 12, 45).Add(-1)},
		{"no more before lunch", piacenza, at(11, 23, 12, 45), at(11, 23, 14, 0)},
		{"lunch", piacenza, at(11, 23, 13, 30), at(11, 23, 14, 0)},
		{"no more today", piacenza, at(11, 23, 16, 45), at(11, 24, 8, 15)},
		{"the day after is closed", piacenza, at(11, 24, 18, 0), at(11, 26, 8, 15)},
		{"a Sunday that is open", piacenza, at(11, 26, 18, 0), at(11, 29, 10, 0)},
		{"a Sunday that is not", piacenza, at(12, 6, 9, 0), at(12, 7, 8, 15)},
		{"a holiday", piacenza, at(12, 8, 9, 0), at(12, 10, 8, 15)},
		{"a short day", piacenza, at(12, 24, 11, 50), at(12, 28, 8, 15)},
		{"over the year's end", piacenza, at(12, 31, 23, 0), time.Date(2027, 1, 4, 8, 15, 0, 0, rome)},
		{"never open", queue.Calendar{}, at(11, 23, 9, 0), time.Time{}},
		{"stops before it begins", fullWeekStop(), at(11, 23, 9, 0), time.Time{}},
		{"round the clock", fullWeek(queue.Span{To: 24 * 60}), at(11, 23, 23, 59), at(11, 23, 23, 59)},
		{"midnight belongs to the new day", fullWeek(queue.Span{From: 60, To: 24 * 60}), at(11, 24, 0, 0), at(11, 24, 1, 0)},
		{"open once, in eleven months", queue.Calendar{Exceptions: []queue.Exception{
			{Date: "2027-10-20", Spans: []queue.Span{{From: 60, To: 120}}},
		}}, at(11, 23, 9, 0), time.Date(2027, 10, 20, 1, 0, 0, 0, rome)},
	} {
		t.Run(test.name, func(t *testing.T) {
			now, next := test.c.Issuing(test.t)
			if want := test.next.Equal(test.t); now != want || !next.Equal(test.next) {
				t.Errorf("at %v: %v, next %v; want %v, %v", test.t, now, next, want, test.next)
			}
		})
	}
}

func fullWeekStop() queue.Calendar {
	c := fullWeek(queue.Span{From: 9 * 60, To: 10 * 60})
	c.StopBefore = minutes(60)
	return c
}

// TestClockChanges: the hours are the wall clock's also on the nights on which it is set.
func TestClockChanges(t *testing.T) {
	rome := zone(t, "Europe/Rome")
	for _, test := range []struct {
		name     string
		span     queue.Span
		day      time.Time // its noon
		from, to string    // RFC 3339, UTC
	}{
		{"winter, office hours", queue.Span{From: 8 * 60, To: 13 * 60}, time.Date(2026, 10, 25, 12, 0, 0, 0, rome), "2026-10-25T07:00:00Z", "2026-10-25T12:00:00Z"},
		{"summer, office hours", queue.Span{From: 8 * 60, To: 13 * 60}, time.Date(2027, 3, 28, 12, 0, 0, 0, rome), "2027-03-28T06:00:00Z", "2027-03-28T11:00:00Z"},
		{"winter, the day has 25 hours", queue.Span{To: 24 * 60}, time.Date(2026, 10, 25, 12, 0, 0, 0, rome), "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"},
		{"summer, the day has 23 hours", queue.Span{To: 24 * 60}, time.Date(2027, 3, 28, 12, 0, 0, 0, rome), "2027-03-27T23:00:00Z", "2027-03-28T22:00:00Z"},
		{"summer, through the missing hour", queue.Span{From: 60, To: 4 * 60}, time.Date(2027, 3, 28, 12, 0, 0, 0, rome), "2027-03-28T00:00:00Z", "2027-03-28T02:00:00Z"},
		{"winter, through the double hour", queue.Span{From: 60, To: 4 * 60}, time.Date(2026, 10, 25, 12, 0, 0, 0, rome), "2026-10-24T23:00:00Z", "2026-10-25T03:00:00Z"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := fullWeek(test.span)
			o := c.On(test.day)[0]
			if from, to := o.From.UTC().Format(time.RFC3339), o.To.UTC().Format(time.RFC3339); from != test.from || to != test.to {
				t.Errorf("open from %s to %s, want %s to %s", from, to, test.from, test.to)
			}
			evening := test.day.Add(-18 * time.Hour) // of the day before, whatever the hour is called
			c.Week[evening.Weekday()] = nil
			if now, next := c.Issuing(evening); now || !next.Equal(o.From) {
				t.Errorf("at %v: %v, next %v, want %v", evening, now, next, o.From)
			}
		})
	}
}

// TestMissingMidnight: where the clock is set at midnight, as on the Azores, one day a
// year begins at one o'clock. Looking for the next opening must get past it.
func TestMissingMidnight(t *testing.T) {
	azores := zone(t, "Atlantic/Azores")
	c := fullWeek(queue.Span{From: 9 * 60, To: 17 * 60})
	c.Week[time.Sunday] = nil
	saturday := time.Date(2027, 3, 27, 18, 0, 0, 0, azores)
	if now, next := c.Issuing(saturday); now || !next.Equal(time.Date(2027, 3, 29, 9, 0, 0, 0, azores)) {
		t.Errorf("%v, next %v, want Monday", now, next)
	}
	begin, err := queue.Date("2027-03-28").Midnight(azores)
	if err != nil || queue.DateOf(begin) != "2027-03-28" || queue.DateOf(begin.Add(-1)) != "2027-03-27" {
		t.Errorf("the day begins at %v, %v", begin, err)
	}
}

func TestMidnight(t *testing.T) {
	rome := zone(t, "Europe/Rome")
	begin, err := queue.Date("2026-10-25").Midnight(rome)
	if err != nil || begin.UTC().Format(time.RFC3339) != "2026-10-24T22:00:00Z" {
		t.Errorf("%v, %v", begin, err)
	}
	for _, d := range []queue.Date{"", "2026-02-30", "25.10.2026", "2026-10-25T00:00:00Z", "2026-1-2", "-001-01-01", "\x00"} {
		if at, err := d.Midnight(rome); err == nil {
			t.Errorf("date %q is taken for %v", d, at)
		}
	}
}

// TestIssuingHoldsWhatItSays: at the moment named as the next one tickets are given,
// and at none between.
func TestIssuingHoldsWhatItSays(t *testing.T) {
	zones := []*time.Location{zone(t, "Europe/Rome"), zone(t, "Atlantic/Azores"), zone(t, "America/Santiago"), time.UTC}
	rapid.Check(t, func(t *rapid.T) {
		var c queue.Calendar
		for day := range c.Week {
			minute := 0
			for range rapid.IntRange(0, 2).Draw(t, "spans") {
				from := minute + rapid.IntRange(0, 500).Draw(t, "from")
				minute = from + rapid.IntRange(1, 500).Draw(t, "length")
				if minute <= 24*60 {
					c.Week[day] = append(c.Week[day], queue.Span{From: from, To: minute})
				}
			}
		}
		c.StopBefore = minutes(rapid.IntRange(0, 60).Draw(t, "stop"))
		z := rapid.SampledFrom(zones).Draw(t, "zone")
		at := time.Date(2026, 10, 1, 0, rapid.IntRange(0, 300*24*60).Draw(t, "minute"), 0, 0, z)
		now, next := c.Issuing(at)
		switch {
		case now && !next.Equal(at):
			t.Errorf("at %v: now, and next %v", at, next)
		case !now && !next.IsZero():
			if !next.After(at) {
				t.Errorf("at %v: next %v lies behind", at, next)
			}
			if again, _ := c.Issuing(next); !again {
				t.Errorf("at %v: next %v, and then it is not", at, next)
			}
			between := at.Add(time.Duration(rapid.Int64Range(0, int64(next.Sub(at))-1).Draw(t, "between")))
			if early, _ := c.Issuing(between); early {
				t.Errorf("at %v: next %v, but %v already", at, next, between)
			}
		case !now && c.StopBefore == 0:
			for _, spans := range c.Week {
				if len(spans) > 0 {
					t.Errorf("at %v: never, with %v in the week", at, spans)
				}
			}
		}
	})
}

// TestQuotaSaysTheNextDay: the refusal names the next opening of another day.
func TestQuotaSaysTheNextDay(t *testing.T) {
	h := newHall(t, office(func(s *queue.Settings) {
		s.Services[0].Quota = 1
		s.Hours.Week[time.Monday] = []queue.Span{{From: 8 * 60, To: 12 * 60}, {From: 14 * 60, To: 18 * 60}}
		s.Hours.Exceptions = []queue.Exception{{Date: "2026-11-24"}, {Date: "2026-11-25", Spans: []queue.Span{{From: 600, To: 720}}}}
	}))
	h.do(queue.IssueTicket{Service: "papers"})
	for _, at := range []time.Time{clock(8, 0), clock(11, 59), clock(14, 0)} {
		h.at = at
		want := time.Date(2026, 11, 25, 10, 0, 0, 0, zone(t, "Europe/Rome"))
		if r := h.refusal(queue.IssueTicket{Service: "papers"}); r.Code != queue.RefusedQuota || !r.Until.Equal(want) {
			t.Errorf("at %v: %v, want the quota until %v", at, r, want)
		}
	}
	h.do(queue.IssueTicket{Service: "taxes"}, queue.CloseDay{})
	h.at = clock(48+10, 0)
	h.do(queue.OpenDay{Clock: h.at}, queue.IssueTicket{Service: "papers"})
}
