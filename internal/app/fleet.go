// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"fmt"
	"iter"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/firmware"
	"github.com/avanti-queue/avanti/internal/fleet"
	"github.com/avanti-queue/avanti/internal/office"
	"github.com/avanti-queue/avanti/internal/web"
)

// devices are the boxes and displays of the hall as everybody else sees them: the
// register, the desk where new ones come in, and the trace of what they say.
type devices struct {
	register *fleet.Register
	desk     *fleet.Desk // nil: the broker is elsewhere and has a list of its own
	tracer   fleet.Tracer
	rollout  *firmware.Rollout // nil: no maker is known
	office   *office.Office    // set before anything runs
}

// openDevices reads the register.
func (a *App) openDevices(ctx context.Context) (*devices, error) {
	d := &devices{}
	var configured []fleet.Identity
	for _, c := range a.options.Config.Devices {
		configured = append(configured, fleet.Identity{ID: c.ID, Kind: fleet.Kind(c.Kind), Counter: c.Counter, Password: c.Password})
	}
	var err error
	d.register, err = fleet.Open(ctx, fleet.Options{
		Configured: configured, Memory: a.store, Log: a.log, Changed: d.changed,
		Drop: func(id string) { a.wire.post.drop(id) },
	})
	return d, err
}

// members are the devices that the office works with when it begins.
func (d *devices) members() []office.Device {
	var out []office.Device
	for _, m := range d.register.Members() {
		out = append(out, member(m))
	}
	return out
}

func member(m fleet.Identity) office.Device {
	return office.Device{ID: m.ID, Kind: office.Kind(m.Kind), Counter: m.Counter}
}

func (d *devices) changed(who fleet.Identity, isMember bool) {
	if isMember {
		d.office.Join(member(who))
	} else {
		d.office.Leave(who.ID)
	}
}

func (d *devices) event(id string, payload []byte) {
	d.register.Event(id)
	d.office.Event(id, payload)
}

func (d *devices) shown(id string, s fwproto.Shown) {
	d.register.Shown(id, s)
	d.office.Shown(id, s)
}

// Devices implements [web.Fleet].
func (d *devices) Devices() []web.Device {
	var out []web.Device
	for _, x := range d.register.Devices() {
		shows, screen := d.screen(x)
		out = append(out, web.Device{
			ID: x.ID, Kind: string(x.Kind), Counter: x.Counter, State: stateOf(x), Seen: x.Seen, Firmware: x.Firmware, Hardware: x.Hardware,
			Signal: x.Signal, Boots: x.Boots, Reconnects: x.Reconnects, Drops: x.Drops, Piece: x.Maker, Paired: x.Paired, Revoked: x.Revoked,
			Shows: shows, Screen: screen, Update: d.progress(x),
		})
	}
	return out
}

func stateOf(d fleet.Device) web.DeviceState {
	switch {
	case !d.Revoked.IsZero():
		return web.DeviceRevoked
	case d.Presence == fwproto.Online:
		return web.DeviceOnline
	case d.Presence == fwproto.Asleep:
		return web.DeviceAsleep
	case d.Presence == fwproto.Updating:
		return web.DeviceUpdating
	case d.Presence == fwproto.Lost:
		return web.DeviceLost
	case !d.Armed:
		return web.DeviceUnpaired
	}
	return web.DeviceUnheard
}

// screen tells what a display should show, and what is known of that.
func (d *devices) screen(x fleet.Device) (rows []string, state web.ScreenState) {
	if x.Kind == fleet.KindBox || !x.Revoked.IsZero() {
		return nil, ""
	}
	s, ok := d.office.Screen(x.ID)
	if !ok {
		return nil, ""
	}
	for _, r := range s.Wanted.Rows {
		rows = append(rows, fmt.Sprintf("%s → %s", r.Number, r.Desk))
	}
	switch {
	case !x.Online():
		return rows, web.ScreenUnverified
	case x.Shown.Blank != fwproto.NotBlank && !s.Wanted.Blank:
		return rows, web.ScreenBlank
	case s.Confirmed:
		return rows, web.ScreenConfirmed
	}
	return rows, web.ScreenUnconfirmed
}

// Revoke implements [web.Fleet].
func (d *devices) Revoke(ctx context.Context, by, id string) error {
	return d.register.Revoke(ctx, by, id)
}

// Pairing implements [web.Fleet].
func (d *devices) Pairing() fleet.Pairing {
	if d.desk == nil {
		return fleet.Pairing{Stage: fleet.StageClosed}
	}
	return d.desk.Pairing()
}

// OpenPairing implements [web.Fleet].
func (d *devices) OpenPairing(by, code string) error {
	if d.desk == nil {
		return fleet.ErrElsewhere
	}
	return d.desk.Open(by, code)
}

// ConfirmPairing implements [web.Fleet].
func (d *devices) ConfirmPairing(ctx context.Context, by, number string, who fleet.Identity) error {
	if d.desk == nil {
		return fleet.ErrElsewhere
	}
	return d.desk.Confirm(ctx, by, number, who)
}

// CancelPairing implements [web.Fleet].
func (d *devices) CancelPairing() error {
	if d.desk == nil {
		return fleet.ErrElsewhere
	}
	return d.desk.Cancel()
}

// Watch implements [web.Fleet].
func (d *devices) Watch(ctx context.Context) iter.Seq[fleet.Passed] { return d.tracer.Watch(ctx) }
