// SPDX-License-Identifier: EUPL-1.2

package stats

// Sum adds up days, or some cells of them, and keeps none of them. The zero value is of none.
type Sum struct {
	n                                    Cell // without group, band and spans
	waits, lost, walks, services, visits gather
	outOfOrder                           Share
	days                                 int
}

// Add takes in a cell.
func (s *Sum) Add(c *Cell) {
	s.AddWaits(c)
	s.AddServices(c)
	s.AddVisits(c)
	s.walks.add(&c.Walks)
}

// AddWaits takes in the counts and the waits of a cell alone. With years of days it matters
// to add up only what is told.
func (s *Sum) AddWaits(c *Cell) {
	s.count(c)
	s.waits.add(&c.Waits)
	s.lost.add(&c.Lost)
}

// AddServices takes in the services of a cell alone.
func (s *Sum) AddServices(c *Cell) { s.services.add(&c.Services) }

// AddVisits takes in the visits of a cell alone.
func (s *Sum) AddVisits(c *Cell) { s.visits.add(&c.Visits) }

// AddClass takes in how a class fared; nothing else is known by class.
func (s *Sum) AddClass(c *Class) {
	s.n.Overtaken += c.Overtaken
	s.n.Overtakers += c.Overtakers
	s.waits.add(&c.Waits)
}

// AddDay takes in what is no cell's: that there was a day, and its calls out of order.
func (s *Sum) AddDay(d *Day) {
	s.days++
	s.outOfOrder.Of += d.Calls
	for _, n := range d.OutOfOrder {
		s.outOfOrder.N += n
	}
}

// Join takes in what another one has.
func (s *Sum) Join(o *Sum) {
	s.count(&o.n)
	s.waits.join(&o.waits)
	s.lost.join(&o.lost)
	s.walks.join(&o.walks)
	s.services.join(&o.services)
	s.visits.join(&o.visits)
	s.days += o.days
	s.outOfOrder.N += o.outOfOrder.N
	s.outOfOrder.Of += o.outOfOrder.Of
}

func (s *Sum) count(c *Cell) {
	s.n.Issued += c.Issued
	s.n.Transferred += c.Transferred
	s.n.Started += c.Started
	s.n.Served += c.Served
	s.n.NoShow += c.NoShow
	s.n.Cancelled += c.Cancelled
	s.n.Expired += c.Expired
	s.n.Void += c.Void
	s.n.Overtaken += c.Overtaken
	s.n.Overtakers += c.Overtakers
}

// Summary returns what is told of all that was taken in. It stays as it is when more comes.
func (s *Sum) Summary() *Summary {
	t := &Summary{
		Issued: s.n.Issued, Transferred: s.n.Transferred, Started: s.n.Started,
		Served: s.n.Served, NoShow: s.n.NoShow, Cancelled: s.n.Cancelled, Expired: s.n.Expired, Void: s.n.Void,
		Waits: s.waits.spans(), Lost: s.lost.spans(), Walks: s.walks.spans(), Services: s.services.spans(), Visits: s.visits.spans(),
		Overtakers: s.n.Overtakers, OutOfOrder: s.outOfOrder, Days: s.days,
	}
	t.Overtaken = Share{s.n.Overtaken, t.Waits.N()}
	return t
}
