// SPDX-License-Identifier: EUPL-1.2

package office

import (
	"time"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/internal/health"
	"github.com/avanti-queue/avanti/queue"
)

// numbers is a wired panel: what it should show and what is known of it. The board's lock guards it.
type numbers struct {
	WiredPanel
	health  *health.Board
	metrics *metrics

	wanted  device.PanelContent
	doubt   time.Time // since when it is not known to show what is wanted; zero: it does, as far as it can tell
	shown   device.PanelShown
	warning string // that stands; "": none
}

// want brings the panel what it is to show, changed or not.
func (p *numbers) want(c device.PanelContent, now time.Time) {
	if c != p.wanted || p.shown == (device.PanelShown{}) {
		p.wanted = c
		p.doubts(now)
	}
	p.Panel.Show(c)
	p.warn(now)
}

// told notes what is known of the panel. What hangs on a wire without a way back is on its way, and
// that is all that will ever be known.
func (p *numbers) told(s device.PanelShown, now time.Time) {
	if s.State != p.shown.State {
		p.metrics.panel(p.ID, s.State)
	}
	p.shown = s
	if (s.State == device.PanelConfirmed || s.State == device.PanelUnverified) && s.Rev == p.wanted.Rev {
		p.doubt = time.Time{}
	} else {
		p.doubts(now)
	}
	p.warn(now)
}

func (p *numbers) doubts(now time.Time) {
	if p.doubt.IsZero() {
		p.doubt = now
	}
}

// warn raises the warning that the panel deserves and clears the one that it had.
func (p *numbers) warn(now time.Time) {
	w := health.Warning{Subject: p.ID, Severity: health.Degraded, Cause: p.shown.Detail}
	switch {
	case p.doubt.IsZero():
	case p.shown.State == device.PanelLost:
		w.Name = "panel_lost"
		w.Hint = "check the cable, the adapter and the configured path; what the panel shows is not known"
	case p.shown.State == device.PanelUnfit && p.shown.Rev == p.wanted.Rev:
		w.Name = "panel_unfit"
		w.Hint = "the number does not fit on the panel as it is printed: look at the series, or set drop_prefix"
	case now.Sub(p.doubt) >= confirmWithin:
		w.Name = "panel_unconfirmed"
		w.Hint = "look at the panel: is it on, and does it show the number of its counter?"
		if w.Cause == "" {
			w.Cause = "the panel has not taken what it should show"
		}
	}
	if p.warning != "" && p.warning != w.Name {
		p.health.Clear(p.warning, p.ID)
	}
	if p.warning = w.Name; w.Name != "" {
		p.health.Raise(w)
	}
}

// PanelShown takes what is known of what a panel on the board shows. It does not wait for anybody.
func (f *Office) PanelShown(id string, s device.PanelShown) {
	b := f.board
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, p := range b.panels {
		if p.ID == id {
			p.told(s, time.Now())
		}
	}
}

// PanelState is what the staff see of a panel on the board.
type PanelState struct {
	ID      string
	Counter queue.CounterID
	Wanted  string            // the number that it should show; "": none
	State   device.PanelState // of the panel with that number; "": nothing is known yet
	Warning string            // name of the warning that stands for it; "": none
}

// PanelStates returns what is known of the panels on the board, in the order of the options.
func (f *Office) PanelStates() []PanelState {
	b := f.board
	b.mu.Lock()
	defer b.mu.Unlock()
	out := make([]PanelState, len(b.panels))
	for i, p := range b.panels {
		out[i] = PanelState{ID: p.ID, Counter: p.Counter, Wanted: p.wanted.Number, State: p.state(), Warning: p.warning}
	}
	return out
}

// state returns what is known of the panel with the content that it should show: what was heard of the
// one before says nothing any more.
func (p *numbers) state() device.PanelState {
	switch p.shown.State {
	case device.PanelConfirmed, device.PanelUnverified, device.PanelUnfit:
		if p.shown.Rev != p.wanted.Rev {
			return ""
		}
	case device.PanelExpired, device.PanelSilent, device.PanelLost:
	}
	return p.shown.State
}
