// SPDX-License-Identifier: EUPL-1.2

package firmware

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
)

const (
	step       = 10 * time.Second // between two looks
	lookAgain  = 5 * time.Minute  // between two looks at the directory
	offerFor   = 10 * time.Minute // within which a download must begin
	answerIn   = time.Minute      // after which an offer without an answer was lost
	finishedIn = 15 * time.Minute // after which a device that is at work never will be
	maxTries   = 3                // of one image on one device
)

// Device is what the roll-out must know of a device.
type Device struct {
	ID       string
	Kind     fwproto.Kind
	Hardware string
	Firmware string // its version text
	Online   bool   // there, and not at work on an update
}

// Options are what a [Rollout] is made of. All are required.
type Options struct {
	Dir   string
	Maker ed25519.PublicKey
	// Devices lists the devices as they are now.
	Devices func() []Device
	// Quiet reports whether devices may be away for a while: the office is closed.
	Quiet func() bool
	// Offer sends an offer; false: it did not go.
	Offer func(device string, o fwproto.Offer) bool
	// Trouble is told when the roll-out of an image stops, and with nil when nothing is
	// stopped any more.
	Trouble func(error)
	Log     *slog.Logger
}

// Rollout brings images to devices. Make it with [New].
type Rollout struct {
	o Options

	mu      sync.Mutex
	images  []Image
	looked  time.Time
	fault   string // of the directory
	trouble string
	tries   map[string]*try // by device

	giving sync.Mutex
	given  map[string][]byte // images that somebody has asked for since the directory was looked at, by path
}

// try is what became of the newest offer to a device.
type try struct {
	release fwproto.Release
	offer   uint32
	at      time.Time
	count   int            // offers of this release
	result  fwproto.Result // 0: no answer yet
	reason  fwproto.Reason
}

// ours is an image and the devices that it is for.
type ours struct {
	image Image
	fleet []Device
}

// New returns a roll-out that does nothing until [Rollout.Run].
func New(o Options) *Rollout {
	return &Rollout{o: o, tries: map[string]*try{}, given: map[string][]byte{}}
}

