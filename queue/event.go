// SPDX-License-Identifier: EUPL-1.2

package queue

import "time"

// Event is a fact: something that happened in the office. The set is closed; names
// and fields are the journal's format and only ever grow (see codec.go).
//
//sumtype:decl
type Event interface{ event() }

// The events.
type (
	// SettingsChanged holds the settings that are in force from now on.
	SettingsChanged struct {
		Settings Settings `json:"settings"`
	}
	// DayOpened begins a day: state depends on nothing before it but the settings.
	// A day that is opened again goes on with its numbers and quotas.
	DayOpened struct {
		Date   Date              `json:"date"`
		Next   map[SeriesID]int  `json:"next,omitempty"`   // number that comes next, where not the first
		Issued map[ServiceID]int `json:"issued,omitempty"` // tickets given so far on this date

		Skipped bool `json:"skipped,omitzero"` // some of Next because of a NumbersSkipped for this date
	}
	// DayClosed ends a day; every ticket has been closed before it.
	DayClosed struct {
		Date Date `json:"date"`
	}
	// ClockStepped moves all running waits by that much.
	ClockStepped struct {
		By Millis `json:"by_ms"`
	}

	// NumbersSkipped lets series go on from other numbers on a date, whose day may be yet to come.
	NumbersSkipped struct {
		Date Date             `json:"date"`
		Next map[SeriesID]int `json:"next"`
	}

	// CounterOpened lets a counter call.
	CounterOpened struct {
		Counter CounterID `json:"counter"`
	}
	// CounterPaused stops a counter's calls for a while.
	CounterPaused struct {
		Counter CounterID `json:"counter"`
		Reason  string    `json:"reason,omitzero"`
		Until   time.Time `json:"until,omitzero"`
	}
	// CounterClosed ends a counter's work.
	CounterClosed struct {
		Counter CounterID `json:"counter"`
	}

	// TicketIssued gives a number to a citizen. With a Printer it also allows attempt 1
	// of the slip: after a crash, a printer without an outcome may have printed.
	TicketIssued struct {
		Ticket   TicketID  `json:"ticket"`
		Number   string    `json:"number"`
		Series   SeriesID  `json:"series"`
		Ordinal  int       `json:"ordinal"` // the number without prefix
		Service  ServiceID `json:"service"`
		Class    ClassID   `json:"class"`
		Channel  Channel   `json:"channel"`
		Language string    `json:"language"`
		Due      time.Time `json:"due"` // from when the rule counts its wait
		Slot     time.Time `json:"slot,omitzero"`
		Printer  string    `json:"printer,omitzero"`
	}
	// TicketCalled calls a citizen to a counter for the first time, or again after a return.
	TicketCalled struct {
		Ticket  TicketID  `json:"ticket"`
		Counter CounterID `json:"counter"`
		Wait    Millis    `json:"wait_ms"`         // since issue or check-in, or since the transfer or return
		Reason  string    `json:"reason,omitzero"` // why out of order; "" when the rule named it
	}
	// TicketRecalled calls a citizen once more.
	TicketRecalled struct {
		Ticket  TicketID  `json:"ticket"`
		Counter CounterID `json:"counter"`
		Call    int       `json:"call"` // 2 and up
	}
	// ServiceStarted says that the citizen stands at the counter.
	ServiceStarted struct {
		Ticket  TicketID  `json:"ticket"`
		Counter CounterID `json:"counter"`
		Walk    Millis    `json:"walk_ms"` // since the last call
	}
	// TicketReturned puts a ticket back into the queue at its old place in time.
	TicketReturned struct {
		Ticket  TicketID  `json:"ticket"`
		Counter CounterID `json:"counter,omitzero"` // that gave it back; "" when it was parked or a no-show
	}
	// TicketParked sets a ticket aside.
	TicketParked struct {
		Ticket  TicketID  `json:"ticket"`
		Counter CounterID `json:"counter"`
		Reason  string    `json:"reason,omitzero"`
		Service Millis    `json:"service_ms"` // time at the counter so far
	}
	// TicketTransferred sends a citizen on to the next step.
	TicketTransferred struct {
		Ticket  TicketID  `json:"ticket"`
		Counter CounterID `json:"counter"` // that sends
		Service ServiceID `json:"service"`
		To      CounterID `json:"to,omitzero"` // the only counter that may call it; "" any
		Due     time.Time `json:"due"`
		Spent   Millis    `json:"service_ms"` // service time of the step that ended
	}
	// TicketReclassified moves a ticket to another class.
	TicketReclassified struct {
		Ticket TicketID `json:"ticket"`
		Class  ClassID  `json:"class"`
	}
	// TicketPassed lets the one behind a ticket go first: the two change places in time.
	TicketPassed struct {
		Ticket TicketID `json:"ticket"`
		By     TicketID `json:"by"`
	}
	// TicketClosed ends a ticket.
	TicketClosed struct {
		Ticket  TicketID  `json:"ticket"`
		Counter CounterID `json:"counter,omitzero"` // where it was; "" in no counter's hands
		End     End       `json:"end"`
		Outcome string    `json:"outcome,omitzero"` // the finish's code
		Reason  string    `json:"reason,omitzero"`  // of a void
		Service Millis    `json:"service_ms,omitzero"`
	}
	// CallUndone takes back a call that was a slip of the hand: the ticket waits as before it.
	CallUndone struct {
		Ticket  TicketID  `json:"ticket"`
		Counter CounterID `json:"counter"`
		After   Millis    `json:"after_ms"` // since the call
	}
	// StepUndone brings a ticket back to the counter that had let go of it by a slip of the
	// hand: by finish, no-show, return, park or transfer. It is there as before.
	StepUndone struct {
		Ticket   TicketID  `json:"ticket"`
		Counter  CounterID `json:"counter"`
		Service  ServiceID `json:"service"`             // before the step
		Answered bool      `json:"answered,omitzero"`   // somebody had come to a call before the step
		Spent    Millis    `json:"service_ms,omitzero"` // that the step had counted as service
		After    Millis    `json:"after_ms"`            // since the step
	}

	// SlipRequested allows one more attempt at a ticket's paper.
	SlipRequested struct {
		Ticket  TicketID `json:"ticket"`
		Attempt int      `json:"attempt"`
		Printer string   `json:"printer"`
		Copy    bool     `json:"copy,omitzero"` // must be marked as a copy
	}
	// SlipPrinted says that the paper came out, as sure as the level says.
	SlipPrinted struct {
		Ticket  TicketID `json:"ticket"`
		Attempt int      `json:"attempt"`
		Level   string   `json:"level"`
	}
	// SlipSent says that the slip went to a printer that never answers.
	SlipSent struct {
		Ticket  TicketID `json:"ticket"`
		Attempt int      `json:"attempt"`
	}
	// SlipFailed says that no byte of the slip reached the printer.
	SlipFailed struct {
		Ticket  TicketID `json:"ticket"`
		Attempt int      `json:"attempt"`
		Fault   string   `json:"fault"`
	}
	// SlipUnknown says that nobody knows whether the paper came out.
	SlipUnknown struct {
		Ticket  TicketID `json:"ticket"`
		Attempt int      `json:"attempt"`
		Fault   string   `json:"fault"`
	}
)

func (SettingsChanged) event()    {}
func (DayOpened) event()          {}
func (DayClosed) event()          {}
func (ClockStepped) event()       {}
func (NumbersSkipped) event()     {}
func (CounterOpened) event()      {}
func (CounterPaused) event()      {}
func (CounterClosed) event()      {}
func (TicketIssued) event()       {}
func (TicketCalled) event()       {}
func (TicketRecalled) event()     {}
func (ServiceStarted) event()     {}
func (TicketReturned) event()     {}
func (TicketParked) event()       {}
func (TicketTransferred) event()  {}
func (TicketReclassified) event() {}
func (TicketPassed) event()       {}
func (TicketClosed) event()       {}
func (CallUndone) event()         {}
func (StepUndone) event()         {}
func (SlipRequested) event()      {}
func (SlipPrinted) event()        {}
func (SlipSent) event()           {}
func (SlipFailed) event()         {}
func (SlipUnknown) event()        {}
