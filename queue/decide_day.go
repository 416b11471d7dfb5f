// SPDX-License-Identifier: EUPL-1.2

package queue

import (
	"maps"
	"slices"
	"time"
)

func (v *View) changeSettings(at time.Time, c ChangeSettings) ([]Event, error) {
	if faults := c.Settings.Validate(); len(faults) > 0 {
		return nil, refuse(RefusedSettings, faults[0].Field+": want "+faults[0].Want)
	}
	if v.plan != nil {
		if c.Settings.Office != v.plan.settings.Office {
			return nil, refuse(RefusedSettings, "office: this journal belongs to "+string(v.plan.settings.Office))
		}
		if used := v.inUse(at, newPlan(c.Settings)); used != "" {
			return nil, refuse(RefusedSettings, used)
		}
	}
	settings, err := c.Settings.clone()
	if err != nil {
		return nil, refuse(RefusedSettings, err.Error())
	}
	return []Event{SettingsChanged{Settings: settings}}, nil
}

// inUse names something that the new settings lack and that a ticket or a counter
// of today needs; "" if there is nothing.
func (v *View) inUse(at time.Time, next *plan) string {
	for _, c := range v.counters {
		if _, ok := next.counter[c.ID]; !ok && c.State != CounterIsClosed {
			return "counters: " + string(c.ID) + " is open"
		}
	}
	for t := range v.open.all() {
		if lack := next.lacks(t); lack != "" {
			return lack + " has the ticket " + t.Number
		}
	}
	if DateOf(at.In(v.plan.zone)) != v.date {
		return ""
	}
	for i, r := range v.plan.settings.Series {
		j, ok := next.series[r.ID]
		if same := ok && next.settings.Series[j].Prefix == r.Prefix; !same && v.gave(i) {
			return "series: " + string(r.ID) + " has given numbers today" // another one would print them again
		}
	}
	return ""
}

// gave reports whether a series has given numbers on the newest day.
func (v *View) gave(series int) bool {
	r := &v.plan.settings.Series[series]
	if v.series[series].next != r.First {
		return true
	}
	for t := range v.tickets.all() {
		if t.Series == r.ID {
			return true
		}
	}
	return false
}

// lacks names what a ticket needs and the settings have not; "" if there is nothing.
func (p *plan) lacks(t *Ticket) string {
	if _, ok := p.service[t.Service]; !ok {
		return "services: " + string(t.Service)
	}
	if _, ok := p.class[t.Class]; !ok {
		return "classes: " + string(t.Class)
	}
	if _, ok := p.counter[t.To]; t.To != "" && !ok {
		return "counters: " + string(t.To)
	}
	i, ok := p.series[t.Series]
	if !ok {
		return "series: " + string(t.Series)
	}
	if r := p.settings.Series[i]; t.Ordinal < r.First || t.Ordinal > r.Last {
		return "series: " + string(t.Series)
	}
	return ""
}

// clockSlack is how far a wall clock may lie behind the journal and be believed.
const clockSlack = time.Minute

func (v *View) openDay(at time.Time, c OpenDay) ([]Event, error) {
	if v.isOpen {
		return nil, refuse(RefusedDayOpen, string(v.date))
	}
	if c.Clock.Before(c.Built) || c.Clock.Before(v.at.Add(-clockSlack)) {
		return nil, refuse(RefusedClock, c.Clock.UTC().Format(time.RFC3339))
	}
	date := DateOf(at.In(v.plan.zone))
	if date < v.date {
		return nil, refuse(RefusedClock, string(date))
	}
	e := DayOpened{Date: date, Skipped: date == v.skipped.Date}
	if e.Skipped {
		e.Next = maps.Clone(v.skipped.Next)
	}
	if date == v.date {
		e.Next, e.Issued = map[SeriesID]int{}, map[ServiceID]int{}
		for i, r := range v.plan.settings.Series {
			e.Next[r.ID] = v.series[i].next
		}
		for i, x := range v.plan.settings.Services {
			if v.issued[i] > 0 {
				e.Issued[x.ID] = v.issued[i]
			}
		}
	}
	return []Event{e}, nil
}

func (v *View) closeDay(c CloseDay) ([]Event, error) {
	var events []Event
	for t := range v.open.all() {
		if t.AtCounter() && !c.Force {
			return nil, refuse(RefusedCounterBusy, string(t.Counter))
		}
		events = append(events, TicketClosed{Ticket: t.ID, Counter: t.Counter, End: EndExpired})
	}
	return append(events, DayClosed{Date: v.date}), nil
}

func (v *View) issueTicket(at time.Time, c IssueTicket) ([]Event, error) {
	if err := v.Issuing(c.Service, at); err != nil {
		return nil, err
	}
	settings := &v.plan.settings
	service := &settings.Services[v.plan.service[c.Service]]
	if c.Class == "" {
		c.Class = settings.Classes[0].ID
	}
	if _, ok := v.plan.class[c.Class]; !ok {
		return nil, refuse(RefusedUnknownClass, string(c.Class))
	}
	switch c.Channel {
	case "":
		c.Channel = ChannelAPI
	case ChannelKiosk, ChannelCounter, ChannelAPI, ChannelAppointment:
	default:
		return nil, refuse(RefusedInvalid, "channel")
	}
	if c.Language == "" {
		c.Language = settings.Languages[0]
	}
	if !slices.Contains(settings.Languages, c.Language) {
		return nil, refuse(RefusedInvalid, "language")
	}
	if c.Printer != "" && !ValidID(c.Printer) {
		return nil, refuse(RefusedInvalid, "printer")
	}
	c.Slot = c.Slot.UTC().Truncate(time.Millisecond)
	if !c.Slot.IsZero() && DateOf(c.Slot.In(v.plan.zone)) != v.date {
		return nil, refuse(RefusedInvalid, "slot")
	}
	series := v.plan.series[service.Series]
	ordinal, ok := v.number(series)
	if !ok {
		return nil, refuse(RefusedExhausted, string(service.Series))
	}
	return []Event{TicketIssued{
		Ticket: TicketID(v.seq + 1), Number: settings.Series[series].Print(ordinal),
		Series: service.Series, Ordinal: ordinal, Service: c.Service, Class: c.Class, Channel: c.Channel,
		Language: c.Language, Due: v.plan.due(at, c.Slot), Slot: c.Slot, Printer: c.Printer,
	}}, nil
}
