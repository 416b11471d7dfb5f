// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"context"
	"iter"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// Office is the running office as pages and the API need it. A [queue.Engine] has
// all of it but the printers.
type Office interface {
	// Do asks for a command; see [queue.Engine.Do] for its answer.
	Do(ctx context.Context, by queue.Actor, c queue.Command) ([]queue.Record, error)
	// View returns the office after the newest commit. It never blocks.
	View() *queue.View
	// Follow yields every record behind after until ctx ends.
	Follow(ctx context.Context, after queue.Seq) iter.Seq2[queue.Record, error]
	// Now returns the office's time.
	Now() time.Time
	// PrinterReady returns nil if a slip would come out of the printer, as far as
	// is known, else why not. It never blocks.
	PrinterReady(printer string) error
}

// Printer is what staff see of a ticket printer.
type Printer struct {
	ID    string
	Ready bool     // a slip would come out now
	Needs []string // names of the warnings that stand for it
	Left  int      // mm of paper on the roll, if that is known
	Known bool
}

// Panel is what staff see of a number panel that is wired to the board.
type Panel struct {
	ID      string
	Counter string // its label
	Number  string // that it should show; "": none
	State   string // what is known of what it shows, such as confirmed or unverified; "": nothing yet
	Needs   string // name of the warning that stands for it; "": none
}

// Warning is something that staff should know of.
type Warning struct {
	Name     string    `json:"name" doc:"Kind of warning, for programs"`
	Subject  string    `json:"subject,omitempty" doc:"The printer, device or file that it is about"`
	Severity string    `json:"severity" doc:"notice, warning or critical"`
	Cause    string    `json:"cause" doc:"What was seen, for technicians"`
	Hint     string    `json:"hint,omitempty" doc:"What to do about it"`
	Since    time.Time `json:"since"`
}
