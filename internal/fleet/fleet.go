// SPDX-License-Identifier: EUPL-1.2

// Package fleet is the register of a hall's boxes and displays: who they are, by
// which password each proves it, and what was last heard of them.
//
// A device is known from the configuration, from a pairing, or from both. What it must
// prove is kept as a SHA-256 sum; passwords are 32 random bytes, so that there is nothing
// to guess. A pairing stands for as long as the configuration says of the device's
// password what it said at the pairing. A revocation does not end: the passwords that were
// in force are refused also when the configuration names them again, the newest 24 of an id.
// A device comes back by a pairing, or by a password in the configuration that is not among them.
package fleet

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/queue"
)

// keepEvery is how often what was heard is written down: flash wears out.
const keepEvery = 15 * time.Minute

// ErrUnknown is given for a device that does not exist, or not any more.
var ErrUnknown = errors.New("no such device")

// Kind is what a device is for.
type Kind string

// The kinds.
const (
	KindBox   Kind = "box"   // keys and a lamp at a counter
	KindPanel Kind = "panel" // a counter's number
	KindHall  Kind = "hall"  // the newest calls
)

// Sum is the SHA-256 sum of a password; zero: there is none.
type Sum = [sha256.Size]byte

// Identity is who a device is.
type Identity struct {
	ID       string
	Kind     Kind
	Counter  queue.CounterID // of a box or panel
	Password Sum
}

// Device is an identity and what is known of its bearer.
type Device struct {
	ID      string
	Kind    Kind
	Counter queue.CounterID
	Maker   string    // the name by which its maker knows the piece; "": it was not paired
	Paired  time.Time // zero: its password is the configuration's
	Revoked time.Time // zero: it may connect
	Armed   bool      // it has a password
	Heard
}

// Heard is what a device has said of itself. Counts begin when it was first heard.
type Heard struct {
	Presence   fwproto.Presence `json:"-"`             // 0: not heard since the daemon started
	Seen       time.Time        `json:"seen,omitzero"` // when it last said anything; zero: never
	Firmware   string           `json:"firmware,omitempty"`
	Hardware   string           `json:"hardware,omitempty"`
	Signal     int              `json:"signal,omitempty"`     // dBm, below zero; 0: it does not say
	Boots      int              `json:"boots,omitempty"`      // starts
	Reconnects int              `json:"reconnects,omitempty"` // connections but the first of each start
	Drops      int              `json:"drops,omitempty"`      // connections that were lost
	Boot       uint32           `json:"boot,omitempty"`       // of the newest birth
	Session    uint32           `json:"session,omitempty"`
	Shown      fwproto.Shown    `json:"-"` // what its display says that it shows
}

// Online reports whether the device has a connection.
func (h Heard) Online() bool { return h.Presence != 0 && h.Presence != fwproto.Lost }

// Memory keeps rows; see [store.Store].
type Memory interface {
	Fleet(ctx context.Context) ([]store.FleetRow, error)
	SetFleet(ctx context.Context, row store.FleetRow) error
}

// Options are what a [Register] is made of.
type Options struct {
	Configured []Identity
	Memory     Memory
	// Drop ends the connection of a device at once; nil: there is no way to do that.
	Drop func(id string)
	// Changed is told of every device that comes (back) or goes; nil: nobody is.
	Changed func(d Identity, member bool)
	Log     *slog.Logger // nil: nothing is logged
}

// Register knows the devices of one office. Its methods may be called from any
// goroutine.
type Register struct {
	o   Options
	log *slog.Logger

	changing sync.Mutex // held while an identity is changed, also while it is written
	mu       sync.RWMutex
	entries  map[string]*entry
}

// Open reads what is kept of the devices. The register then is what it was when it was
// last written, with the configuration's devices as they are now.
func Open(ctx context.Context, o Options) (*Register, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Drop == nil {
		o.Drop = func(string) {}
	}
	if o.Changed == nil {
		o.Changed = func(Identity, bool) {}
	}
	r := &Register{o: o, log: o.Log.With(slog.String("component", "fleet")), entries: map[string]*entry{}}
	rows, err := o.Memory.Fleet(ctx)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		e := &entry{row: row}
		if err := e.read(); err != nil {
			r.log.Warn("what was heard of a device cannot be read and begins anew", slog.String("device", row.ID), slog.Any("error", err))
		}
		r.entries[row.ID] = e
	}
	for _, c := range o.Configured {
		e := r.entries[c.ID]
		if e == nil {
			e = &entry{row: store.FleetRow{ID: c.ID}}
			r.entries[c.ID] = e
		}
		e.configured = &c
	}
	return r, nil
}

