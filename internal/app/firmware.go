// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"crypto/ed25519"
	"path/filepath"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/firmware"
	"github.com/avanti-queue/avanti/internal/fleet"
	"github.com/avanti-queue/avanti/internal/health"
)

// openFirmware makes the roll-out of what lies in the data directory, if the
// configuration knows whose signature counts.
func (a *App) openFirmware() {
	key := a.options.Config.Firmware.Key
	if key == [ed25519.PublicKeySize]byte{} {
		return
	}
	d := a.devices
	d.rollout = firmware.New(firmware.Options{
		Dir: filepath.Join(a.options.Config.DataDir, "firmware"), Maker: key[:],
		Devices: d.updatable,
		Quiet:   func() bool { _, open := a.engine.View().Day(); return !open },
		Offer:   a.wire.link.Offer,
		Trouble: a.firmwareTrouble,
		Log:     a.log,
	})
}

func (a *App) firmwareTrouble(err error) {
	if err == nil {
		a.health.Clear("firmware_stopped", "")
		return
	}
	a.health.Raise(health.Warning{
		Name: "firmware_stopped", Severity: health.Notice, Cause: err.Error(),
		Hint: "the devices go on with what they have; take the image out of the data directory, or put a better one there",
	})
}

// report takes what a device says of an offer.
func (d *devices) report(id string, r fwproto.Report) {
	d.register.Event(id)
	if d.rollout != nil {
		d.rollout.Report(id, r)
	}
}

// image returns the image behind a path.
func (d *devices) image(path string) ([]byte, bool) {
	if d.rollout == nil {
		return nil, false
	}
	return d.rollout.Image(path)
}

// updatable lists the devices that may be offered firmware.
func (d *devices) updatable() []firmware.Device {
	var out []firmware.Device
	for _, x := range d.register.Devices() {
		if x.Revoked.IsZero() {
			out = append(out, updatable(x))
		}
	}
	return out
}

func updatable(x fleet.Device) firmware.Device {
	kind := fwproto.KindPanel
	if x.Kind == fleet.KindBox {
		kind = fwproto.KindBox
	}
	return firmware.Device{ID: x.ID, Kind: kind, Hardware: x.Hardware, Firmware: x.Firmware, Online: x.Presence == fwproto.Online}
}

// progress tells how far the newest image is on a device; "": there is none for it.
func (d *devices) progress(x fleet.Device) string {
	if d.rollout == nil || !x.Revoked.IsZero() {
		return ""
	}
	return d.rollout.Progress(updatable(x))
}
