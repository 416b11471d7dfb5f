// SPDX-License-Identifier: EUPL-1.2

package fleet_test

import (
	"context"
	"strings"
	"testing"
	"time"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/fleet"
	"github.com/avanti-queue/avanti/internal/store"
)

// TestRevokedForGood: a password that was revoked never comes back, whatever the configuration says
// at later starts, what is heard in between, and who has the id meanwhile. Each word is a step: cN
// a start with a configuration that names the password N (0: the device without one, -: not the
// device), r a revocation, pN another piece that is paired with the password N; and behind it who may
// connect then (-: nobody).
func TestRevokedForGood(t *testing.T) {
	for _, steps := range []string{
		"c1:1 r:- c1:- c1:-",
		"c1:1 r:- c-:- c1:-",                     // the file of a week ago is back
		"c1:1 r:- c0:- c1:-",                     // its password was taken out and is back
		"c1:1 r:- c2:2 c1:-",                     // it had another, and the first is back
		"c1:1 r:- c2:2 r:- c1:- c2:- c3:3",       // both were revoked
		"c1:1 r:- p7:7 c1:7 c2:2 c1:7",           // another piece has the id; the configuration decides against it, and not any more
		"c1:1 r:- p7:7 r:- c1:- c-:- c1:- c2:2",  // and is revoked, too
		"c1:1 p7:7 r:- c1:- c0:- c1:-",           // what the configuration names was never in force again
		"c-:- p7:7 r:- c-:- c7:- c1:1 c7:-",      // somebody writes the paired password into the file
		"c1:1 r:- c2:2 p7:7 c2:7 c1:- c2:7 c3:3", // the configuration's first word is heard as a change, and is revoked
		"c0:- r:- c0:- c1:1",
		"c1:1 r:- c1:- p7:7 r:- p8:8 c1:8 r:- c-:- p9:9 c-:9",
	} {
		t.Run(strings.ReplaceAll(steps, " ", "_"), func(t *testing.T) {
			s, err := store.Open(t.Context(), store.Options{Dir: t.TempDir()})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			var r *fleet.Register
			for i, word := range strings.Fields(steps) {
				do, want, _ := strings.Cut(word, ":")
				switch number := do[len(do)-1] - '0'; do[0] {
				case 'c':
					var configured []fleet.Identity
					if do != "c-" {
						configured = append(configured, box("box-1", number))
					}
					r, _ = openOn(t, s, configured...)
				case 'r':
					if err := r.Revoke(t.Context(), "boss", "box-1"); err != nil {
						t.Fatal(err)
					}
				case 'p':
					if err := r.Admit(t.Context(), "boss", "esp-1", box("box-1", number)); err != nil {
						t.Fatal(err)
					}
				}
				password := byte(0)
				if want != "-" {
					password = want[0] - '0'
				}
				got, ok := r.Credentials("box-1")
				if ok != (password != 0) || got != sum(password) {
					t.Errorf("after %q the password %d is in force (%t), want %d", strings.Join(strings.Fields(steps)[:i+1], " "), got[0], ok, password)
				}
				for _, d := range r.Devices() {
					if d.Revoked.IsZero() && !ok && d.Armed {
						t.Errorf("after %s the list does not say that it is revoked: %+v", word, d)
					}
				}
				// A broker elsewhere delivers in its name, and what was heard is written down.
				r.State("box-1", fwproto.State{Status: fwproto.Online, Boot: uint32(i) + 1, Session: 1})
				ended, cancel := context.WithCancel(t.Context())
				cancel()
				if err := r.Run(ended); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// TestRevokedOfAnEarlierVersion: a row that has no list of revoked passwords has the newest beside it.
// What cannot be read is no pardon.
func TestRevokedOfAnEarlierVersion(t *testing.T) {
	for _, heard := range []string{"", `{"boots":3}`, "{"} {
		s, err := store.Open(t.Context(), store.Options{Dir: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		one, seven := sum(1), sum(7)
		row := store.FleetRow{ID: "box-1", Kind: "box", Counter: "c1", Password: &seven, Configured: &one, Revoked: time.Now().UTC().Truncate(time.Millisecond), Heard: heard}
		if err := s.SetFleet(t.Context(), row); err != nil {
			t.Fatal(err)
		}
		for _, configured := range []byte{1, 7, 1} {
			r, _ := openOn(t, s, box("box-1", configured))
			mayConnect(t, r, "box-1", 0)
		}
		r, _ := openOn(t, s, box("box-1", 2))
		mayConnect(t, r, "box-1", 2)
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestManyRevocations: as many as there may ever be of one id fit into its row.
func TestManyRevocations(t *testing.T) {
	s, err := store.Open(t.Context(), store.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for n := range byte(40) {
		r, _ := openOn(t, s, box("box-1", n+1))
		mayConnect(t, r, "box-1", n+1)
		r.State("box-1", fwproto.State{Status: fwproto.Online, Boot: 1 << 31, Session: 1 << 31, Firmware: strings.Repeat("f", fwproto.MaxVersion), Hardware: strings.Repeat("h", fwproto.MaxVersion)})
		if err := r.Revoke(t.Context(), "boss", "box-1"); err != nil {
			t.Fatal(err)
		}
	}
	for n := range byte(40) {
		r, _ := openOn(t, s, box("box-1", n+1))
		want := n + 1 // so long ago that it is forgotten
		if n >= 16 {
			want = 0
		}
		mayConnect(t, r, "box-1", want)
	}
}
