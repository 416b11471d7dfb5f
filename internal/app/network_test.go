// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/sim/wire"
	"github.com/avanti-queue/avanti/queue"
)

var (
	networkSeed  = flag.Uint64("network.seed", 1, "first seed of TestNetworkFaults")
	networkSeeds = flag.Uint64("network.seeds", 4, "how many seeds it has")
)

// TestNetworkFaults has boxes and panels on bad networks, and a bad one between the daemon and
// the broker: loss, delay, broken connections, messages sent again, cuts of up to two minutes, and
// in some runs a broker that is started anew every three seconds. No press calls twice or late
// (I5), and no display shows for longer than content lives what is no longer true (I8).
func TestNetworkFaults(t *testing.T) {
	seeds := badSeeds(t)
	for s := range *networkSeeds {
		seeds = append(seeds, *networkSeed+s)
	}
	var sum wire.Counters
	calls := 0
	for _, seed := range seeds {
		dir := t.TempDir()
		synctest.Test(t, func(t *testing.T) {
			n := newBadHall(t, dir, seed)
			n.run(10 * time.Minute)
			for _, network := range []*wire.Network{n.network, n.uplink} {
				c := network.Counters()
				sum.Connections += c.Connections
				sum.Lost += c.Lost
				sum.Broken += c.Broken
				sum.Held += c.Held
				sum.Late += c.Late
				sum.Again += c.Again
				sum.Replayed += c.Replayed
			}
			made := len(n.calls())
			calls += made
			n.stop()
			t.Logf("seed %d: %d calls, the latest %v after its press; displays up to %v behind; %s", seed, made, n.latest, n.stalest, n.plan)
			if t.Failed() {
				t.Logf("keep it: echo '%d what broke' >> testdata/seeds/network.txt", seed)
			}
		})
		checkJournal(t, dir)
	}
	t.Logf("%d calls, %+v", calls, sum)
	if calls == 0 || sum.Lost == 0 || sum.Broken == 0 || sum.Late == 0 || sum.Again == 0 || sum.Replayed == 0 {
		t.Error("one of the faults never came to pass")
	}
}

// TestNetworkFaultsApart has each of the faults alone, at its worst, while clerks call at boxes and at
// a page, and holds I5 and I8 after each.
func TestNetworkFaultsApart(t *testing.T) {
	faults := []struct {
		name            string
		devices, uplink wire.Options
		cut             func(*badHall) *wire.Network
		cutFor          time.Duration
		flaps           bool
		span            time.Duration
		came            func(h *badHall, devices, uplink wire.Counters) bool // to pass
	}{
		{name: "loss", span: 3 * time.Minute, devices: wire.Options{Loss: .3}, uplink: wire.Options{Loss: .1}, came: func(_ *badHall, d, u wire.Counters) bool { return d.Lost > 100 && u.Lost > 10 }},
		{
			name: "delay", span: 3 * time.Minute, devices: wire.Options{Delay: 400 * time.Millisecond, Jitter: 600 * time.Millisecond}, uplink: wire.Options{Delay: 200 * time.Millisecond, Jitter: 200 * time.Millisecond},
			came: func(h *badHall, _, _ wire.Counters) bool { return h.latest > 400*time.Millisecond },
		},
		{name: "reordering", span: 3 * time.Minute, devices: wire.Options{Again: .8, Break: .01}, came: func(_ *badHall, d, _ wire.Counters) bool { return d.Again > 20 && d.Replayed > 5 }},
		{name: "devices cut off for two minutes", span: 10 * time.Minute, cutFor: 2 * time.Minute, cut: func(h *badHall) *wire.Network { return h.network }, came: func(h *badHall, d, _ wire.Counters) bool { return h.longest == 2*time.Minute && d.Connections > 5 }},
		{ // so short that the connection outlives it, and what was held arrives
			name: "devices cut off for ten seconds", span: 6 * time.Minute, cutFor: 10 * time.Second, cut: func(h *badHall) *wire.Network { return h.network },
			came: func(_ *badHall, d, _ wire.Counters) bool { return d.Held > 0 && d.Late > 0 },
		},
		{name: "the daemon cut off for two minutes", span: 10 * time.Minute, cutFor: 2 * time.Minute, cut: func(h *badHall) *wire.Network { return h.uplink }, came: func(h *badHall, _, u wire.Counters) bool { return h.longest == 2*time.Minute && u.Connections > 1 }},
		{name: "a broker that starts every three seconds", span: 10 * time.Minute, flaps: true, came: func(h *badHall, _, _ wire.Counters) bool { return h.starts >= 190 }},
	}
	if raced {
		faults = faults[:1] // the detector itself has broken down with that many connections in a bubble
	}
	for _, c := range faults {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				const seed = 20261122
				h := &badHall{dice: rand.New(rand.NewPCG(seed, 13)), flaps: c.flaps, pages: true}
				if c.cut != nil {
					h.cuts = func() (*wire.Network, time.Duration) { return c.cut(h), c.cutFor }
				}
				c.devices.Seed, c.uplink.Seed = seed, seed+1
				h.open(t, dir, c.devices, c.uplink)
				h.run(c.span)
				devices, uplink, made := h.network.Counters(), h.uplink.Counters(), len(h.calls())
				h.stop()
				t.Logf("%d calls, the latest %v after its press; displays up to %v behind; cuts up to %v, %d starts of the broker; %+v, %+v",
					made, h.latest, h.stalest, h.longest, h.starts, devices, uplink)
				if made == 0 || !c.came(h, devices, uplink) {
					t.Error("nobody was called, or the fault never came to pass")
				}
			})
			checkJournal(t, dir)
		})
	}
}

