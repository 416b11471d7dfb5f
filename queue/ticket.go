// SPDX-License-Identifier: EUPL-1.2

package queue

import "time"

// Ticket is a citizen's place in the queue. Values reached through a [View] are
// shared and never change; a changed ticket is a new value.
type Ticket struct {
	ID       TicketID
	Number   string // as printed
	Series   SeriesID
	Ordinal  int
	Service  ServiceID
	Class    ClassID
	Channel  Channel
	Language string

	Issued time.Time
	Due    time.Time // from when the rule counts its wait
	Slot   time.Time // of an appointment, else zero
	Since  time.Time // issue or check-in, transfer or return: what the wait counts from

	Status  Status
	Counter CounterID // in whose hands it is, or was when it ended
	To      CounterID // the only counter that may call it; "" any that serves it
	Reason  string    // why it is parked or void

	Calls    int       // since it last waited
	CalledAt time.Time // first call since it last waited
	LastCall time.Time
	Started  time.Time // zero until the citizen stands at the counter
	Answered bool      // the citizen has come to a call
	Closed   time.Time // zero while alive
	End      End
	Returned bool // came back after a no-show
	Passed   int  // how often it has let one pass

	Slip Slip

	service, class int // places in the settings: the rule looks at thousands of tickets
}

// Alive reports whether the ticket has not ended.
func (t *Ticket) Alive() bool { return t.Status != Ended }

// AtCounter reports whether a counter has called the ticket and not let go of it.
func (t *Ticket) AtCounter() bool { return t.Status == Called || t.Status == Serving }

// Status is where a ticket stands.
type Status int

// The statuses. The zero value is not valid.
const (
	Waiting Status = iota + 1
	Called
	Serving
	Parked
	Ended
)

// String returns the status as pages and logs write it.
func (s Status) String() string {
	return [...]string{"none", "waiting", "called", "serving", "parked", "ended"}[s]
}

// End is how a ticket ended.
type End string

// The ends. The zero value is a ticket that is alive.
const (
	EndServed    End = "served"
	EndNoShow    End = "no_show"
	EndCancelled End = "cancelled"
	EndExpired   End = "expired" // the day ended
	EndVoid      End = "void"
)

// Channel is the way a ticket was asked for.
type Channel string

// The channels. The zero value stands for [ChannelAPI].
const (
	ChannelKiosk       Channel = "kiosk"
	ChannelCounter     Channel = "counter" // by staff
	ChannelAPI         Channel = "api"
	ChannelAppointment Channel = "appointment"
)

// Slip is what is known of a ticket's paper.
type Slip struct {
	Printer string // "" when no paper was asked for
	Attempt int    // of the newest paper, from 1
	Copy    bool   // the newest paper is marked as a copy
	Result  SlipResult
	// MayExist says that a paper is or may be out there: only marked copies from now on.
	MayExist bool
}

// SlipResult is what became of a paper.
type SlipResult string

// The results. The zero value is a slip that was never asked for.
const (
	SlipResultPending SlipResult = "pending"
	SlipResultPrinted SlipResult = "printed" // the printer confirmed
	SlipResultSent    SlipResult = "sent"    // the printer never answers
	SlipResultFailed  SlipResult = "failed"  // not a byte reached it
	SlipResultUnknown SlipResult = "unknown" // nobody knows
)

// CounterStatus is what a counter does now.
type CounterStatus struct {
	ID     CounterID
	State  CounterState
	Reason string    // of a pause
	Until  time.Time // expected end of a pause, zero if not known
	Since  time.Time // when State began; zero before the first
	Ticket TicketID  // in its hands, else 0
	Seen   Revision  // what a command on this counter must carry
}

// CounterState is whether a counter calls.
type CounterState int

// The counter states; the zero value is closed.
const (
	CounterIsClosed CounterState = iota
	CounterIsOpen
	CounterIsPaused
)

// String returns the state as pages and logs write it.
func (s CounterState) String() string { return [...]string{"closed", "open", "paused"}[s] }