// Run offers images until ctx ends. The error is always nil.
func (r *Rollout) Run(ctx context.Context) error {
	tick := time.NewTicker(step)
	defer tick.Stop()
	for {
		r.advance(time.Now())
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Image returns the bytes behind the path of an offer, false if there are none. They are shared,
// however many ask for them, and must not be changed.
func (r *Rollout) Image(path string) ([]byte, bool) {
	r.mu.Lock()
	at := slices.IndexFunc(r.images, func(i Image) bool { return i.Path() == path })
	if at < 0 {
		r.mu.Unlock()
		return nil, false
	}
	image := r.images[at]
	r.mu.Unlock()
	r.giving.Lock()
	defer r.giving.Unlock()
	if data, ok := r.given[path]; ok {
		return data, true
	}
	data, err := image.Bytes()
	if err != nil {
		r.o.Log.Error("a firmware image cannot be given", slog.Any("error", err))
		return nil, false
	}
	r.given[path] = data
	return data, true
}

// Report takes what became of an offer; it may be one of a daemon before this.
func (r *Rollout) Report(device string, report fwproto.Report) {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := r.tries[device]
	switch {
	case t != nil && t.offer == report.Offer:
	case report.Tried == 0 || t != nil && report.Tried <= t.release:
		return // of an older offer, or of nothing that is known
	default:
		t = &try{release: report.Tried, offer: report.Offer, at: time.Now(), count: 1}
		r.tries[device] = t
	}
	if t.result != report.Result {
		r.o.Log.Info("firmware", slog.String("device", device), slog.String("release", t.release.String()),
			slog.String("result", report.Result.String()), slog.String("reason", report.Reason.String()))
	}
	t.result, t.reason = report.Result, report.Reason
}

// Progress tells how far the newest image is on a device: "", waiting, offered, or the
// name of a result.
func (r *Rollout) Progress(d Device) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	image, ok := r.imageFor(d)
	if !ok {
		return ""
	}
	t := r.tries[d.ID]
	if t != nil && t.release != image.Release {
		t = nil
	}
	has, _ := ParseRelease(d.Firmware)
	switch {
	case has >= image.Release && (t == nil || t.result == 0 || t.result == fwproto.Loading):
		return ""
	case t == nil:
		return "waiting"
	case t.result == 0:
		return "offered"
	}
	return t.result.String()
}

// imageFor is the newest image for a device. The lock is held.
func (r *Rollout) imageFor(d Device) (Image, bool) {
	var best Image
	for _, i := range r.images {
		if i.Kind == d.Kind && i.Hardware == d.Hardware && i.Release > best.Release {
			best = i
		}
	}
	return best, best.Release != 0
}

// advance makes the offers that are due.
func (r *Rollout) advance(now time.Time) {
	devices, quiet := r.o.Devices(), r.o.Quiet()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.look(now)
	trouble := r.fault
	for _, one := range r.groups(devices) {
		if why := r.rollOut(one, now, quiet); why != "" {
			trouble = why
		}
	}
	if trouble == r.trouble {
		return
	}
	r.trouble = trouble
	if trouble == "" {
		r.o.Trouble(nil)
	} else {
		r.o.Trouble(fmt.Errorf("firmware: %s", trouble))
	}
}

// look reads the directory from time to time.
func (r *Rollout) look(now time.Time) {
	if now.Sub(r.looked) < lookAgain {
		return
	}
	r.looked = now
	r.giving.Lock()
	clear(r.given)
	r.giving.Unlock()
	images, err := Shelf(r.o.Dir, r.o.Maker)
	r.images, r.fault = images, ""
	if err != nil {
		r.fault = err.Error()
	}
}

// groups brings images and devices together, in the order of the devices.
func (r *Rollout) groups(devices []Device) []ours {
	var out []ours
	for _, d := range devices {
		image, ok := r.imageFor(d)
		if !ok {
			continue
		}
		at := slices.IndexFunc(out, func(o ours) bool { return o.image.File == image.File })
		if at < 0 {
			at = len(out)
			out = append(out, ours{image: image})
		}
		out[at].fleet = append(out[at].fleet, d)
	}
	return out
}

// rollOut goes on with one image. It returns why it does not.
func (r *Rollout) rollOut(o ours, now time.Time, quiet bool) string {
	proved, busy := false, false
	for _, d := range o.fleet {
		has, _ := ParseRelease(d.Firmware)
		runs := d.Online && has == o.image.Release // a device on trial is not online
		proved = proved || runs
		t := r.of(d, o.image)
		if t == nil {
			continue
		}
		switch t.result {
		case fwproto.RolledBack, fwproto.Refused:
			if t.reason == fwproto.ReasonGroup {
				continue // it is for others
			}
			return fmt.Sprintf("release %s is %s by %s (%s): it is offered to nobody any more", o.image.Release, t.result, d.ID, t.reason)
		case fwproto.Failed:
			if t.count >= maxTries {
				return fmt.Sprintf("release %s has failed on %s (%s): it is offered to nobody any more", o.image.Release, d.ID, t.reason)
			}
		case fwproto.Confirmed:
		default:
			busy = busy || t.pending(d.Online, now) && !runs
		}
	}
	if !quiet || busy && !proved {
		return ""
	}
	for _, d := range o.fleet {
		if r.due(d, o.image, now) && r.offer(d, o.image, now) && !proved {
			return "" // one first
		}
	}
	return ""
}

// of is the try of this image on a device, nil if there was none.
func (r *Rollout) of(d Device, i Image) *try {
	if t := r.tries[d.ID]; t != nil && t.release == i.Release {
		return t
	}
	return nil
}

// pending reports whether a device may still be at work on an offer. One that has not answered and is
// not online may be on trial: its answer was lost.
func (t *try) pending(online bool, now time.Time) bool {
	switch t.result {
	case 0:
		return now.Sub(t.at) < answerIn || !online && now.Sub(t.at) < finishedIn
	case fwproto.Loading:
		return now.Sub(t.at) < finishedIn
	}
	return false
}

func (r *Rollout) due(d Device, i Image, now time.Time) bool {
	has, known := ParseRelease(d.Firmware)
	if !d.Online || !known || has >= i.Release || has < i.Least {
		return false
	}
	t := r.of(d, i)
	if t == nil {
		return true
	}
	lost := t.result == 0 || t.result == fwproto.Loading || t.result == fwproto.Failed
	return lost && !t.pending(d.Online, now) && t.count < maxTries
}

func (r *Rollout) offer(d Device, i Image, now time.Time) bool {
	t := r.of(d, i)
	if t == nil {
		t = &try{release: i.Release}
	}
	offer := fwproto.Offer{
		ID: max(1, rand.Uint32()), Manifest: i.Signed, Signature: i.Signature, Path: i.Path(), TTLms: uint32(offerFor.Milliseconds()),
	}
	if !r.o.Offer(d.ID, offer) {
		return false
	}
	r.tries[d.ID] = &try{release: i.Release, offer: offer.ID, at: now, count: t.count + 1}
	r.o.Log.Info("firmware offered", slog.String("device", d.ID), slog.String("release", i.Release.String()))
	return true
}
