// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"database/sql/driver"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// projection is the version of the rules below. Whoever changes what they write
// raises it: the read models are then rebuilt at the next start.
const projection = 1

// projector writes the read models from events. It never refuses: what makes no
// sense for a row that is not there changes nothing.
type projector struct {
	openDay, closeDay                        *statement
	endIntervals, endInterval, beginInterval *statement
	issue, call, recall, start, revive       *statement
	park, transfer, reclassify, closeTicket  *statement
	requestSlip, settleSlip                  *statement
	undoCall, undoStep                       *statement
}

func (p *projector) queries() map[**statement]string {
	return map[**statement]string{
		&p.openDay:       `INSERT INTO day (seq, date, opened) VALUES (?, ?, ?)`,
		&p.closeDay:      `UPDATE day SET closed = ? WHERE seq = (SELECT max(seq) FROM day)`,
		&p.endIntervals:  `UPDATE counter_interval SET ended = ? WHERE ended IS NULL`,
		&p.endInterval:   `UPDATE counter_interval SET ended = ? WHERE counter = ? AND ended IS NULL`,
		&p.beginInterval: `INSERT INTO counter_interval (id, counter, state, reason, began) VALUES (?, ?, ?, ?, ?)`,
		&p.issue: `INSERT INTO ticket (id, number, series, ordinal, service, last_service, class, channel, language,
			issued, due, slot, slip_printer, slip_attempt, slip_result)
			VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14) ON CONFLICT (id) DO NOTHING`,
		&p.call: `UPDATE ticket SET calls = calls + 1, counter = ?2, first_called = coalesce(first_called, ?3),
			wait_ms = CASE WHEN answered THEN wait_ms ELSE ?4 END WHERE id = ?1`,
		&p.recall:     `UPDATE ticket SET calls = calls + 1 WHERE id = ?1`,
		&p.start:      `UPDATE ticket SET answered = 1, started = coalesce(started, ?2), walk_ms = coalesce(walk_ms, ?3) WHERE id = ?1`,
		&p.revive:     `UPDATE ticket SET closed = NULL, ending = NULL, outcome = NULL, reason = NULL WHERE id = ?1`,
		&p.park:       `UPDATE ticket SET answered = 1, service_ms = service_ms + ?2 WHERE id = ?1`,
		&p.transfer:   `UPDATE ticket SET answered = 1, service_ms = service_ms + ?2, last_service = ?3 WHERE id = ?1`,
		&p.reclassify: `UPDATE ticket SET class = ?2 WHERE id = ?1`,
		&p.closeTicket: `UPDATE ticket SET closed = ?2, ending = ?3, outcome = ?4, reason = ?5, service_ms = service_ms + ?6,
			answered = answered OR ?3 = 'served' WHERE id = ?1`,
		&p.undoCall: `UPDATE ticket SET calls = max(calls - 1, 0), counter = CASE WHEN calls > 1 THEN counter END,
			first_called = CASE WHEN calls > 1 THEN first_called END, wait_ms = CASE WHEN calls > 1 THEN wait_ms END WHERE id = ?1`,
		&p.undoStep: `UPDATE ticket SET closed = NULL, ending = NULL, outcome = NULL, reason = NULL, answered = ?2,
			service_ms = service_ms - ?3, last_service = ?4 WHERE id = ?1`,
		&p.requestSlip: `UPDATE ticket SET slip_printer = ?2, slip_attempt = ?3, slip_copy = ?4, slip_result = 'pending',
			slip_level = NULL, slip_fault = NULL WHERE id = ?1`,
		&p.settleSlip: `UPDATE ticket SET slip_result = ?3, slip_level = ?4, slip_fault = ?5 WHERE id = ?1 AND slip_attempt = ?2`,
	}
}

