// SPDX-License-Identifier: EUPL-1.2

package device

import (
	"context"
	"io"
	"time"
)

// Result is what became of a paper.
type Result string

// The results of a job.
const (
	// ResultPrinted: the paper came out, as sure as the outcome's level says.
	ResultPrinted Result = "printed"
	// ResultFailed: the printer took no byte of the slip. It is safe to try again.
	ResultFailed Result = "failed"
	// ResultUnknown: the paper may have come out, may still come out, or not.
	ResultUnknown Result = "unknown"
	// ResultSent: all bytes were written to a printer that never answers.
	ResultSent Result = "sent"
)

// Level is how sure a printed paper is. A printer's profile has one level; an outcome bears
// it only if it was reached.
type Level string

// The levels, surest first.
const (
	LevelConfirmed Level = "A" // the printer named the job after its last dot
	LevelOrdered   Level = "B" // the printer worked off everything up to the cut and was well afterwards, or counted the cut
	LevelTimed     Level = "C" // the time that it takes has passed and the printer is well
	LevelNone      Level = "0" // nothing comes back from the printer
)

// Outcome is the end of one attempt at a paper.
type Outcome struct {
	Result Result
	Level  Level  // LevelNone unless Result is ResultPrinted
	Fault  *Fault // what went wrong, or what is wrong now; nil: nothing
	// Length is how many millimetres of paper it used, by the printer's own counter or else
	// estimated; 0: not known.
	Length int
}

// Printer makes slips. Its methods may be called from several goroutines.
type Printer interface {
	// Ready asks the printer how it is. Nil: a slip would come out now. Otherwise the error
	// is a *Fault. Nothing but status questions is written. It is bounded by ctx and by a
	// few seconds; a printer that is at work is waited for until ctx ends, which gives a
	// FaultBusy.
	Ready(ctx context.Context) error

	// Print makes one paper and waits, bounded, until its outcome is known or can no longer
	// be known. It never tries twice and never panics. Concurrent calls queue; one whose ctx
	// ends in the queue has failed with FaultBusy, one whose ctx ends after the first byte
	// is unknown.
	Print(ctx context.Context, j Job) Outcome
}

// Witness is a [Printer] that may still know of a paper whose end an earlier run of the program has
// not seen.
type Witness interface {
	Printer

	// Testify says what became of the paper of the job with that ID: ResultPrinted if the
	// printer proves it, else ResultUnknown. Evidence is what that job's Begin was told. It waits
	// until the printer has been heard for the first time or ctx ends.
	Testify(ctx context.Context, id, evidence string) Outcome
}

// Port is the line to a device: a serial port, a device file, or one end of a net.Pipe.
// A deadline that passes makes the call fail with os.ErrDeadlineExceeded and Write say how
// many bytes were taken. Close wakes blocked calls and throws away what was not yet sent.
type Port interface {
	io.ReadWriteCloser
	SetReadDeadline(t time.Time) error
	SetWriteDeadline(t time.Time) error
}