// badSeeds reads the seeds that once broke an invariant.
func badSeeds(t *testing.T) (seeds []uint64) {
	t.Helper()
	file, err := os.ReadFile("../../testdata/seeds/network.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(file)) {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		var seed uint64
		if _, err := fmt.Sscan(line, &seed); err != nil {
			t.Fatalf("network.txt: %q: %v", line, err)
		}
		seeds = append(seeds, seed)
	}
	return seeds
}

const (
	// mayCallAfter is how late a press may call: its age limit, for its way is known (SPEC 5.1.4).
	mayCallAfter = maxPressAge
	// mayShowFor is how long a display may show what is no longer wanted: content lives five
	// seconds behind a heartbeat, the next one is a second later, and both are on their way.
	mayShowFor = 7 * time.Second
)

// badHall is the small office with faults between its parts.
type badHall struct {
	*wired
	dice  *rand.Rand
	plan  string
	flaps bool // the broker is started anew every three seconds
	// cuts says what is cut next, and for how long; nil: nothing is.
	cuts    func() (*wire.Network, time.Duration)
	pages   bool          // a clerk calls at a page, which no network of devices holds up
	longest time.Duration // cut so far
	starts  int           // of the broker
}

func newBadHall(t *testing.T, dir string, seed uint64) *badHall {
	t.Helper()
	h := &badHall{dice: rand.New(rand.NewPCG(seed, 11))}
	h.cuts = func() (cut *wire.Network, d time.Duration) {
		cut = []*wire.Network{h.network, h.network, h.uplink}[h.dice.IntN(3)]
		return cut, min(time.Duration(h.dice.ExpFloat64()*float64(20*time.Second)), 2*time.Minute)
	}
	devices, uplink := h.faults(seed), h.faults(seed+1)
	uplink.Again = 0 // firmware does that; the daemon's client, which forgets with each connection, does not
	h.flaps = h.dice.IntN(4) == 0
	if h.flaps { // that is fault enough, and a connection must fit between two starts
		devices.Loss, devices.Break, uplink = devices.Loss/4, 0, wire.Options{Seed: seed}
	}
	h.open(t, dir, devices, uplink)
	return h
}

func (h *badHall) open(t *testing.T, dir string, devices, uplink wire.Options) {
	t.Helper()
	h.plan = fmt.Sprintf("devices %+v, uplink %+v, flaps %t", devices, uplink, h.flaps)
	h.wired = newWired(t, dir, func(r *rig) { r.network, r.uplink = wire.New(devices), wire.New(uplink) })
	h.lateBy, h.staleBy = mayCallAfter, mayShowFor
}

func (h *badHall) faults(seed uint64) wire.Options {
	return wire.Options{
		Seed: seed, Delay: h.upTo(150 * time.Millisecond), Jitter: h.upTo(300*time.Millisecond) + 1, Each: h.upTo(150 * time.Millisecond),
		Loss: h.dice.Float64() * .2, Break: h.dice.Float64() * .01, Again: h.dice.Float64() * .5,
	}
}

func (h *badHall) upTo(d time.Duration) time.Duration { return time.Duration(h.dice.Int64N(int64(d))) }

// run has clerks who press and people who come, for so long, and then peace.
func (h *badHall) run(d time.Duration) {
	h.t.Helper()
	end := time.Now().Add(d)
	for _, counter := range []queue.CounterID{"c1", "c2"} {
		clerk := rand.New(rand.NewPCG(h.dice.Uint64(), 12))
		h.far.Go(func() {
			for time.Now().Before(end) {
				pass(time.Duration(500+clerk.IntN(6000)) * time.Millisecond)
				keys := []fwproto.Key{fwproto.KeyNext, fwproto.KeyNext, fwproto.KeyNext, fwproto.KeyRecall, fwproto.KeyStart, fwproto.KeyFinish}
				_, _ = h.press(counter, keys[clerk.IntN(len(keys))])
			}
		})
	}
	calm, mend, restart, paged := time.Now().Add(h.upTo(time.Minute)), time.Time{}, time.Now(), time.Now()
	var cut *wire.Network
	for time.Now().Before(end) {
		now := time.Now()
		for range max(0, 5-h.waiting()) {
			h.do(queue.IssueTicket{Service: "certificates"})
		}
		if h.pages && now.Sub(paged) > 4*time.Second {
			paged = now
			h.callAtPage("c1")
		}
		switch {
		case cut == nil && h.cuts != nil && now.After(calm):
			var d time.Duration
			cut, d = h.cuts()
			cut.Cut()
			mend, h.longest = now.Add(d), max(h.longest, d)
		case cut != nil && now.After(mend):
			cut.Mend()
			cut, calm = nil, now.Add(h.upTo(time.Minute))
		}
		if h.flaps && now.Sub(restart) >= 3*time.Second {
			restart = now
			h.starts++
			h.breakBroker()
			h.startBroker()
		}
		h.rest(100 * time.Millisecond)
	}
	if cut != nil {
		cut.Mend()
	}
	h.rest(2 * time.Minute)
	h.holds()
}

// callAtPage calls, unless somebody else has moved the counter on.
func (h *badHall) callAtPage(counter queue.CounterID) {
	h.t.Helper()
	status, _ := h.view().Counter(counter)
	_, err := h.app.Office().Do(h.t.Context(), queue.Actor{Role: queue.RoleManager, ID: "page"}, queue.CallNext{Counter: counter, Seen: status.Seen})
	if _, refused := errors.AsType[*queue.Refusal](err); err != nil && !refused {
		h.t.Error(err)
	}
}

func (h *badHall) waiting() (n int) {
	for range h.view().Waiting() {
		n++
	}
	return n
}
