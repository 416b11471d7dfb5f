// SPDX-License-Identifier: EUPL-1.2

package forecast_test

import (
	"testing"
	"time"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/forecast"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// alone returns an office with one counter for everything, which is open.
func alone(t *testing.T) *hall {
	s := queuetest.Office(queue.PresetFIFO)
	s.Counters = s.Counters[1:2]
	s.NoShow.Calls, s.NoShow.After = 1, 0
	s.Series[0].Last, s.Series[1].Last = 999, 99
	h := newHall(t, s)
	h.do(queue.OpenCounter{Counter: "c2"})
	return h
}

// learn lets so many be served in a time each, with the same rest in between, while
// others wait.
func (h *hall) learn(n int, service queue.ServiceID, long, rest time.Duration) {
	h.t.Helper()
	h.issue(service, "")
	for range n {
		h.issue(service, "")
		h.serve("c2", long, rest)
	}
	h.serve("c2", long, rest)
}

// second returns the wait of one who comes when another one is just being called.
func (h *hall) second(service queue.ServiceID) forecast.Wait {
	h.t.Helper()
	h.issue(service, "")
	h.do(queue.CallNext{Counter: "c2"})
	return h.forecast(forecast.New(forecast.Options{Runs: 1000})).Now(service, "")
}

func TestLearnsServiceTimesAndTurnover(t *testing.T) {
	h := alone(t)
	h.learn(100, "papers", 4*time.Minute, 30*time.Second)
	w := h.second("papers")
	near(t, "P50", w.P50, 4*time.Minute+30*time.Second, 0)
	if w.P90 > 7*time.Minute {
		t.Errorf("100 of 4 minutes are known, and P90 is %v", w.P90)
	}
}

// TestLearnsFromItsKin: what is known of a service's group serves until it is known itself.
func TestLearnsFromItsKin(t *testing.T) {
	h := alone(t)
	h.learn(100, "papers", 2*time.Minute, 0)
	near(t, "P50 of another service of the group", h.second("taxes").P50, 2*time.Minute, 0)
}

func TestBeginsWithPriors(t *testing.T) {
	h := alone(t)
	near(t, "P50 of a lognormal of 8 minutes and some turnover", h.second("papers").P50, 6*time.Minute+40*time.Second, 40*time.Second)
	h = alone(t)
	h.learner = forecast.NewLearner(forecast.Priors{Services: map[queue.ServiceID]time.Duration{"papers": time.Minute}})
	for _, r := range h.records {
		h.learner.Apply(r)
	}
	near(t, "P50 of a minute", h.second("papers").P50, 77*time.Second, 10*time.Second)
}

func TestLearnsNoShows(t *testing.T) {
	h := alone(t)
	h.learn(50, "papers", 10*time.Minute, 0)
	for range 50 {
		h.issue("papers", "")
		h.do(queue.CallNext{Counter: "c2"})
		h.wait(time.Minute)
		h.do(queue.GiveUp{Counter: "c2"})
	}
	h.issue("papers", "")
	h.do(queue.CallNext{Counter: "c2"}, queue.Start{Counter: "c2"})
	h.issue("papers", "")
	w := h.forecast(forecast.New(forecast.Options{Runs: 1000})).Now("papers", "")
	// One is there for ten minutes; the one who waits comes in half of the runs or a
	// little less often.
	if w.P10 < 9*time.Minute || w.P10 > 12*time.Minute || w.P90 < 19*time.Minute || w.P50 > 20*time.Minute {
		t.Errorf("P10 %v, P50 %v, P90 %v", w.P10, w.P50, w.P90)
	}
}

// TestWhoHasNotComeYet: the longer somebody who was called does not come, the likelier
// nobody will.
func TestWhoHasNotComeYet(t *testing.T) {
	h := alone(t)
	for i := range 60 {
		h.issue("papers", "")
		h.do(queue.CallNext{Counter: "c2"})
		if i%2 == 0 {
			h.wait(20 * time.Second)
			h.do(queue.Start{Counter: "c2"})
			h.wait(8 * time.Minute)
			h.do(queue.Finish{Counter: "c2"})
		} else {
			h.wait(time.Minute)
			h.do(queue.GiveUp{Counter: "c2"})
		}
	}
	h.issue("papers", "")
	h.do(queue.CallNext{Counter: "c2"})
	f := forecast.New(forecast.Options{Runs: 1000})
	if w := h.forecast(f).Now("papers", ""); w.P80 < 8*time.Minute || w.P10 > 2*time.Minute {
		t.Errorf("just called: %+v", w)
	}
	h.wait(50 * time.Second)
	if w := h.forecast(f).Now("papers", ""); w.P80 > 2*time.Minute {
		t.Errorf("called 50 seconds ago, and nobody is there: %+v", w)
	}
	h.do(queue.Start{Counter: "c2"})
	if w := h.forecast(f).Now("papers", ""); w.P10 < 7*time.Minute {
		t.Errorf("somebody is there: %+v", w)
	}
}

// TestConditionsOnElapsedTime: a service that has lasted ten minutes is one of the long ones.
func TestConditionsOnElapsedTime(t *testing.T) {
	h := alone(t)
	h.learn(150, "papers", 2*time.Minute, 0)
	h.do(queue.CloseDay{})
	h.at = queuetest.Monday().Add(24 * time.Hour)
	h.do(queue.OpenDay{Clock: h.at}, queue.OpenCounter{Counter: "c2"})
	h.learn(25, "papers", 20*time.Minute, 0)
	fresh := h.second("papers")
	near(t, "P50 of a service that has just begun", fresh.P50, 2*time.Minute, time.Minute)
	h.do(queue.Start{Counter: "c2"})
	h.wait(10 * time.Minute)
	f := forecast.New(forecast.Options{Runs: 1000})
	near(t, "P50 after ten minutes", h.forecast(f).Now("papers", "").P50, 10*time.Minute, time.Second)
	h.wait(30 * time.Minute)
	if w := h.forecast(f).Now("papers", ""); w.P50 < 30*time.Second || w.P50 > 15*time.Minute {
		t.Errorf("a service lasts longer than any before: P50 %v", w.P50)
	}
}

// TestParkedAndTransferredAreServices: whoever leaves a counter has kept it for a time.
func TestParkedAndTransferredAreServices(t *testing.T) {
	h := alone(t)
	for i := range 60 {
		h.issue("papers", "")
		h.do(queue.CallNext{Counter: "c2"})
		h.wait(3 * time.Minute)
		if i%2 == 0 {
			h.do(queue.Park{Counter: "c2", Reason: "form"})
			h.do(queue.Cancel{Ticket: h.parked()})
		} else {
			h.do(queue.Transfer{Counter: "c2", Service: "cards"})
			for x := range h.view().Waiting() {
				h.do(queue.Cancel{Ticket: x.ID})
			}
		}
	}
	near(t, "P50", h.second("papers").P50, 3*time.Minute, time.Minute)
}

func (h *hall) parked() queue.TicketID {
	for x := range h.view().Open() {
		if x.Status == queue.Parked {
			return x.ID
		}
	}
	return 0
}

// TestClockStep: when the clock is set, no service and no wait has lasted longer.
func TestClockStep(t *testing.T) {
	h := alone(t)
	h.learn(100, "papers", 4*time.Minute, 0)
	x := h.issue("papers", "")
	h.do(queue.CallNext{Counter: "c2"}, queue.Start{Counter: "c2"})
	h.issue("papers", "")
	f := forecast.New(forecast.Options{Runs: 500})
	before := h.forecast(f).Now("papers", "")
	h.learner.Promise(x.ID+99, h.at, before) // of a ticket that never is
	promised := h.issue("papers", "")
	h.learner.Promise(promised.ID, h.at, before)
	h.wait(3 * time.Hour)
	h.do(queue.StepClock{By: queue.MillisOf(3 * time.Hour)})
	after := h.forecast(f).Now("papers", "")
	near(t, "P50", after.P50, before.P50+4*time.Minute, 2*time.Minute) // one more waits
	h.do(queue.Finish{Counter: "c2"}, queue.CallNext{Counter: "c2"}, queue.Finish{Counter: "c2"}, queue.CallNext{Counter: "c2"})
	if len(h.due) != 1 || h.due[0].Ticket != promised.ID || h.due[0].Actual != 0 || h.due[0].Service != "papers" {
		t.Errorf("due: %+v", h.due)
	}
}

// TestTurnoverGoesOn: a clerk who has not called yet while people wait is about to, also
// when the clock was set.
func TestTurnoverGoesOn(t *testing.T) {
	h := alone(t)
	h.learn(60, "papers", time.Minute, 3*time.Minute)
	h.issue("papers", "")
	x := h.issue("papers", "")
	h.do(queue.CallNext{Counter: "c2"}, queue.Finish{Counter: "c2"})
	h.wait(2 * time.Minute)
	f := forecast.New(forecast.Options{Runs: 1000})
	near(t, "wait of the next", h.forecast(f).Ticket(x.ID).P50, time.Minute, 0)
	h.wait(time.Hour)
	h.do(queue.StepClock{By: queue.MillisOf(time.Hour)})
	near(t, "wait of the next", h.forecast(f).Ticket(x.ID).P50, time.Minute, 0)
}

// TestPromises: the first promise to a ticket comes due with its first call, once.
func TestPromises(t *testing.T) {
	h := alone(t)
	x := h.issue("papers", "")
	h.learner.Promise(x.ID, h.at, forecast.Wait{P50: time.Minute, P90: 2 * time.Minute})
	h.wait(time.Minute)
	h.learner.Promise(x.ID, h.at, forecast.Wait{P50: time.Hour, P90: time.Hour})
	h.learner.Promise(h.issue("papers", "").ID, h.at, forecast.Wait{Unknown: forecast.UnknownNobody})
	h.wait(4 * time.Minute)
	h.do(queue.CallNext{Counter: "c2"}, queue.Finish{Counter: "c2"}, queue.CallNext{Counter: "c2"})
	if len(h.due) != 1 {
		t.Fatalf("due: %+v", h.due)
	}
	if o := h.due[0]; o.Ticket != x.ID || o.Promise.P50 != time.Minute || o.Actual != 5*time.Minute || !o.At.Equal(x.Issued) {
		t.Errorf("due: %+v", o)
	}
	var score forecast.Score
	score.Add(h.due[0].Promise, h.due[0].Actual)
	score.Add(forecast.Wait{P10: time.Minute, P50: 30 * time.Minute, P90: time.Hour}, 24*time.Minute)
	if score.N != 2 || score.Hits != 2 || score.Above != 1 || score.Inside != 1 || score.MAE() != 5*time.Minute || score.MeanBias() != time.Minute {
		t.Errorf("score: %+v, MAE %v, bias %v", score, score.MAE(), score.MeanBias())
	}
	near(t, "RMSE", score.RMSE(), 5*time.Minute+6*time.Second, time.Second)
	near(t, "pinball", score.MeanPinball(), (27*6*time.Second+36*6*time.Second)/2, time.Second)
}
