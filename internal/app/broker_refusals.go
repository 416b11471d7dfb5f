// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/avanti-queue/avanti/internal/health"
)

const (
	// forgiveAfter is how long a device must have sent nothing wrong until its warning
	// goes; forgiveTick is how often that is looked at.
	forgiveAfter = 10 * time.Minute
	forgiveTick  = 30 * time.Second
)

// refusals names the devices that were refused: one warning for each, however often and
// for whatever it was refused, and one for all who are no device of this office.
type refusals struct {
	health *health.Board
	exists func(id string) bool

	mu       sync.Mutex
	standing map[string]*refused
}

// refused is one warning.
type refused struct {
	last    time.Time
	reasons []string
}

// note takes a refusal. The device is the one that it claims to be.
func (r *refusals) note(device, reason string) {
	if !r.exists(device) {
		device = ""
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.standing[device]
	if s == nil {
		s = &refused{}
		r.standing[device] = s
	}
	s.last = time.Now()
	if slices.Contains(s.reasons, reason) {
		return
	}
	s.reasons = append(s.reasons, reason)
	who := "somebody who is no device of this office"
	if device != "" {
		who = "what says that it is " + device
	}
	r.health.Raise(health.Warning{
		Name: "device_refused", Subject: device, Severity: health.Degraded,
		Cause: who + " was refused: " + strings.Join(s.reasons, ", "),
		Hint:  "check the device's id and password; if nobody knows it, look who is on the network",
	})
}

// run takes warnings back until ctx ends.
func (r *refusals) run(ctx context.Context) error {
	tick := time.NewTicker(forgiveTick)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case now := <-tick.C:
			r.forgive(now)
		}
	}
}

func (r *refusals) forgive(now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for device, s := range r.standing {
		if now.Sub(s.last) >= forgiveAfter {
			delete(r.standing, device)
			r.health.Clear("device_refused", device)
		}
	}
}
