// SPDX-License-Identifier: EUPL-1.2

package panel

import (
	"time"

	"github.com/avanti-queue/avanti/device"
)

const (
	tries     = 3                     // before a panel is said to be silent
	tryAgain  = 20 * time.Millisecond // between them
	firstRest = time.Second           // and before the next ones, doubled each time
	lastRest  = 5 * time.Second
)

// schedule decides what is written next to which panel of a line. It has no clock. Each panel has
// one wanted content, the newest; what is due is always that one, or the mark if nobody has vouched
// for it in time.
type schedule struct {
	refresh time.Duration // between two writings of the same
	hold    time.Duration // how long a content holds that is not said again
	panels  []slot
}

type slot struct {
	face   Face
	wanted device.PanelContent
	until  time.Time // the content holds
	since  time.Time // when what is to be shown last changed

	due      time.Time // the next writing
	written  job       // what the newest writing without an error wrote
	tried    bool      // one with an error may have written something else since
	sure     bool      // there was one on this wire, and it is still what is wanted
	failures int       // in a row
}

// job is one writing.
type job struct {
	panel int
	text  string
	state device.PanelState // once it is written to a panel that never answers
	rev   uint64
	why   string // of PanelUnfit
}

// want takes the newest content of a panel.
func (s *schedule) want(i int, c device.PanelContent, at time.Time) {
	p := &s.panels[i]
	if c != p.wanted || !at.Before(p.until) {
		p.since, p.due, p.sure = at, at, false
	}
	p.wanted, p.until = c, at.Add(s.hold)
}

// lost says that nothing is known any more of what the panels show: the wire is new.
func (s *schedule) lost(at time.Time) {
	for i := range s.panels {
		p := &s.panels[i]
		p.since, p.due, p.sure, p.failures = at, at, false, 0
	}
}

// next returns the most urgent writing, or none and when there will be one if nothing else
// happens. What has changed goes before what is only refreshed, the oldest first.
func (s *schedule) next(at time.Time) (job, bool, time.Time) {
	best := -1
	wake := at.Add(s.refresh)
	for i := range s.panels {
		p := &s.panels[i]
		s.expire(p, at)
		if p.due.After(at) {
			wake = earlier(wake, p.due)
			if at.Before(p.until) {
				wake = earlier(wake, p.until)
			}
			continue
		}
		if best < 0 || p.before(&s.panels[best]) {
			best = i
		}
	}
	if best < 0 {
		return job{}, false, wake
	}
	return s.job(best, at), true, at
}

// expire makes a content that has ended due for the mark, also on a panel that shows it and cannot
// say so.
func (s *schedule) expire(p *slot, at time.Time) {
	if at.Before(p.until) {
		return
	}
	if p.sure && p.written.state != device.PanelExpired || p.tried {
		p.since, p.due, p.sure, p.tried = p.until, p.until, false, false
	}
}

// before reports whether a panel goes before another that is due as well. One that has failed waits
// its turn among the refreshed ones, lest panels that do not answer take the line from those that do.
func (p *slot) before(o *slot) bool {
	changed, other := !p.sure && p.failures == 0, !o.sure && o.failures == 0
	switch {
	case changed != other:
		return changed
	case changed:
		return p.since.Before(o.since)
	}
	return p.due.Before(o.due)
}

// job is what the panel is to show at a time.
func (s *schedule) job(i int, at time.Time) job {
	p := &s.panels[i]
	if !at.Before(p.until) {
		return job{panel: i, text: p.face.mark(), state: device.PanelExpired}
	}
	text, err := p.face.Fit(p.wanted.Number)
	if err != nil {
		return job{panel: i, text: p.face.mark(), state: device.PanelUnfit, rev: p.wanted.Rev, why: err.Error()}
	}
	return job{panel: i, text: text, state: device.PanelUnverified, rev: p.wanted.Rev}
}

// done takes how a writing went and returns what is known of the panel now, and whether that is
// worth telling.
func (s *schedule) done(j job, confirmed bool, failure error, at time.Time) (device.PanelShown, bool) {
	p := &s.panels[j.panel]
	if failure != nil {
		p.failures++
		p.tried = j.state != device.PanelExpired
		p.due = at.Add(pauseAfter(p.failures))
		return device.PanelShown{State: device.PanelSilent, Rev: j.rev, Detail: failure.Error()}, p.failures >= tries
	}
	p.failures, p.written, p.tried = 0, j, false
	if now := s.job(j.panel, at); now == j {
		p.sure, p.due = true, at.Add(s.refresh)
	}
	shown := device.PanelShown{State: j.state, Rev: j.rev, Detail: j.why}
	if confirmed && j.state == device.PanelUnverified {
		shown.State = device.PanelConfirmed
	}
	return shown, true
}

func pauseAfter(failures int) time.Duration {
	if failures < tries {
		return tryAgain
	}
	d := firstRest
	for range min(failures-tries, 8) {
		d = min(2*d, lastRest)
	}
	return d
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
