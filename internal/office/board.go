// SPDX-License-Identifier: EUPL-1.2

package office

import (
	"context"
	"crypto/rand"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/display"
	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/health"
	"github.com/avanti-queue/avanti/queue"
)

// Wired is what hangs on the board's own wires. Whoever opened it runs it, and tells the office by
// [Office.KeyEvent], [Office.PanelShown] and [Office.LampFault] what becomes of it.
type Wired struct {
	Keys   []WiredKey
	Lamps  []WiredLamp
	Panels []WiredPanel
}

// WiredKey is a key at a counter.
type WiredKey struct {
	ID      string
	Counter queue.CounterID
	Press   fwproto.Key // what a press wishes
	Hold    fwproto.Key // what a long press wishes; 0: there is none
}

// WiredLamp is a lamp at a counter.
type WiredLamp struct {
	ID      string
	Counter queue.CounterID
	Lamp    device.Lamp
}

// WiredPanel is a number panel at a counter.
type WiredPanel struct {
	ID      string
	Counter queue.CounterID
	Panel   device.Panel
}

const (
	refusedFor = time.Second     // that a lamp says that a press came to nothing
	rungFor    = 3 * time.Second // and that somebody has come to an empty queue
)

// board keeps what hangs on wires in step with the counters.
type board struct {
	engine  *queue.Engine
	health  *health.Board
	metrics *metrics
	keys    map[string]*key
	lamps   []WiredLamp

	mu     sync.Mutex
	desks  map[queue.CounterID]*desk
	panels []*numbers
}

// desk is a counter as those see it who have something wired there.
type desk struct {
	seen    queue.Revision
	changed time.Time   // when it was seen to move on, by the clock of the wall; zero: it was not looked at yet
	box     fwproto.Set // what a box there would be told
	rung    time.Time   // when a box would have sounded, last
	pending int         // presses that are being carried out
	refused time.Time   // when a press came to nothing, last
}

func newBoard(o Options, m *metrics) *board {
	b := &board{
		engine: o.Engine, health: o.Health, metrics: m, keys: map[string]*key{}, lamps: o.Wired.Lamps,
		desks: map[queue.CounterID]*desk{},
	}
	var start [4]byte
	rand.Read(start[:]) // never fails, by its contract
	for _, k := range o.Wired.Keys {
		b.keys[k.ID] = &key{
			WiredKey: k, board: b, log: o.Log, start: fmt.Sprintf("%x", start), presses: make(chan device.ButtonEvent, pressQueue),
		}
		b.desks[k.Counter] = &desk{}
	}
	for _, l := range b.lamps {
		b.desks[l.Counter] = &desk{}
	}
	for _, p := range o.Wired.Panels {
		b.panels = append(b.panels, &numbers{WiredPanel: p, health: o.Health, metrics: m})
	}
	return b
}

// run keeps in step until ctx ends, which gives nil, or the journal cannot be read.
func (b *board) run(ctx context.Context) error {
	if len(b.keys)+len(b.lamps)+len(b.panels) == 0 {
		return nil
	}
	b.show()
	g, ctx := errgroup.WithContext(ctx)
	for _, k := range b.keys {
		g.Go(func() error { return k.run(ctx) })
	}
	g.Go(func() error { return b.follow(ctx) })
	g.Go(func() error { return b.vouch(ctx) })
	return g.Wait()
}

// follow shows what has changed.
func (b *board) follow(ctx context.Context) error {
	for r, err := range b.engine.Follow(ctx, b.engine.View().Seq()) {
		if err != nil {
			return fmt.Errorf("the board's panels: %w", err)
		}
		if r.Seq == b.engine.View().Seq() {
			b.show()
		}
	}
	return nil
}

// vouch says again and again what is to be shown: a panel takes off what nobody vouches for.
func (b *board) vouch(ctx context.Context) error {
	tick := time.NewTicker(screenTick)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			b.show()
		}
	}
}

// show brings every panel and lamp what its counter has to say.
func (b *board) show() {
	b.mu.Lock()
	defer b.mu.Unlock()
	v, now := b.engine.View(), time.Now()
	for id, d := range b.desks {
		d.look(v, id, b.engine.Now(), now)
	}
	for _, p := range b.panels {
		p.want(contentOf(v, p.Counter), now)
	}
	for _, l := range b.lamps {
		l.Lamp.Show(b.desks[l.Counter].pattern(now))
	}
}

// contentOf returns what a panel with room for a number only shows of a counter.
func contentOf(v *queue.View, id queue.CounterID) device.PanelContent {
	set := display.CounterPanel(v, id)
	content := device.PanelContent{Rev: set.Rev}
	if len(set.Rows) > 0 && !set.Blank {
		content.Number = set.Rows[0].Number
	}
	return content
}

// look notes whether the counter has moved on and what there is to do. At is the office's time, now
// that of the wall.
func (d *desk) look(v *queue.View, id queue.CounterID, at, now time.Time) {
	first := d.changed.IsZero()
	if c, _ := v.Counter(id); first || c.Seen != d.seen {
		d.seen, d.changed = c.Seen, now
	}
	box := display.Box(v, id)
	box.Late = uint32(display.Late(v, id, at))
	if !first {
		if box = display.Rung(d.box, box, v.Seq()); box.Ring != d.box.Ring {
			d.rung = now
		}
	}
	d.box = box
}

// pattern is how a lamp says what a box would: lit where somebody waits for a free counter, slow
// while the one who was called has not come, brisk while somebody waits longer than they should and for
// a moment when somebody has come to an empty queue, fast while a press is being carried out and for a
// moment after one that came to nothing.
func (d *desk) pattern(now time.Time) device.LampPattern {
	switch {
	case d.pending > 0, now.Sub(d.refused) < refusedFor:
		return device.LampFast
	case d.box.Late > 0, d.box.Lamp == fwproto.LampOn && now.Sub(d.rung) < rungFor:
		return device.LampBrisk
	case d.box.Lamp == fwproto.LampBlink:
		return device.LampSlow
	case d.box.Lamp == fwproto.LampOn:
		return device.LampOn
	}
	return device.LampOff
}

// LampFault takes why a lamp on the board cannot be driven; nil: it can. It does not wait for anybody.
func (f *Office) LampFault(id string, fault error) {
	if fault == nil {
		f.board.health.Clear("lamp_lost", id)
		return
	}
	f.board.health.Raise(health.Warning{
		Name: "lamp_lost", Subject: id, Severity: health.Notice, Cause: fault.Error(),
		Hint: "check the configured GPIO line and whether another program has it",
	})
}
