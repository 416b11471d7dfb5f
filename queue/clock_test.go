// SPDX-License-Identifier: EUPL-1.2

package queue_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// pass lets time pass in a bubble.
func pass(d time.Duration) { <-time.After(d) }

// stepsOf returns the clock's steps that the journal holds.
func (d *desk) stepsOf() (steps []time.Duration) {
	d.t.Helper()
	for r, err := range d.journal.Records(d.t.Context(), 0) {
		if err != nil {
			d.t.Fatal(err)
		}
		if e, ok := r.Event.(queue.ClockStepped); ok {
			steps = append(steps, e.By.Duration())
		}
	}
	return steps
}

// calls calls at a counter and returns the wait that goes into the journal.
func (d *desk) calls(counter queue.CounterID) time.Duration {
	d.t.Helper()
	records := d.must(queue.CallNext{Counter: counter})
	called, ok := records[len(records)-1].Event.(queue.TicketCalled)
	if !ok {
		d.t.Fatalf("%v calls nobody", records)
	}
	return called.Wait.Duration()
}

// TestClockSteps: somebody sets the wall clock while citizens wait.
func TestClockSteps(t *testing.T) {
	for _, test := range []struct {
		name    string
		by      time.Duration
		told    []time.Duration // OnStep, for the two requests behind the step
		journal []time.Duration
		at      time.Time // of the call, ten minutes after the ticket
	}{
		{"forward", time.Hour, []time.Duration{time.Hour}, []time.Duration{time.Hour}, clock(9, 10)},
		{"forward by ten years", 87_660 * time.Hour, []time.Duration{87_660 * time.Hour}, []time.Duration{87_660 * time.Hour}, clock(8+87_660, 10)},
		{"back", -time.Hour, []time.Duration{-time.Hour, -time.Hour}, nil, clock(8, 10)},
		{"back by ten years", -87_660 * time.Hour, []time.Duration{-87_660 * time.Hour, -87_660 * time.Hour}, nil, clock(8, 10)},
		{"forward by three seconds", 3 * time.Second, []time.Duration{3 * time.Second}, []time.Duration{3 * time.Second}, clock(8, 10).Add(3 * time.Second)},
		{"back by three seconds", -3 * time.Second, []time.Duration{-3 * time.Second, -3 * time.Second}, nil, clock(8, 10)},
		{"forward a little, as time services do", 2 * time.Second, nil, nil, clock(8, 10).Add(2 * time.Second)},
		{"back a little", -2 * time.Second, nil, nil, clock(8, 10).Add(-2 * time.Second)},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := openDesk(t, office(func(s *queue.Settings) {
					s.Hours = fullWeek(queue.Span{To: 24 * 60})
				}))
				d.must(queue.OpenCounter{Counter: "c1"})
				d.must(queue.IssueTicket{Service: "papers"})
				pass(5 * time.Minute)
				d.clock.move(test.by)
				d.must(queue.IssueTicket{Service: "papers"})
				pass(5 * time.Minute)
				wait := d.calls("c1")
				slack := 10*time.Minute - wait
				if small := test.journal == nil && test.told == nil; slack.Abs() > 2*time.Second || !small && slack != 0 {
					t.Errorf("the wait of ten minutes is %v", wait)
				}
				if diff := cmp.Diff(test.told, d.steps); diff != "" {
					t.Errorf("OnStep (-want +got):\n%s", diff)
				}
				if diff := cmp.Diff(test.journal, d.stepsOf()); diff != "" {
					t.Errorf("journal (-want +got):\n%s", diff)
				}
				if at := d.View().At(); !at.Equal(test.at) {
					t.Errorf("the call is recorded at %v, want %v", at, test.at)
				}
				pass(time.Minute)
				finished := d.must(queue.Finish{Counter: "c1"})[0].Event.(queue.TicketClosed)
				if finished.Service != 60_000 {
					t.Errorf("the service of a minute took %v", finished.Service.Duration())
				}
			})
		})
	}
}

// TestClockStepsAtTheCounter: not the walk, not the time of a service, and not the
// patience with one who does not come.
func TestClockStepsAtTheCounter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, queuetest.Office(queue.PresetFIFO))
		d.must(queue.OpenCounter{Counter: "c1"})
		d.must(queue.OpenCounter{Counter: "c2"})
		for range 3 {
			d.must(queue.IssueTicket{Service: "papers"})
		}
		step := func() {
			d.clock.move(time.Hour)
			pass(10 * time.Second)
			d.must(queue.ChangeClass{Ticket: 7, Class: []queue.ClassID{"slow", "normal"}[len(d.steps)%2]})
		}
		d.calls("c1")
		d.calls("c2")
		d.must(queue.Recall{Counter: "c2"})
		step()
		d.refusedAs(queue.GiveUp{Counter: "c2"}, queue.RefusedTooEarly)
		pass(10 * time.Second)
		if e := d.must(queue.Start{Counter: "c1"})[0].Event.(queue.ServiceStarted); e.Walk != 20_000 {
			t.Errorf("the walk of 20 seconds took %v", e.Walk.Duration())
		}
		step()
		pass(10 * time.Second)
		if e := d.must(queue.Finish{Counter: "c1"})[0].Event.(queue.TicketClosed); e.Service != 20_000 {
			t.Errorf("the service of 20 seconds took %v", e.Service.Duration())
		}
		step()
		if e := d.must(queue.Finish{Counter: "c2"})[0].Event.(queue.TicketClosed); e.Service != 50_000 {
			t.Errorf("the service of 50 seconds took %v", e.Service.Duration())
		}
	})
}

