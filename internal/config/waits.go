// SPDX-License-Identifier: EUPL-1.2

package config

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// Waits is what the forecast of waits is told of the office, and what follows from it.
type Waits struct {
	// Service is how long a service takes that is not among Services, until the office has
	// seen enough of them.
	Service  time.Duration
	Services map[queue.ServiceID]time.Duration

	Stop   Stop
	Breaks []Break
}

// Stop is when no more numbers are given, although the office's hours would allow it.
type Stop string

// The ways to stop.
const (
	StopNever    Stop = "never"
	StopUnlikely Stop = "unlikely" // who comes is not likely to be called before closing
	StopDoubtful Stop = "doubtful" // who comes is not nearly certain to be called before closing
)

// Break is a time at which counters are planned to be away.
type Break struct {
	Counters []queue.CounterID
	Days     [7]bool    // by [time.Weekday]
	Span     queue.Span // minutes of the local clock
}

const (
	wantDays  = "a list of mon, tue, wed, thu, fri, sat, sun"
	wantBreak = "{counters, days, time}"
)

// waits reads the section; the counters and services must be known.
func (r *reader) waits(v value) Waits {
	s := v.section()
	out := Waits{
		Service: s.field("service").span(DefaultService, time.Second, 4*time.Hour),
		Stop:    choice(s.field("stop"), DefaultStop, StopNever, StopUnlikely, StopDoubtful),
	}
	for _, item := range s.field("services").items("{service, takes}") {
		x := item.section()
		id, ok := r.services.refer(x.need("service", "the id of a service"))
		takes := x.need("takes", "how long it takes, such as 12m").span(0, time.Second, 4*time.Hour)
		x.done()
		if _, twice := out.Services[id]; ok && twice {
			item.report(fmt.Sprintf("%s stands twice", id), "each service once")
			continue
		}
		if ok && takes > 0 {
			if out.Services == nil {
				out.Services = map[queue.ServiceID]time.Duration{}
			}
			out.Services[id] = takes
		}
	}
	for _, item := range s.field("breaks").items(wantBreak) {
		out.Breaks = append(out.Breaks, r.plannedBreak(item))
	}
	s.done()
	r.reportOverlaps(s.field("breaks"), out.Breaks)
	return out
}

func (r *reader) plannedBreak(v value) (b Break) {
	s := v.section()
	for _, item := range s.need("counters", "a list of counters").items("counters") {
		if id, ok := r.counters.refer(item); ok {
			b.Counters = append(b.Counters, id)
		}
	}
	b.Days = weekdays(s.field("days"))
	if at := s.need("time", wantSpan); !at.absent() {
		text, _ := at.text(wantSpan)
		from, to, cut := strings.Cut(text, "-")
		a, okFrom := minutes(from)
		z, okTo := minutes(to)
		if text != "" && (!cut || !okFrom || !okTo || a >= z) {
			at.report(at.is()+" is not a part of a day", wantSpan)
			a, z = 0, 0
		}
		b.Span = queue.Span{From: a, To: z}
	}
	s.done()
	return b
}

// weekdays reads a list of days, all if there is none.
func weekdays(v value) (days [7]bool) {
	if v.absent() {
		return [7]bool{true, true, true, true, true, true, true}
	}
	var names []string
	for i := range days {
		names = append(names, dayName(i))
	}
	items := v.items(wantDays)
	for _, item := range items {
		if i := slices.Index(names, choice(item, "", names...)); i >= 0 {
			days[i] = true
		}
	}
	if len(items) == 0 {
		v.report("no day", wantDays)
	}
	return days
}

// reportOverlaps reports a counter that is away twice at the same time.
func (r *reader) reportOverlaps(v value, breaks []Break) {
	for i, b := range breaks {
		for _, o := range breaks[:i] {
			if c, ok := sharedCounter(b, o); ok && b.Span.From < o.Span.To && o.Span.From < b.Span.To {
				at := v.d.nearest(fmt.Sprintf("%s[%d]", v.path, i))
				at.report(fmt.Sprintf("counter %s is away at that time already", c), "breaks of a counter that do not overlap")
				break
			}
		}
	}
}

// sharedCounter returns a counter that is away by both breaks on some day.
func sharedCounter(a, b Break) (queue.CounterID, bool) {
	for day := range 7 {
		if !a.Days[day] || !b.Days[day] {
			continue
		}
		for _, c := range a.Counters {
			if slices.Contains(b.Counters, c) {
				return c, true
			}
		}
	}
	return "", false
}
