// SPDX-License-Identifier: EUPL-1.2

package panel

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"sync"
	"time"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/mqttlink"
)

const (
	trialBeats  = 10
	trialWithin = 2 * time.Minute // online and ten heartbeats, a minute each
)

// Updating is a device with two places for its firmware, as SPEC 9 wants it. Its methods
// may be called from any goroutine.
type Updating struct {
	// Options are those of the device that runs; Boot, Firmware, Trial, Greeting,
	// Receive and Outgoing are set here.
	Options Options
	Release fwproto.Release // that runs at first
	Maker   ed25519.PublicKey
	Room    uint32
	// Fetch loads an image from the host's HTTP server.
	Fetch func(ctx context.Context, path string) ([]byte, error)
	// Broken tells that an image does not hear heartbeats; nil: all do.
	Broken func(image []byte) bool

	mu     sync.Mutex
	runs   fwproto.Release
	report fwproto.Report // the last one; zero: there is none
}

// Runs returns the release that runs.
func (u *Updating) Runs() fwproto.Release {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.runs
}

// Run works until ctx ends. The error is always nil.
func (u *Updating) Run(ctx context.Context) error {
	u.set(u.Release, fwproto.Report{})
	for ctx.Err() == nil {
		image, manifest, offer := u.work(ctx)
		if image == nil {
			continue
		}
		u.try(ctx, image, manifest, offer)
	}
	return nil
}

func (u *Updating) set(runs fwproto.Release, report fwproto.Report) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.runs, u.report = runs, report
}

// device makes the device as it is now. Offers that it gets come from the channel.
func (u *Updating) device(trial bool) (p *Panel, offers chan fwproto.Offer, out chan func() mqttlink.Message) {
	o := u.Options
	topics := fwproto.Topics{Office: o.Office}
	offers, out = make(chan fwproto.Offer, 1), make(chan func() mqttlink.Message)
	o.Firmware, o.Trial, o.Outgoing = u.Runs().String(), trial, out
	o.Greeting = u.greeting
	o.Receive = map[string]func([]byte){topics.DeviceCommand(o.ID): func(payload []byte) {
		if offer, err := fwproto.Decode[fwproto.Offer](payload); err == nil {
			select {
			case offers <- offer:
			default: // at work on one
			}
		}
	}}
	return New(o), offers, out
}

// greeting is the last report, for whoever was away (SPEC 9.8).
func (u *Updating) greeting() []mqttlink.Message {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.report.Offer == 0 {
		return nil
	}
	r := u.report
	r.Release = u.runs
	return []mqttlink.Message{keep(fwproto.Topics{Office: u.Options.Office}.DeviceResult(u.Options.ID), r)}
}

// tell publishes a report, and keeps it for later connections.
func (u *Updating) tell(ctx context.Context, out chan<- func() mqttlink.Message, r fwproto.Report) {
	r.Release = u.Runs()
	u.set(r.Release, r)
	topic := fwproto.Topics{Office: u.Options.Office}.DeviceResult(u.Options.ID)
	select {
	case out <- func() mqttlink.Message { return keep(topic, r) }:
	case <-ctx.Done():
	}
}

// work runs the device until it has an image that it is to try.
func (u *Updating) work(ctx context.Context) ([]byte, fwproto.Manifest, uint32) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	p, offers, out := u.device(false)
	var running sync.WaitGroup
	defer running.Wait()
	defer stop()
	running.Go(func() { _ = p.Run(ctx) })
	for {
		var offer fwproto.Offer
		select {
		case <-ctx.Done():
			return nil, fwproto.Manifest{}, 0
		case offer = <-offers:
		}
		running := fwproto.Running{Kind: p.opts.Kind, Hardware: u.Options.Hardware, Release: u.Runs(), Room: u.Room}
		m, reason := offer.Check(running, u.Maker)
		if reason != fwproto.NoReason {
			u.tell(ctx, out, fwproto.Report{Offer: offer.ID, Result: fwproto.Refused, Reason: reason, Tried: m.Release})
			continue
		}
		u.tell(ctx, out, fwproto.Report{Offer: offer.ID, Result: fwproto.Loading, Tried: m.Release})
		image, err := u.Fetch(ctx, offer.Path)
		sum := sha256.Sum256(image)
		switch {
		case err != nil || len(image) != int(m.Size):
			reason = fwproto.ReasonDownload
		case fwproto.Bytes(sum[:]) != m.SHA256:
			reason = fwproto.ReasonDigest
		default:
			return image, m, offer.ID
		}
		u.tell(ctx, out, fwproto.Report{Offer: offer.ID, Result: fwproto.Failed, Reason: reason, Tried: m.Release})
	}
}

// try starts the new image and waits until it has proved itself, or goes back.
func (u *Updating) try(ctx context.Context, image []byte, m fwproto.Manifest, offer uint32) {
	before := u.Runs()
	u.set(m.Release, fwproto.Report{})
	trial, stop := context.WithTimeout(ctx, trialWithin)
	defer stop()
	p, _, _ := u.device(true)
	var running sync.WaitGroup
	running.Go(func() { _ = p.Run(trial) })
	proved := false
	if u.Broken == nil || !u.Broken(image) {
		proved = p.beats(trial, trialBeats)
	}
	if !proved {
		<-trial.Done()
	}
	stop()
	running.Wait()
	switch {
	case proved:
		u.set(m.Release, fwproto.Report{Offer: offer, Result: fwproto.Confirmed, Tried: m.Release})
	case ctx.Err() == nil:
		u.set(before, fwproto.Report{Offer: offer, Result: fwproto.RolledBack, Reason: fwproto.ReasonHeartbeats, Tried: m.Release})
	default:
		u.set(before, fwproto.Report{})
	}
}

// beats waits until the panel has heard n heartbeats; false: the context ended before.
func (p *Panel) beats(ctx context.Context, n int) bool {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		p.mu.Lock()
		heard := p.pulses
		p.mu.Unlock()
		if heard >= n {
			return true
		}
		select {
		case <-ctx.Done():
			return false
		case <-tick.C:
		}
	}
}