// apply writes what a record changes.
func (p *projector) apply(seq queue.Seq, at time.Time, event queue.Event) error {
	ms := at.UnixMilli()
	switch e := event.(type) {
	case queue.DayOpened:
		if err := p.endIntervals.exec(ms); err != nil {
			return err
		}
		return p.openDay.exec(int64(seq), string(e.Date), ms)
	case queue.DayClosed:
		if err := p.endIntervals.exec(ms); err != nil {
			return err
		}
		return p.closeDay.exec(ms)
	case queue.CounterOpened:
		return p.interval(seq, ms, e.Counter, queue.CounterIsOpen, "")
	case queue.CounterPaused:
		return p.interval(seq, ms, e.Counter, queue.CounterIsPaused, e.Reason)
	case queue.CounterClosed:
		return p.endInterval.exec(ms, string(e.Counter))
	case queue.TicketIssued:
		return p.issued(ms, e)
	}
	return p.ticket(ms, event)
}

func (p *projector) interval(seq queue.Seq, ms int64, counter queue.CounterID, state queue.CounterState, reason string) error {
	if err := p.endInterval.exec(ms, string(counter)); err != nil {
		return err
	}
	return p.beginInterval.exec(int64(seq), string(counter), state.String(), text(reason), ms)
}

func (p *projector) issued(ms int64, e queue.TicketIssued) error {
	var slot, result driver.Value
	attempt := int64(0)
	if !e.Slot.IsZero() {
		slot = e.Slot.UnixMilli()
	}
	if e.Printer != "" {
		attempt, result = 1, string(queue.SlipResultPending)
	}
	return p.issue.exec(int64(e.Ticket), e.Number, string(e.Series), int64(e.Ordinal), string(e.Service), string(e.Class),
		string(e.Channel), e.Language, ms, e.Due.UnixMilli(), slot, text(e.Printer), attempt, result)
}

func (p *projector) ticket(ms int64, event queue.Event) error {
	switch e := event.(type) {
	case queue.TicketCalled:
		return p.call.exec(int64(e.Ticket), string(e.Counter), ms, int64(e.Wait))
	case queue.TicketRecalled:
		return p.recall.exec(int64(e.Ticket))
	case queue.ServiceStarted:
		return p.start.exec(int64(e.Ticket), ms, int64(e.Walk))
	case queue.TicketReturned:
		if e.Counter != "" {
			return nil // called and given back: no row says where it stands now
		}
		return p.revive.exec(int64(e.Ticket))
	case queue.TicketParked:
		return p.park.exec(int64(e.Ticket), int64(e.Service))
	case queue.TicketTransferred:
		return p.transfer.exec(int64(e.Ticket), int64(e.Spent), string(e.Service))
	case queue.TicketReclassified:
		return p.reclassify.exec(int64(e.Ticket), string(e.Class))
	case queue.TicketClosed:
		return p.closeTicket.exec(int64(e.Ticket), ms, string(e.End), text(e.Outcome), text(e.Reason), int64(e.Service))
	case queue.CallUndone:
		return p.undoCall.exec(int64(e.Ticket))
	case queue.StepUndone:
		return p.undoStep.exec(int64(e.Ticket), e.Answered, int64(e.Spent), string(e.Service))
	case queue.SlipRequested:
		return p.requestSlip.exec(int64(e.Ticket), e.Printer, int64(e.Attempt), e.Copy)
	case queue.SlipPrinted:
		return p.slip(e.Ticket, e.Attempt, queue.SlipResultPrinted, e.Level, "")
	case queue.SlipSent:
		return p.slip(e.Ticket, e.Attempt, queue.SlipResultSent, "", "")
	case queue.SlipFailed:
		return p.slip(e.Ticket, e.Attempt, queue.SlipResultFailed, "", e.Fault)
	case queue.SlipUnknown:
		return p.slip(e.Ticket, e.Attempt, queue.SlipResultUnknown, "", e.Fault)
	}
	return nil // settings and clock steps have no row
}

func (p *projector) slip(id queue.TicketID, attempt int, result queue.SlipResult, level, fault string) error {
	return p.settleSlip.exec(int64(id), int64(attempt), string(result), text(level), text(fault))
}

// text keeps an absent word as NULL, which takes no room.
func text(s string) driver.Value {
	if s == "" {
		return nil
	}
	return s
}
