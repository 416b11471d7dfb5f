// SPDX-License-Identifier: EUPL-1.2

package fleet

import (
	"context"
	"errors"
	"log/slog"
	"time"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/store"
)

// State takes a birth or a death. Both may be old news that a broker has kept: only
// what differs from the last one counts.
func (r *Register) State(id string, s fwproto.State) {
	r.hear(id, func(h *Heard) {
		if s.Status == fwproto.Lost {
			if h.Online() {
				h.Drops++
			}
			h.Presence = fwproto.Lost
			return
		}
		switch {
		case s.Boot != h.Boot:
			h.Boots++
			h.Shown = fwproto.Shown{}
			h.Signal = 0
		case s.Session != h.Session:
			h.Reconnects++
		}
		h.Presence, h.Boot, h.Session = s.Status, s.Boot, s.Session
		h.Firmware, h.Hardware = s.Firmware, s.Hardware
	})
}

// Shown takes what a display says that it shows.
func (r *Register) Shown(id string, s fwproto.Shown) { r.hear(id, func(h *Heard) { h.Shown = s }) }

// Telemetry takes how a device is.
func (r *Register) Telemetry(id string, t fwproto.Telemetry) {
	r.hear(id, func(h *Heard) { h.Signal = -int(t.Loss) })
}

// Event notes that a device has said something else.
func (r *Register) Event(id string) { r.hear(id, func(*Heard) {}) }

// hear changes what is known of a device. Who has no connection has said nothing now,
// whatever arrives in its name.
func (r *Register) hear(id string, change func(*Heard)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	e, ok := r.entries[id]
	if !ok {
		return
	}
	change(&e.heard)
	if e.heard.Online() {
		e.heard.Seen = time.Now().UTC().Truncate(time.Millisecond)
	}
	e.dirty = true
}

// Run writes down what was heard, from time to time and at the end, until ctx ends.
// The error is always nil: what is not written now is written later.
func (r *Register) Run(ctx context.Context) error {
	tick := time.NewTicker(keepEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return r.write(context.WithoutCancel(ctx))
		case <-tick.C:
			_ = r.write(ctx) // logged; the next tick tries again
		}
	}
}

func (r *Register) write(ctx context.Context) error {
	r.changing.Lock()
	defer r.changing.Unlock()
	for _, row := range r.take() {
		if err := r.o.Memory.SetFleet(ctx, row); err != nil {
			r.missed(row.ID)
			if !errors.Is(err, context.Canceled) {
				r.log.Warn("what was heard of a device cannot be kept", slog.String("device", row.ID), slog.Any("error", err))
			}
		}
	}
	return nil
}

// take returns the rows that have something new.
func (r *Register) take() []store.FleetRow {
	r.mu.Lock()
	defer r.mu.Unlock()
	var rows []store.FleetRow
	for _, e := range r.entries {
		if e.dirty {
			e.dirty = false
			e.row.Heard = text(e.heard, e.refused)
			rows = append(rows, e.row)
		}
	}
	return rows
}

func (r *Register) missed(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.entries[id].dirty = true
}
