// SPDX-License-Identifier: EUPL-1.2

package forecast_test

import (
	"testing"
	"time"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/forecast"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// clock is a time on the Monday of the tests, in Rome.
func clock(hour, minute int) time.Time {
	return queuetest.Monday().Add(time.Duration(hour-8)*time.Hour + time.Duration(minute)*time.Minute)
}

// TestPauses: a counter comes back when it is expected, by its clerk's word or the roster.
func TestPauses(t *testing.T) {
	h := alone(t)
	h.learn(50, "papers", time.Minute, 0)
	f := forecast.New(forecast.Options{Runs: 1000})
	h.at = clock(12, 0)
	h.do(queue.PauseCounter{Counter: "c2", Reason: "lunch", Until: clock(12, 45)})
	near(t, "wait until the end that is expected", h.forecast(f).Now("papers", "").P50, 45*time.Minute, 0)
	h.at = clock(12, 50)
	if w := h.forecast(f).Now("papers", ""); w.P10 == 0 || w.P50 > 10*time.Minute {
		t.Errorf("the clerk is five minutes late: %+v", w)
	}
	h.do(queue.OpenCounter{Counter: "c2"}, queue.PauseCounter{Counter: "c2", Reason: "coffee"})
	roster := forecast.Roster{{Counter: "c2", Breaks: []forecast.Break{{From: clock(12, 55), To: clock(13, 10)}}}}
	if w := h.forecast(f).Now("papers", ""); w.P10 < time.Minute || w.P90 < 20*time.Minute {
		t.Errorf("nobody knows until when: %+v", w)
	}
	w := f.Forecast(h.view(), h.at, h.learner, roster).Now("papers", "")
	near(t, "wait by the roster", w.P50, 20*time.Minute, 0)
	near(t, "wait by the roster if the clerk is as late as last time", w.P90, 25*time.Minute, 0)
}

// TestRoster: breaks and the end of shifts that are planned are kept.
func TestRoster(t *testing.T) {
	h := alone(t)
	h.learn(100, "papers", 4*time.Minute, 0)
	f := forecast.New(forecast.Options{Runs: 1000})
	h.at = clock(11, 55)
	h.issue("papers", "")
	h.do(queue.CallNext{Counter: "c2"}, queue.Start{Counter: "c2"})
	h.issue("papers", "")
	breaks := forecast.Roster{{Counter: "c2", Breaks: []forecast.Break{{From: clock(12, 0), To: clock(12, 30)}}}}
	w := f.Forecast(h.view(), h.at, h.learner, breaks).Now("papers", "")
	near(t, "wait of one who is called after the break", w.P50, 35*time.Minute, 0)
	near(t, "wait without a break", h.forecast(f).Now("papers", "").P50, 8*time.Minute, 0)
	ends := forecast.Roster{{Counter: "c2", To: clock(12, 1)}}
	if w := f.Forecast(h.view(), h.at, h.learner, ends).Now("papers", ""); w.Unknown != forecast.UnknownTooFar {
		t.Errorf("the only clerk goes home before: %+v", w)
	}
	h.do(queue.Finish{Counter: "c2"}, queue.CallNext{Counter: "c2"}, queue.Start{Counter: "c2"})
	h.at = clock(12, 5)
	h.do(queue.Finish{Counter: "c2"})
	h.issue("papers", "")
	h.do(queue.CallNext{Counter: "c2"}, queue.Start{Counter: "c2"})
	w = f.Forecast(h.view(), h.at, h.learner, breaks).Now("papers", "")
	near(t, "wait for a clerk who works on in the break", w.P50, 4*time.Minute, 0)
	h.do(queue.Finish{Counter: "c2"}, queue.CloseCounter{Counter: "c2"})
	if w := h.forecast(f).Now("papers", ""); w.Unknown != forecast.UnknownNobody {
		t.Errorf("the only clerk has gone home: %+v", w)
	}
}

// TestComesLater: a counter that has not been opened comes when the roster says so, or
// else as on the days before.
func TestComesLater(t *testing.T) {
	s := queuetest.Office(queue.PresetFIFO)
	h := newHall(t, s)
	f := forecast.New(forecast.Options{Runs: 1000})
	roster := forecast.Roster{{Counter: "c1", From: clock(9, 30)}}
	near(t, "wait by the roster", f.Forecast(h.view(), h.at, h.learner, roster).Now("papers", "").P90, 90*time.Minute, 0)
	for day := range 5 {
		at := clock(8, 0).Add(time.Duration(24*day) * time.Hour)
		if day > 0 {
			h.at = at
			h.do(queue.OpenDay{Clock: h.at})
		}
		h.at = at.Add(20 * time.Minute)
		h.do(queue.OpenCounter{Counter: "c1"})
		h.at = at.Add(2 * time.Hour)
		h.do(queue.PauseCounter{Counter: "c1", Reason: "coffee"})
		h.wait(15 * time.Minute)
		h.do(queue.OpenCounter{Counter: "c1"})
		h.at = at.Add(4 * time.Hour)
		h.do(queue.CloseCounter{Counter: "c1"})
		h.at = at.Add(10 * time.Hour)
		h.do(queue.CloseDay{})
	}
	saturday := clock(8, 0).Add(5 * 24 * time.Hour)
	h.at = saturday.Add(5 * time.Minute)
	h.do(queue.OpenDay{Clock: h.at})
	near(t, "wait as on the days before", h.forecast(f).Now("papers", "").P50, 15*time.Minute, 0)
	if w := h.forecast(f).Now("cards", ""); w.Unknown != forecast.UnknownNobody {
		t.Errorf("no counter for cards was ever open: %+v", w)
	}
	h.at = saturday.Add(25 * time.Minute)
	if w := h.forecast(f).Now("papers", ""); w.Unknown != forecast.UnknownNobody {
		t.Errorf("a clerk who is later than ever: %+v", w)
	}
	h.do(queue.OpenCounter{Counter: "c1"})
	h.at = saturday.Add(119 * time.Minute)
	h.issue("papers", "")
	h.do(queue.CallNext{Counter: "c1"})
	w := h.forecast(f).Now("papers", "")
	if w.P50 < 16*time.Minute { // a service longer than a minute runs into the coffee
		t.Errorf("coffee is not foreseen: %+v", w)
	}
	h.at = saturday.Add(239 * time.Minute)
	if w := h.forecast(f).Now("papers", ""); w.Known() {
		t.Errorf("that the clerk goes home is not foreseen: %+v", w)
	}
}

// TestToday: close to the end, not everybody is served.
func TestToday(t *testing.T) {
	h := alone(t)
	h.learn(40, "papers", 10*time.Minute, 0)
	h.do(queue.CloseDay{})
	h.at = clock(17, 0).Add(24 * time.Hour)
	h.do(queue.OpenDay{Clock: h.at}, queue.OpenCounter{Counter: "c2"})
	f := forecast.New(forecast.Options{})
	for range 7 {
		h.issue("papers", "")
	}
	now := h.forecast(f)
	var prospects []forecast.Prospect
	for _, w := range now.Waits() {
		prospects = append(prospects, w.Prospect())
	}
	if want := clock(18, 0).Add(24 * time.Hour); !now.Closing.Equal(want) {
		t.Errorf("closes at %v, want %v", now.Closing, want)
	}
	if prospects[0] != forecast.ProspectLikely || prospects[6] != forecast.ProspectUnlikely {
		t.Errorf("prospects %v", prospects)
	}
}

// TestRest: how many still wait at closing, those included who still come.
func TestRest(t *testing.T) {
	h := alone(t)
	f := forecast.New(forecast.Options{Runs: 400})
	for day := range 4 { // one comes each quarter of an hour and takes ten minutes
		h.at = clock(8, 0).Add(time.Duration(24*7*day) * time.Hour)
		if day > 0 {
			h.do(queue.OpenDay{Clock: h.at}, queue.OpenCounter{Counter: "c2"})
		}
		for range 39 {
			h.issue("papers", "")
			h.serve("c2", 10*time.Minute, 5*time.Minute)
		}
		if _, ok := f.Rest(h.view(), clock(19, 0).Add(time.Duration(24*7*day)*time.Hour), h.learner, nil); ok {
			t.Error("the rest of a day that is over")
		}
		h.do(queue.CloseDay{})
	}
	if _, ok := f.Rest(h.view(), h.at, h.learner, nil); ok {
		t.Error("the rest of a day that is closed")
	}
	h.at = clock(16, 0).Add(24 * 7 * 4 * time.Hour)
	h.do(queue.OpenDay{Clock: h.at}, queue.OpenCounter{Counter: "c2"})
	for range 20 {
		h.issue("papers", "")
	}
	rest, ok := f.Rest(h.view(), h.at, h.learner, nil)
	// 20 wait, fewer than 8 come, and 11 or 12 are called in two hours.
	if !ok || rest.Waiting < 9 || rest.Waiting > 16 || rest.Low > rest.Waiting || rest.High < rest.Waiting || rest.Low == rest.High {
		t.Errorf("%+v, %v", rest, ok)
	}
	if late := rest.Last.Sub(rest.Closing); late < 90*time.Minute || late > 4*time.Hour {
		t.Errorf("the last one is called at %v", rest.Last)
	}
	h.do(queue.CloseCounter{Counter: "c2"})
	if rest, ok := f.Rest(h.view(), h.at, h.learner, nil); !ok || rest.Waiting < 20 || !rest.Last.IsZero() {
		t.Errorf("nobody serves: %+v, %v", rest, ok)
	}
}

// TestArrivals: where somebody with priority may come, the others wait longer for it.
func TestArrivals(t *testing.T) {
	waits := func(class queue.ClassID) time.Duration {
		s := queuetest.Office(queue.PresetPriorityCapped)
		s.Counters = s.Counters[1:2]
		s.Rule.Cap = queue.MillisOf(6 * time.Hour)
		s.Series[0].Last = 999
		h := newHall(t, s)
		for day := range 4 {
			h.at = clock(8, 0).Add(time.Duration(24*day) * time.Hour)
			if day > 0 {
				h.do(queue.OpenDay{Clock: h.at})
			}
			h.do(queue.OpenCounter{Counter: "c2"})
			for range 60 { // one in ten minutes, each takes five
				h.issue("papers", class)
				h.serve("c2", 5*time.Minute, 0)
				h.wait(5 * time.Minute)
			}
			h.do(queue.CloseDay{})
		}
		h.at = clock(9, 0).Add(7 * 24 * time.Hour) // Monday again
		h.do(queue.OpenDay{Clock: h.at}, queue.OpenCounter{Counter: "c2"})
		for range 12 {
			h.issue("papers", "normal")
		}
		return h.forecast(forecast.New(forecast.Options{})).Now("papers", "normal").P50
	}
	normal, priority := waits("normal"), waits("priority")
	near(t, "wait behind twelve, each with half a minute of turnover", normal, 66*time.Minute, 3*time.Minute)
	if priority < normal*3/2 {
		t.Errorf("half of the time goes to those who overtake: %v, without them %v", priority, normal)
	}
}
