// SPDX-License-Identifier: EUPL-1.2

package office

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/avanti-queue/avanti/device"
	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/health"
	"github.com/avanti-queue/avanti/queue"
)

// reaction is how soon after a change at the counter nobody can have pressed because of it. A box
// says which content its clerk saw; of a key on the board only the time is known.
const reaction = 300 * time.Millisecond

// key turns the presses of one wired key into commands, one after another.
type key struct {
	WiredKey
	board   *board
	log     *slog.Logger
	start   string // tells this run of the program from others
	count   int
	presses chan device.ButtonEvent
}

// KeyEvent takes what became known of a key on the board. It never blocks: a press that finds no
// place is lost.
func (f *Office) KeyEvent(id string, e device.ButtonEvent) {
	k, ok := f.board.keys[id]
	if !ok {
		return
	}
	switch e.Kind {
	case device.ButtonPressed, device.ButtonHeld:
		select {
		case k.presses <- e:
		default:
			k.board.metrics.press(k.ID, fwproto.Busy)
		}
	case device.ButtonWell, device.ButtonStuck, device.ButtonNoisy, device.ButtonLost:
		k.warn(e)
	}
}

func (k *key) run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case e := <-k.presses:
			k.answer(ctx, e)
		}
	}
}

// answer carries a press out, or lets the lamp say that it came to nothing.
func (k *key) answer(ctx context.Context, e device.ButtonEvent) {
	seen, status := k.board.begin(k.Counter, e.At)
	wish := k.Press
	if e.Kind == device.ButtonHeld {
		wish = k.Hold
	}
	command, known := commandOf(wish, k.Counter, seen)
	switch {
	case time.Since(e.At) > maxAge:
		status = fwproto.Stale
	case status != fwproto.OK:
	case !known:
		status = fwproto.Denied
	default:
		k.count++
		by := queue.Actor{
			Role: queue.RoleCounter, ID: k.ID,
			Request: queue.RequestID(fmt.Sprintf("key:%s:%s:%d", k.ID, k.start, k.count)),
		}
		_, err := k.board.engine.Do(ctx, by, command)
		outcome, final := statusOf(err)
		if status = outcome; !final {
			k.log.Error("press not carried out", slog.String("key", k.ID), slog.Any("error", err))
			status = fwproto.Busy
		}
	}
	k.board.metrics.press(k.ID, status)
	k.board.end(k.Counter, status)
}

// begin lights the lamp for a press and returns what its clerk can have seen, or that the counter
// moved on so shortly before that the press was meant for what was there until then.
func (b *board) begin(id queue.CounterID, pressed time.Time) (queue.Revision, fwproto.Status) {
	b.mu.Lock()
	d := b.desks[id]
	d.look(b.engine.View(), id, b.engine.Now(), time.Now())
	d.pending++
	seen, status := d.seen, fwproto.OK
	if pressed.Sub(d.changed) < reaction {
		status = fwproto.Conflict
	}
	b.mu.Unlock()
	b.show()
	return seen, status
}

func (b *board) end(id queue.CounterID, status fwproto.Status) {
	b.mu.Lock()
	d := b.desks[id]
	d.pending--
	if status != fwproto.OK {
		d.refused = time.Now()
	}
	b.mu.Unlock()
	b.show()
}

// warn raises the warning of the key's state and clears those of the others.
func (k *key) warn(e device.ButtonEvent) {
	w := health.Warning{Subject: k.ID, Severity: health.Degraded, Cause: e.Detail}
	switch e.Kind {
	case device.ButtonStuck:
		w.Name = "key_stuck"
		w.Hint = "look whether something lies on the key; until it comes up, call from the counter page"
	case device.ButtonNoisy:
		w.Name = "key_noisy"
		w.Hint = "the contact does not come to rest: check plug and cable, or replace the key"
	case device.ButtonLost:
		w.Name = "key_lost"
		w.Hint = "check the configured GPIO line and whether another program has it"
	}
	for _, name := range []string{"key_stuck", "key_noisy", "key_lost"} {
		if name != w.Name {
			k.board.health.Clear(name, k.ID)
		}
	}
	if w.Name != "" {
		k.board.health.Raise(w)
	}
}
