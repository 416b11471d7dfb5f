// SPDX-License-Identifier: EUPL-1.2

package office

import (
	"context"
	"fmt"
	"reflect"
	"sync"
	"time"

	"github.com/avanti-queue/avanti/display"
	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/health"
	"github.com/avanti-queue/avanti/queue"
)

const (
	hallRows = 6
	// confirmWithin is how long a display may take to say what it shows.
	confirmWithin = 2 * time.Second
	// sayAgainMost is how long at most a display that has not confirmed waits to be told again.
	sayAgainMost = time.Minute
	screenTick   = 500 * time.Millisecond
	// lateTick is how often is looked who waits too long by now.
	lateTick = 5 * time.Second
)

// screens tell every display and lamp what to show and watch that they do.
type screens struct {
	engine  *queue.Engine
	link    Link
	health  *health.Board
	arrows  map[string]map[queue.CounterID]display.Arrow
	showing sync.Mutex // held while contents are handed out, so that the newest comes last

	mu      sync.Mutex
	devices []Device // never changed in place
	wanted  map[string]want
	held    map[string]int // presses of a box that have not been answered yet
}

// want is what a display should show, and since when it has not said that it does.
type want struct {
	content fwproto.Set
	since   time.Time     // zero: confirmed
	again   time.Duration // when it is told again, from since on; 0: not yet once
	alarm   bool
}

func newScreens(o Options) *screens {
	return &screens{engine: o.Engine, link: o.Link, devices: o.Devices, health: o.Health, arrows: o.Arrows, wanted: map[string]want{}, held: map[string]int{}}
}

func (s *screens) run(ctx context.Context) error {
	watched := make(chan error, 1)
	ctx, stop := context.WithCancel(ctx)
	go func() { s.watch(ctx); watched <- nil }()
	defer func() { stop(); <-watched }()
	after := s.engine.View().Seq()
	s.show()
	for r, err := range s.engine.Follow(ctx, after) {
		if err != nil {
			return fmt.Errorf("displays: %w", err)
		}
		// The view may be ahead of the record: then later records bring nothing new.
		if r.Seq == s.engine.View().Seq() {
			s.show()
		}
	}
	return nil
}

// show wants the content of every display that has changed.
func (s *screens) show() { s.showThose(func(Device) bool { return true }) }

// hold keeps from a box what follows from its press until release: first it hears how the press
// ended (SPEC 5.2.1).
func (s *screens) hold(box string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held[box]++
}

func (s *screens) release(box string) {
	s.mu.Lock()
	if s.held[box]--; s.held[box] == 0 {
		delete(s.held, box)
	}
	s.mu.Unlock()
	s.showThose(func(d Device) bool { return d.ID == box })
}

func (s *screens) showThose(these func(Device) bool) {
	s.showing.Lock()
	defer s.showing.Unlock()
	v, now := s.engine.View(), time.Now()
	for _, d := range s.members() {
		if !these(d) {
			continue
		}
		content := s.content(d, v)
		s.mu.Lock()
		if s.held[d.ID] > 0 { // looked at behind the view: who is not held by now has its reply
			s.mu.Unlock()
			continue
		}
		was, ok := s.wanted[d.ID]
		if ok && d.Kind == KindBox {
			content = display.Rung(was.content, content, v.Seq())
		}
		changed := !ok || !reflect.DeepEqual(was.content, content)
		if changed {
			s.wanted[d.ID] = want{content: content, since: now, alarm: was.alarm}
		}
		s.mu.Unlock()
		if changed {
			s.link.Set(d.ID, content)
		}
	}
}

func (s *screens) content(d Device, v *queue.View) fwproto.Set {
	arrows := s.arrows[d.ID]
	switch d.Kind {
	case KindBox:
		set := display.Box(v, d.Counter)
		set.Late = uint32(display.Late(v, d.Counter, s.engine.Now()))
		return set
	case KindPanel:
		set := display.CounterPanel(v, d.Counter)
		if a, ok := arrows[d.Counter]; ok && len(set.Rows) > 0 {
			set.Arrows = string(a)
		}
		return set
	}
	set := display.HallPanel(v, hallRows)
	set.Arrows = display.HallArrows(v, hallRows, arrows)
	return set
}

// Shown takes what a display says that it shows. What a broker has kept of an earlier connection
// proves nothing.
func (f *Office) Shown(device string, shown fwproto.Shown) {
	if _, current := f.link.Transit(shown.Epoch, 0, 0); current {
		f.screens.confirm(device, shown)
	}
}

func (s *screens) confirm(device string, shown fwproto.Shown) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w, ok := s.wanted[device]
	if !ok || shown.Rev != w.content.Rev {
		return
	}
	dark := shown.Blank != fwproto.NotBlank && !w.content.Blank
	if dark || shown.Blank == fwproto.NotBlank && shown.CRC != w.content.CRC() {
		if w.since.IsZero() { // it has lost what it had confirmed
			s.wanted[device] = want{content: w.content, since: time.Now()}
		}
		return
	}
	if w.alarm {
		s.health.Clear("display_unconfirmed", device)
	}
	s.wanted[device] = want{content: w.content}
}

// watch raises an alarm for every display that does not confirm in time, and tells it again what
// to show: of two contents a broker may have delivered the older one last, or lost the newer one.
// Boxes have nothing to confirm but their lamp.
func (s *screens) watch(ctx context.Context) {
	tick := time.NewTicker(screenTick)
	defer tick.Stop()
	late := time.NewTicker(lateTick)
	defer late.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-late.C:
			s.show()
		case now := <-tick.C:
			s.check(now)
		}
	}
}

func (s *screens) check(now time.Time) {
	s.showing.Lock()
	defer s.showing.Unlock()
	for _, d := range s.members() {
		if d.Kind == KindBox {
			continue
		}
		if content, again := s.doubt(d.ID, now); again {
			s.link.Set(d.ID, content)
		}
	}
}

// doubt returns what a display is to be told again, false if it has confirmed or was told so
// shortly before.
func (s *screens) doubt(device string, now time.Time) (content fwproto.Set, again bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w, ok := s.wanted[device]
	waited := now.Sub(w.since)
	if !ok || w.since.IsZero() || waited < max(confirmWithin, w.again) {
		return fwproto.Set{}, false
	}
	if !w.alarm {
		s.health.Raise(health.Warning{
			Name: "display_unconfirmed", Subject: device, Severity: health.Notice,
			Cause: "display " + device + " has not confirmed what it should show",
			Hint:  "look at the display: is it on, and does it show the no-connection mark?",
		})
	}
	w.alarm, w.again = true, waited+min(waited, sayAgainMost)
	s.wanted[device] = w
	return w.content, true
}
