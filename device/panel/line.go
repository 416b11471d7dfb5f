// SPDX-License-Identifier: EUPL-1.2

package panel

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/avanti-queue/avanti/device"
)

const (
	defaultRefresh = time.Second
	defaultHold    = 5 * time.Second
	openAgain      = 2 * time.Second
	putWithin      = 3 * time.Second
	leaveWithin    = 2 * time.Second
)

// Options say which panels hang on which line.
type Options struct {
	// Open opens the wire to the panels. It is called anew after each loss. Required.
	Open func(ctx context.Context) (Wire, error)
	// Panels are the faces, in the order in which the wire counts its panels. Required.
	Panels []Face
	// Refresh is the time between two writings of the same content, which heals what a
	// disturbance did to a panel; 0: a second.
	Refresh time.Duration
	// Hold is how long a panel shows what is not said again; 0: five seconds.
	Hold time.Duration
	// OnShown is told of each panel what is known of it whenever its state or revision changes. It
	// is called by Run, one call after another, and must not block. Nil: nobody is told.
	OnShown func(i int, s device.PanelShown)
}

// Line is a line with panels: the only one who writes to them. They show something while Run runs.
type Line struct {
	o    Options
	wake chan struct{}
	told []device.PanelShown // Run's

	mu       sync.Mutex
	schedule schedule
}

// New returns a line that waits for its Run. The error names the face that is wrong.
func New(o Options) (*Line, error) {
	if o.Refresh == 0 {
		o.Refresh = defaultRefresh
	}
	if o.Hold == 0 {
		o.Hold = defaultHold
	}
	if o.OnShown == nil {
		o.OnShown = func(int, device.PanelShown) {}
	}
	l := &Line{
		o: o, wake: make(chan struct{}, 1), told: make([]device.PanelShown, len(o.Panels)),
		schedule: schedule{refresh: o.Refresh, hold: o.Hold},
	}
	for i, f := range o.Panels {
		if err := f.validate(); err != nil {
			return nil, fmt.Errorf("panel %d of its line: %w", i+1, err)
		}
		l.schedule.panels = append(l.schedule.panels, slot{face: f})
	}
	return l, nil
}

// Panel returns panel i of the line, counted from 0.
func (l *Line) Panel(i int) device.Panel { return onePanel{l, i} }

type onePanel struct {
	line *Line
	i    int
}

// Show implements [device.Panel].
func (p onePanel) Show(c device.PanelContent) {
	l := p.line
	l.mu.Lock()
	l.schedule.want(p.i, c, time.Now())
	l.mu.Unlock()
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// Run writes to the panels until ctx ends, and then takes the contents off them. It returns nil
// once the wire is closed. It may be called once.
func (l *Line) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		err := l.serve(ctx)
		if err == nil {
			return nil
		}
		for i := range l.o.Panels {
			l.tell(i, device.PanelShown{State: device.PanelLost, Detail: err.Error()})
		}
		timer := time.NewTimer(openAgain)
		select {
		case <-ctx.Done():
		case <-timer.C:
		}
		timer.Stop()
	}
	return nil
}

// serve opens the wire and writes to it until it is lost, which the error describes, or until ctx
// ends.
func (l *Line) serve(ctx context.Context) (err error) {
	wire, err := l.o.Open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, wire.Close()) }()
	l.mu.Lock()
	l.schedule.lost(time.Now())
	l.mu.Unlock()
	for ctx.Err() == nil {
		l.mu.Lock()
		j, ok, wake := l.schedule.next(time.Now())
		l.mu.Unlock()
		if !ok {
			l.wait(ctx, time.Until(wake))
			continue
		}
		confirmed, err := l.put(ctx, wire, j)
		if err != nil && !errors.Is(err, ErrNoAnswer) {
			return err
		}
		l.mu.Lock()
		shown, news := l.schedule.done(j, confirmed, err, time.Now())
		l.mu.Unlock()
		if news {
			l.tell(j.panel, shown)
		}
	}
	return l.leave(ctx, wire)
}

// put does one writing to its end, even if ctx ends meanwhile: the next frame would meet the answer
// to a frame that nobody waits for.
func (l *Line) put(ctx context.Context, wire Wire, j job) (confirmed bool, err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), putWithin)
	defer cancel()
	return wire.Put(ctx, j.panel, j.text)
}

// leave takes the contents off the panels: nobody will vouch for them any more.
func (l *Line) leave(ctx context.Context, wire Wire) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaveWithin)
	defer cancel()
	for i, f := range l.o.Panels {
		err := ErrNoAnswer
		for try := 0; errors.Is(err, ErrNoAnswer) && try < tries; try++ {
			_, err = wire.Put(ctx, i, f.mark())
		}
		if err != nil && !errors.Is(err, ErrNoAnswer) {
			return fmt.Errorf("panels keep what they show: %w", err)
		}
	}
	return nil
}

func (l *Line) wait(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-l.wake:
	case <-timer.C:
	}
}

func (l *Line) tell(i int, s device.PanelShown) {
	if was := l.told[i]; was.State != s.State || was.Rev != s.Rev {
		l.told[i] = s
		l.o.OnShown(i, s)
	}
}