// TestClockAgreesAgain: what was set back is set right.
func TestClockAgreesAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, queuetest.Office(queue.PresetFIFO))
		d.must(queue.IssueTicket{Service: "papers"})
		d.clock.move(-time.Hour)
		pass(time.Minute)
		d.must(queue.IssueTicket{Service: "papers"})
		d.clock.move(time.Hour)
		pass(time.Minute)
		d.must(queue.IssueTicket{Service: "papers"})
		pass(time.Minute)
		d.must(queue.IssueTicket{Service: "papers"})
		if diff := cmp.Diff([]time.Duration{-time.Hour, 0}, d.steps); diff != "" {
			t.Errorf("OnStep (-want +got):\n%s", diff)
		}
		if at := d.View().At(); !at.Equal(clock(8, 3)) || d.stepsOf() != nil {
			t.Errorf("at %v, steps %v", at, d.stepsOf())
		}
	})
}

// TestClockStepsOverAppointments: nobody who is here has waited for the time that the
// clock was moved by, with an appointment or without.
func TestClockStepsOverAppointments(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, office(func(s *queue.Settings) { s.Hours = fullWeek(queue.Span{To: 24 * 60}) }))
		d.must(queue.OpenCounter{Counter: "c1"})
		d.must(queue.IssueTicket{Service: "papers", Slot: clock(8, 5)})
		d.must(queue.IssueTicket{Service: "papers", Slot: clock(9, 0)})
		d.must(queue.IssueTicket{Service: "papers", Slot: clock(23, 0)})
		pass(5 * time.Minute)
		d.clock.move(12 * time.Hour)
		for _, want := range []time.Duration{5 * time.Minute, 0, 0} {
			if wait := d.calls("c1"); wait != want {
				t.Errorf("waited %v, want %v", wait, want)
			}
			d.must(queue.Finish{Counter: "c1"})
		}
	})
}

// TestClockStepsWhileTheDiskIsFull: the step is not lost with the commit that failed.
func TestClockStepsWhileTheDiskIsFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, queuetest.Office(queue.PresetFIFO))
		d.must(queue.OpenCounter{Counter: "c1"})
		d.must(queue.IssueTicket{Service: "papers"})
		pass(time.Minute)
		d.clock.move(time.Hour)
		d.journal.fail = errors.New("no space left on device")
		for range 2 {
			if _, err := d.ask(queue.CallNext{Counter: "c1"}); !errors.Is(err, d.journal.fail) {
				t.Fatal(err)
			}
			pass(time.Minute)
		}
		d.journal.fail = nil
		if wait := d.calls("c1"); wait != 3*time.Minute {
			t.Errorf("waited %v, want 3 minutes", wait)
		}
		if diff := cmp.Diff([]time.Duration{time.Hour}, d.stepsOf()); diff != "" {
			t.Errorf("journal (-want +got):\n%s", diff)
		}
	})
}

// TestClockLetsNoShowsBack: the time in which a no-show may come back does not run out
// by setting the clock.
func TestClockLetsNoShowsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, office(func(s *queue.Settings) { s.NoShow.Calls, s.NoShow.After = 1, 0 }))
		d.must(queue.OpenCounter{Counter: "c1"})
		d.must(queue.IssueTicket{Service: "papers"})
		d.calls("c1")
		d.must(queue.GiveUp{Counter: "c1"})
		d.clock.move(time.Hour)
		d.must(queue.IssueTicket{Service: "papers"})
		d.must(queue.Unpark{Ticket: 4})
	})
}

// TestClockWhileClosed: where nobody waits the clock is simply believed, unless it
// lies before the newest record.
func TestClockWhileClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, queuetest.Office(queue.PresetFIFO))
		d.must(queue.CloseDay{})
		d.clock.move(24 * time.Hour)
		d.must(queue.OpenDay{Clock: d.Now()})
		if date, _ := d.View().Day(); date != "2026-11-24" || d.steps != nil || d.stepsOf() != nil {
			t.Errorf("the day is %s, told %v, journal %v", date, d.steps, d.stepsOf())
		}
		d.must(queue.CloseDay{})
		d.clock.move(-48 * time.Hour)
		d.refusedAs(queue.OpenDay{Clock: d.Now()}, queue.RefusedClock)
		d.clock.move(48 * time.Hour)
		d.refusedAs(queue.OpenDay{Clock: d.Now(), Built: d.Now().Add(time.Second)}, queue.RefusedClock)
		d.must(queue.OpenDay{Clock: d.Now()})
		if date, _ := d.View().Day(); date != "2026-11-24" {
			t.Errorf("the day is %s", date)
		}
	})
}

// TestClockLostOverRestart: the board starts again with a clock of years ago; the
// office goes on where its journal ends.
func TestClockLostOverRestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, queuetest.Office(queue.PresetFIFO))
		d.must(queue.OpenCounter{Counter: "c1"})
		d.must(queue.IssueTicket{Service: "papers"})
		pass(time.Minute)
		d.must(queue.IssueTicket{Service: "papers"})
		d.stop()
		<-d.stopped
		d.clock.move(-20_000 * time.Hour)
		d.start()
		pass(time.Minute)
		if wait := d.calls("c1"); wait != 2*time.Minute {
			t.Errorf("waited %v, want 2 minutes", wait)
		}
		if at := d.View().At(); !at.Equal(clock(8, 2)) || len(d.steps) != 1 || d.steps[0] > -19_000*time.Hour {
			t.Errorf("recorded at %v, OnStep told %v", at, d.steps)
		}
		d.must(queue.Finish{Counter: "c1"})
		d.clock.move(20_000 * time.Hour) // the time service has answered
		pass(time.Minute)
		if wait := d.calls("c1"); wait != 2*time.Minute {
			t.Errorf("waited %v, want 2 minutes", wait)
		}
	})
}
