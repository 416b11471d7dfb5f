// SPDX-License-Identifier: EUPL-1.2

package fleet_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/fleet"
	"github.com/avanti-queue/avanti/internal/store"
)

func sum(b byte) fleet.Sum { return fleet.Sum{b} }

func box(id string, password byte) fleet.Identity {
	return fleet.Identity{ID: id, Kind: fleet.KindBox, Counter: "c1", Password: sum(password)}
}

// told is what the register told others.
type told struct{ dropped, changed []string }

func open(t *testing.T, dir string, configured ...fleet.Identity) (*fleet.Register, *told) {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return openOn(t, s, configured...)
}

func openOn(t *testing.T, s fleet.Memory, configured ...fleet.Identity) (*fleet.Register, *told) {
	t.Helper()
	var w told
	r, err := fleet.Open(t.Context(), fleet.Options{
		Configured: configured, Memory: s,
		Drop: func(id string) { w.dropped = append(w.dropped, id) },
		Changed: func(d fleet.Identity, member bool) {
			sign := "-"
			if member {
				sign = "+"
			}
			w.changed = append(w.changed, sign+d.ID)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return r, &w
}

func (w *told) want(t *testing.T, dropped, changed string) {
	t.Helper()
	if d := cmp.Diff([][]string{{dropped}, {changed}}, [][]string{w.dropped, w.changed}); d != "" {
		t.Errorf("told (-want +got):\n%s", d)
	}
	w.dropped, w.changed = nil, nil
}

// mayConnect fails unless the device has this password; 0: it may not connect.
func mayConnect(t *testing.T, r *fleet.Register, id string, password byte) {
	t.Helper()
	got, ok := r.Credentials(id)
	if ok != (password != 0) || got != sum(password) {
		t.Errorf("%s has the password %d (%t), want %d", id, got[0], ok, password)
	}
}

// TestWhoHasTheLastWord: the newest of configuration, pairing and revocation, at once and
// at the next start.
func TestWhoHasTheLastWord(t *testing.T) {
	paired := box("box-1", 7)
	for name, tc := range map[string]struct {
		then, now []fleet.Identity // what the configuration names
		do        func(*testing.T, *fleet.Register, *told)
		password  byte // in the end; 0: it may not connect
		member    bool
	}{
		"configured":        {[]fleet.Identity{box("box-1", 1)}, []fleet.Identity{box("box-1", 1)}, nil, 1, true},
		"configured anew":   {[]fleet.Identity{box("box-1", 1)}, []fleet.Identity{box("box-1", 2)}, nil, 2, true},
		"not any more":      {[]fleet.Identity{box("box-1", 1)}, nil, nil, 0, false},
		"without password":  {[]fleet.Identity{box("box-1", 0)}, []fleet.Identity{box("box-1", 0)}, nil, 0, true},
		"revoked":           {[]fleet.Identity{box("box-1", 1)}, []fleet.Identity{box("box-1", 1)}, revoke, 0, false},
		"revoked, anew":     {[]fleet.Identity{box("box-1", 1)}, []fleet.Identity{box("box-1", 2)}, revoke, 2, true},
		"revoked, no word":  {[]fleet.Identity{box("box-1", 1)}, []fleet.Identity{box("box-1", 0)}, revoke, 0, false},
		"paired":            {nil, nil, admit, 7, true},
		"paired over":       {[]fleet.Identity{box("box-1", 1)}, []fleet.Identity{box("box-1", 1)}, admit, 7, true},
		"paired, anew":      {[]fleet.Identity{box("box-1", 1)}, []fleet.Identity{box("box-1", 2)}, admit, 2, true},
		"paired, named":     {[]fleet.Identity{box("box-1", 0)}, []fleet.Identity{box("box-1", 0)}, admit, 7, true},
		"paired, revoked":   {nil, nil, admitRevoke, 0, false},
		"revoked, paired":   {[]fleet.Identity{box("box-1", 1)}, []fleet.Identity{box("box-1", 1)}, revokeAdmit, 7, true},
		"paired and forgot": {[]fleet.Identity{box("box-1", 1)}, nil, admit, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s, err := store.Open(t.Context(), store.Options{Dir: dir})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			r, w := openOn(t, s, tc.then...)
			if tc.do != nil {
				tc.do(t, r, w)
			}
			r, _ = openOn(t, s, tc.now...)
			mayConnect(t, r, "box-1", tc.password)
			if got := len(r.Members()) == 1; got != tc.member {
				t.Errorf("member: %t", got)
			}
			if id := paired.ID; r.Knows("other") || !r.Knows(id) && tc.member {
				t.Error("Knows is wrong")
			}
		})
	}
}

func revoke(t *testing.T, r *fleet.Register, w *told) {
	if err := r.Revoke(t.Context(), "boss", "box-1"); err != nil {
		t.Fatal(err)
	}
	w.want(t, "box-1", "-box-1")
	mayConnect(t, r, "box-1", 0)
}

func admit(t *testing.T, r *fleet.Register, w *told) {
	if err := r.Admit(t.Context(), "boss", "esp-1", box("box-1", 7)); err != nil {
		t.Fatal(err)
	}
	w.want(t, "box-1", "+box-1")
	mayConnect(t, r, "box-1", 7)
}

func admitRevoke(t *testing.T, r *fleet.Register, w *told) { admit(t, r, w); revoke(t, r, w) }
func revokeAdmit(t *testing.T, r *fleet.Register, w *told) { revoke(t, r, w); admit(t, r, w) }

func TestUnknown(t *testing.T) {
	r, w := open(t, t.TempDir(), box("box-1", 1))
	if err := r.Revoke(t.Context(), "boss", "box-2"); !errors.Is(err, fleet.ErrUnknown) {
		t.Error(err)
	}
	if err := r.Admit(t.Context(), "boss", "esp-1", box("Box", 1)); err == nil {
		t.Error("a device with an id that is none")
	}
	if err := r.Admit(t.Context(), "boss", "esp-1", box("box-2", 0)); err == nil {
		t.Error("a device without a password")
	}
	if len(w.dropped)+len(w.changed) > 0 || len(r.Members()) != 1 {
		t.Errorf("something has changed: %+v", w)
	}
}

// full is a memory that keeps nothing any more.
type full struct{ fleet.Memory }

func (full) SetFleet(context.Context, store.FleetRow) error { return errors.New("the disk is full") }

// TestNothingHalf: what cannot be written down has not happened.
func TestNothingHalf(t *testing.T) {
	s, err := store.Open(t.Context(), store.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	r, w := openOn(t, full{s}, box("box-1", 1))
	if r.Revoke(t.Context(), "boss", "box-1") == nil || r.Admit(t.Context(), "boss", "esp-1", box("box-2", 2)) == nil {
		t.Error("done, although nothing can be written")
	}
	mayConnect(t, r, "box-1", 1)
	mayConnect(t, r, "box-2", 0)
	if len(w.dropped)+len(w.changed) > 0 {
		t.Errorf("told %+v", w)
	}
}

// TestHeard: births, deaths and what comes between are counted, news only, and kept.
func TestHeard(t *testing.T) {
	s, err := store.Open(t.Context(), store.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	r, _ := openOn(t, s, box("box-1", 1))
	state := func(status fwproto.Presence, boot, session uint32) {
		r.State("box-1", fwproto.State{Status: status, Boot: boot, Session: session, Firmware: "1.4.2"})
	}
	state(fwproto.Lost, 1, 1) // kept by a broker from before
	if d := r.Devices()[0]; d.Drops != 0 || !d.Seen.IsZero() {
		t.Errorf("a death of old: %+v", d.Heard)
	}
	state(fwproto.Online, 1, 1)
	state(fwproto.Online, 1, 1) // the same once more
	r.Telemetry("box-1", fwproto.Telemetry{Loss: 67})
	r.Shown("box-1", fwproto.Shown{Rev: 5})
	state(fwproto.Lost, 1, 1)
	state(fwproto.Lost, 1, 1)
	state(fwproto.Online, 1, 2)
	state(fwproto.Updating, 1, 2)
	r.Event("box-1")
	r.State("nobody", fwproto.State{Status: fwproto.Online, Boot: 1, Session: 1})
	want := fleet.Heard{
		Presence: fwproto.Updating, Firmware: "1.4.2", Signal: -67, Boots: 1, Reconnects: 1, Drops: 1, Boot: 1, Session: 2,
		Shown: fwproto.Shown{Rev: 5},
	}
	ignore := cmpopts.IgnoreFields(fleet.Heard{}, "Seen")
	if d := cmp.Diff(want, r.Devices()[0].Heard, ignore); d != "" || time.Since(r.Devices()[0].Seen) > time.Minute {
		t.Errorf("heard (-want +got):\n%s", d)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := r.Run(ended); err != nil {
		t.Fatal(err)
	}
	r, _ = openOn(t, s, box("box-1", 1))
	want.Presence, want.Shown = 0, fwproto.Shown{}
	if d := cmp.Diff(want, r.Devices()[0].Heard, ignore); d != "" || r.Devices()[0].Seen.IsZero() {
		t.Errorf("kept (-want +got):\n%s", d)
	}
	state(fwproto.Online, 2, 1)
	if h := r.Devices()[0].Heard; h.Boots != 2 || h.Reconnects != 1 || h.Signal != 0 {
		t.Errorf("after another start: %+v", h)
	}
	if err := r.Admit(t.Context(), "boss", "esp-1", box("box-1", 7)); err != nil {
		t.Fatal(err)
	}
	if h := r.Devices()[0].Heard; h != (fleet.Heard{}) {
		t.Errorf("of another piece is known %+v", h)
	}
}

// TestTrace: a watcher hears everything from then on but secrets, and how much it missed.
func TestTrace(t *testing.T) {
	var tr fleet.Tracer
	press, err := fwproto.Encode(fwproto.Press{Boot: 1, Seq: 2, Key: fwproto.KeyNext})
	if err != nil {
		t.Fatal(err)
	}
	grant, err := fwproto.Encode(fwproto.Grant{Device: "box-1", Office: "o", Password: fwproto.Bytes(make([]byte, 32))})
	if err != nil {
		t.Fatal(err)
	}
	tr.Note("avanti/1/o/d/box-1/ev", press, false, false) // nobody watches
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var got []fleet.Passed
	tr.Note("x", press, false, false)
	for p := range watchAfter(ctx, &tr, func() {
		tr.Note("avanti/1/o/d/box-1/ev", press, false, true)
		tr.Note(fwproto.PairingDown("esp-1"), grant, true, false)
		tr.Note(fwproto.PairingDown("esp-1"), grant[:40], true, false)
		tr.Note("avanti/1/o/d/box-1/ev", []byte("junk"), false, false)
		for range 600 {
			tr.Note("avanti/1/o/hb", press, true, false)
		}
	}) {
		got = append(got, p)
		if len(got) == 512 {
			tr.Note("avanti/1/o/hb", press, true, false)
		}
		if p.Missed > 0 {
			break
		}
	}
	if g := got[0]; g.Hex == "" || !strings.HasPrefix(g.Message, "press {Boot:1 Seq:2 AgeMS:0 Rev:0 Key:next") || !g.Retained || g.Sent {
		t.Errorf("%+v", g)
	}
	if g := got[1]; g.Hex != "" || g.Message != "grant {Device:box-1 Office:o Password:(secret)}" || !g.Sent {
		t.Errorf("%+v", g)
	}
	if g := got[2]; g.Hex != "" || g.Message != "" || g.Fault == "" {
		t.Errorf("%+v", g)
	}
	if g := got[3]; g.Hex != "6a756e6b" || g.Fault == "" {
		t.Errorf("%+v", g)
	}
	if n, missed := len(got)-1, got[len(got)-1].Missed; n+missed != 604 {
		t.Errorf("%d heard, %d missed", n, missed)
	}
}

// watchAfter watches and lets things happen as soon as somebody does.
func watchAfter(ctx context.Context, tr *fleet.Tracer, happen func()) func(func(fleet.Passed) bool) {
	return func(yield func(fleet.Passed) bool) {
		began := false
		ready := make(chan struct{})
		go func() {
			defer close(ready)
			for !tr.Watched() {
			}
			happen()
		}()
		for p := range tr.Watch(ctx) {
			if !began {
				began = true
				<-ready
			}
			if !yield(p) {
				return
			}
		}
	}
}

func TestDevicesAreInOrder(t *testing.T) {
	r, _ := open(t, t.TempDir(), box("b", 1), box("a", 2), box("c", 3))
	var ids []string
	for _, d := range r.Devices() {
		ids = append(ids, d.ID)
	}
	if !slices.Equal(ids, []string{"a", "b", "c"}) {
		t.Errorf("%v", ids)
	}
}
