// SPDX-License-Identifier: EUPL-1.2

package queue

import "time"

// Command is a wish that [State.Decide] grants or refuses. The set is closed.
//
//sumtype:decl
type Command interface{ command() }

// Actor is who wishes, and on which request. It stands in every record; ID is a
// device, a counter or a token's name, never a person's.
type Actor struct {
	Role    Role      `json:"role"`
	ID      string    `json:"id,omitzero"`
	Request RequestID `json:"request,omitzero"`
}

// Role is the kind of an actor.
type Role string

// The roles.
const (
	RoleSystem  Role = "system"  // the daemon itself
	RoleKiosk   Role = "kiosk"   // a ticket kiosk
	RoleCounter Role = "counter" // a clerk's page or box
	RoleManager Role = "manager"
	RolePrinter Role = "printer"
	RoleCitizen Role = "citizen" // the phone page
)

// The commands. Counter commands carry Seen, the revision that the clerk saw; if the
// counter has moved on, they are refused with [RefusedConflict] and nobody is called.
type (
	// ChangeSettings replaces the settings. Refused while a counter or a service that
	// would vanish is in use.
	ChangeSettings struct{ Settings Settings }

	// OpenDay opens the day that at lies in. Clock is what the wall clock says and
	// Built when the program was built: a clock before the newest record or the
	// build is not believed.
	OpenDay struct{ Clock, Built time.Time }
	// CloseDay ends the day: everybody who still waits is sent home as expired. It is
	// refused while a counter has a citizen, unless it is forced: then nobody closed
	// that counter, and its ticket expires too.
	CloseDay struct{ Force bool }
	// StepClock records that the wall clock was set forward by that much, so that no wait grows by it.
	StepClock struct{ By Millis }
	// SkipNumbers lets series go on from other numbers on the date that at lies in, whether or not
	// its day is open: after a restore, when others were printed than the journal knows. It
	// is refused where a series would go back.
	SkipNumbers struct{ Next map[SeriesID]int }

	// OpenCounter opens a counter, or ends its pause.
	OpenCounter struct {
		Counter CounterID
		Seen    Revision
	}
	// PauseCounter stops calls for a while. Until is the expected return, zero if not known.
	PauseCounter struct {
		Counter CounterID
		Reason  string
		Until   time.Time
		Seen    Revision
	}
	// CloseCounter closes a counter that has no citizen.
	CloseCounter struct {
		Counter CounterID
		Seen    Revision
	}

	// IssueTicket gives a number.
	IssueTicket struct {
		Service  ServiceID
		Class    ClassID // "": the first class
		Channel  Channel
		Language string    // "": the office's
		Slot     time.Time // of an appointment; zero: walk-in
		Printer  string    // that prints the slip; "": no paper
	}
	// CallNext calls the ticket that the rule names.
	CallNext struct {
		Counter CounterID
		Seen    Revision
	}
	// CallTicket calls a certain ticket, out of order, for a reason that is recorded.
	CallTicket struct {
		Counter CounterID
		Ticket  TicketID
		Reason  string
		Seen    Revision
	}
	// Recall calls the counter's ticket once more.
	Recall struct {
		Counter CounterID
		Seen    Revision
	}
	// Start says that the citizen has arrived at the counter.
	Start struct {
		Counter CounterID
		Seen    Revision
	}
	// Finish ends the service. Outcome is one of the settings' codes or "".
	Finish struct {
		Counter CounterID
		Outcome string
		Seen    Revision
	}
	// GiveUp gives up a called citizen who did not come.
	GiveUp struct {
		Counter CounterID
		Seen    Revision
	}
	// Return puts the counter's citizen back into the queue, at the old place.
	Return struct {
		Counter CounterID
		Seen    Revision
	}
	// Park sets the counter's citizen aside, for example to fill in a form.
	Park struct {
		Counter CounterID
		Reason  string
		Seen    Revision
	}
	// Transfer sends the counter's citizen on, to a service or to a certain counter.
	Transfer struct {
		Counter   CounterID
		Service   ServiceID // "": unchanged
		To        CounterID // "": any counter that serves it
		KeepPlace bool      // keep the place in time, else go last
		Seen      Revision
	}
	// Undo takes the counter's newest step back, for [UndoWithin]: a call, a finish, a no-show,
	// a return, a park or a transfer, with [Settings.FinishOnNext] a finish and a call at once.
	// It is refused with [RefusedTooLate] if anything has happened since. Nobody is told
	// that a number was called in vain: boards take it back, papers stay.
	Undo struct {
		Counter CounterID
		Seen    Revision
	}

	// Unpark brings a parked ticket back into the queue at its old place, or a
	// no-show within the time that the settings give, once.
	Unpark struct{ Ticket TicketID }
	// Cancel takes a ticket that is not being served out of the queue.
	Cancel struct{ Ticket TicketID }
	// LetPass lets the one directly behind a waiting walk-in go first, as often as the settings
	// allow: the two change places, and nobody else is touched.
	LetPass struct{ Ticket TicketID }
	// ChangeClass moves a ticket that is not being served to another class.
	ChangeClass struct {
		Ticket TicketID
		Class  ClassID
	}
	// Void withdraws a number that should not have been given. The reason is recorded.
	Void struct {
		Ticket TicketID
		Reason string
	}

	// ReportSlip says what became of a slip.
	ReportSlip struct {
		Ticket  TicketID
		Attempt int
		Result  SlipResult // not pending
		Level   string     // how sure: the printer's confirmation level
		Fault   string     // what went wrong, "" if nothing
	}
	// Reprint asks for one more paper. It is a marked copy unless every attempt so
	// far is known to have failed before the first byte.
	Reprint struct {
		Ticket  TicketID
		Printer string
	}
)

func (ChangeSettings) command() {}
func (OpenDay) command()        {}
func (CloseDay) command()       {}
func (StepClock) command()      {}
func (SkipNumbers) command()    {}
func (OpenCounter) command()    {}
func (PauseCounter) command()   {}
func (CloseCounter) command()   {}
func (IssueTicket) command()    {}
func (CallNext) command()       {}
func (CallTicket) command()     {}
func (Recall) command()         {}
func (Start) command()          {}
func (Finish) command()         {}
func (GiveUp) command()         {}
func (Return) command()         {}
func (Park) command()           {}
func (Transfer) command()       {}
func (Undo) command()           {}
func (Unpark) command()         {}
func (Cancel) command()         {}
func (LetPass) command()        {}
func (ChangeClass) command()    {}
func (Void) command()           {}
func (ReportSlip) command()     {}
func (Reprint) command()        {}
