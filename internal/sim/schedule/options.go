// SPDX-License-Identifier: EUPL-1.2

package schedule

import (
	"context"
	"time"

	"github.com/avanti-queue/avanti/internal/sim/demand"
	"github.com/avanti-queue/avanti/queue"
)

// Options say what to run.
type Options struct {
	Settings queue.Settings // must be valid
	Model    demand.Model
	Seed     uint64
	Date     queue.Date // the first day
	Days     int        // calendar days; the office may be closed on some

	Habits Habits
	Faults Faults

	// Storage keeps the journal; nil is memory. [Run] neither reuses nor closes it.
	Storage Storage
	// Open makes the writer of a journal; nil is [queue.OpenWriter].
	Open func(ctx context.Context, j queue.Journal) (Writer, error)
	// Progress is told after each calendar day; nil tells nobody. The figures go on
	// changing after the call.
	Progress func(queue.Date, *Figures)
}

// Writer is what the schedules use of a [queue.Writer].
type Writer interface {
	Write(ctx context.Context, at time.Time, batch []queue.Request) ([]queue.Result, []queue.Record)
	View() *queue.View
}

// Storage is where a journal lives and where it can be cut off.
type Storage interface {
	// Open opens the journal with what is durable. It is called first and after each Crash.
	Open(ctx context.Context) (queue.Journal, error)
	// Crash ends the open journal as a loss of power does.
	Crash() error
}

// Habits are what people do besides coming, calling and serving. The zero value is
// people without habits. All are chances from 0 to 1.
type Habits struct {
	SkipStart  float64 // a clerk does not confirm that the citizen came
	NextEnds   float64 // a clerk ends a service by calling the next citizen
	Park       float64 // a citizen is sent to fill in a form
	Transfer   float64 // a citizen is sent on
	Return     float64 // a clerk puts a citizen back
	OutOfOrder float64 // a clerk calls a certain ticket instead of the next one
	Outcome    float64 // a finish carries an outcome
	ComeBack   float64 // a no-show comes back
	Cancel     float64 // a citizen cancels while waiting
	Reprint    float64 // a citizen without paper asks for one
}

// Usual returns the habits of an ordinary office.
func Usual() Habits {
	return Habits{
		SkipStart: .15, NextEnds: .3, Park: .01, Transfer: .02, Return: .004, OutOfOrder: .006,
		Outcome: .2, ComeBack: .3, Cancel: .01, Reprint: .7,
	}
}

// Faults are what goes wrong. The zero value is a world without faults.
type Faults struct {
	// Chances for each request, 0 to 1.
	Twice float64 // it is delivered once more: in the same commit, soon or much later
	Late  float64 // it is delivered after its sender has given up and tried again
	Stale float64 // it carries a revision of the past
	Full  float64 // the journal cannot take it

	// Chances for each slip, 0 to 1.
	SlipFails, SlipUnknown float64
	SlipSilent             float64 // it goes to a printer that never answers

	// Mean numbers a day.
	Crashes    float64 // half of them in the middle of a commit
	ClockSteps float64
	Changes    float64 // of the settings
	Meddling   float64 // a manager or a citizen gives a random command
	PaperOuts  float64

	// Chances for each day, 0 to 1.
	EarlyClose float64 // the day is closed with people in the hall, and opened again
	Abandon    float64 // the clerks go home and leave the hall full
}

// Rough returns faults as no office has seen them in one year.
func Rough() Faults {
	return Faults{
		Twice: .02, Late: .005, Stale: .01, Full: .004, SlipFails: .01, SlipUnknown: .01, SlipSilent: .005,
		Crashes: .8, ClockSteps: .6, Changes: 1, Meddling: 12, PaperOuts: .3, EarlyClose: .1, Abandon: .1,
	}
}