// Credentials gives the sum of a device's password, false for one that may not connect.
func (r *Register) Credentials(id string) (Sum, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	e, ok := r.entries[id]
	if !ok {
		return Sum{}, false
	}
	s := e.standing()
	if !s.member || s.Password == (Sum{}) {
		return Sum{}, false
	}
	return s.Password, true
}

// Knows reports whether there is, or was, a device with this id.
func (r *Register) Knows(id string) bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	_, ok := r.entries[id]
	return ok
}

// Members lists the devices that belong to the office, in the order of their ids; a
// device without a password is one, too.
func (r *Register) Members() []Identity {
	r.mu.RLock()
	defer r.mu.RUnlock()
	var out []Identity
	for _, e := range r.entries {
		if s := e.standing(); s.member {
			out = append(out, s.Identity)
		}
	}
	slices.SortFunc(out, func(a, b Identity) int { return strings.Compare(a.ID, b.ID) })
	return out
}

// Devices lists all devices, those that were revoked as well, in the order of their ids.
func (r *Register) Devices() []Device {
	r.mu.RLock()
	defer r.mu.RUnlock()
	out := make([]Device, 0, len(r.entries))
	for _, id := range slices.Sorted(maps.Keys(r.entries)) {
		e := r.entries[id]
		s := e.standing()
		if !s.member && s.revoked.IsZero() {
			continue // only something heard once, of a device that nobody names any more
		}
		out = append(out, Device{
			ID: id, Kind: s.Kind, Counter: s.Counter, Maker: s.maker, Paired: s.paired, Revoked: s.revoked,
			Armed: s.Password != (Sum{}), Heard: e.heard,
		})
	}
	return out
}

// Revoke takes a device its right to connect and ends its connection at once. It is
// durable when the call returns. By is who asked for it: an access, never a person.
func (r *Register) Revoke(ctx context.Context, by, id string) error {
	r.changing.Lock()
	defer r.changing.Unlock()
	r.mu.RLock()
	e, ok := r.entries[id]
	if !ok {
		e = &entry{}
	}
	now, row, heard := e.standing(), e.row, e.heard
	at := time.Now().UTC().Truncate(time.Millisecond)
	refused := e.refuse(at, e.configuredSum(), &now.Password)
	row.Configured, row.Revoked = e.configuredSum(), at
	r.mu.RUnlock()
	switch {
	case !now.revoked.IsZero():
		return nil // asked once more
	case !now.member:
		return fmt.Errorf("%w: %s", ErrUnknown, id)
	}
	if err := r.put(ctx, row, heard, refused); err != nil {
		return err
	}
	r.log.Info("device revoked", slog.String("device", id), slog.String("by", by))
	r.o.Drop(id)
	r.o.Changed(now.Identity, false)
	return nil
}

// Admit takes a device in, or gives another piece the place of one that was there. Kind
// and counter of a device that the configuration names are the configuration's. The
// former piece, if there is one, loses its connection.
func (r *Register) Admit(ctx context.Context, by, maker string, d Identity) error {
	if !fwproto.ValidID(d.ID) || d.Password == (Sum{}) {
		return fmt.Errorf("fleet: device %q has no valid id or no password", d.ID)
	}
	r.changing.Lock()
	defer r.changing.Unlock()
	r.mu.RLock()
	e := r.entries[d.ID]
	if e == nil {
		e = &entry{}
	}
	row := store.FleetRow{
		ID: d.ID, Kind: string(d.Kind), Counter: string(d.Counter), Maker: maker, Password: &d.Password,
		Configured: e.configuredSum(), Paired: time.Now().UTC().Truncate(time.Millisecond),
	}
	refused := e.refused
	r.mu.RUnlock()
	if err := r.put(ctx, row, Heard{}, refused); err != nil { // of another piece nothing was heard
		return err
	}
	r.log.Info("device paired", slog.String("device", d.ID), slog.String("maker", maker), slog.String("by", by))
	r.o.Drop(d.ID)
	r.mu.RLock()
	now := r.entries[d.ID].standing()
	r.mu.RUnlock()
	r.o.Changed(now.Identity, true)
	return nil
}

// put writes a row down, then takes it over.
func (r *Register) put(ctx context.Context, row store.FleetRow, heard Heard, refused []refusal) error {
	row.Heard = text(heard, refused)
	if err := r.o.Memory.SetFleet(ctx, row); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	e := r.entries[row.ID]
	if e == nil {
		e = &entry{}
		r.entries[row.ID] = e
	}
	if heard == (Heard{}) {
		e.heard = Heard{}
	}
	e.row, e.refused = row, refused
	return nil
}
