// SPDX-License-Identifier: EUPL-1.2

package config

import (
	"time"

	"github.com/avanti-queue/avanti/queue/stats"
)

// Charter is what the office has promised to citizens, and what it tells the world of itself.
type Charter struct {
	Promises []stats.Promise // of the charter's table, in its order
	Publish  Publish
}

// Publish says which feeds are open to everybody. The zero value publishes nothing.
type Publish struct {
	Status       bool // plain JSON: open, waiting, expected waits, hours
	QueueMonitor bool // the same as NGSI-LD entities
	Forecasts    bool // how good the announced waits of the last 28 days were
}

// charter reads the section; the groups must be known.
func (r *reader) charter(v value) Charter {
	s := v.section()
	var out Charter
	ids := newNames[string]("promise")
	for _, item := range s.field("promises").items("{id, measure, groups, within, share}") {
		x := item.section()
		p := stats.Promise{
			ID:      ids.define(x.field("id")),
			Measure: choice(x.field("measure"), stats.MeasureWait, stats.MeasureWait, stats.MeasureService, stats.MeasureVisit),
		}
		for _, g := range x.field("groups").items("groups") {
			if id, ok := r.groups.refer(g); ok {
				p.Groups = append(p.Groups, id)
			}
		}
		within := x.need("within", "the promised time, such as 15m")
		p.Limit = within.span(0, time.Minute, 4*time.Hour)
		if p.Limit%time.Second != 0 {
			within.report(within.is()+" is not in whole seconds", "a time such as 15m")
		}
		p.Share = float64(x.need("share", "how many in 100, 1 to 100").integer(100, 1, 100)) / 100
		x.done()
		out.Promises = append(out.Promises, p)
	}
	p := s.field("publish").section()
	out.Publish = Publish{Status: p.field("status").truth(false), QueueMonitor: p.field("queue_monitor").truth(false), Forecasts: p.field("forecasts").truth(false)}
	p.done()
	s.done()
	return out
}
