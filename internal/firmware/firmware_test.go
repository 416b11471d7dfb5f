// SPDX-License-Identifier: EUPL-1.2

package firmware_test

import (
	"bytes"
	"crypto/ed25519"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/firmware"
)

const next = fwproto.Release(1<<24 | 4<<16 | 3)

func maker() ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
}

func public(k ed25519.PrivateKey) ed25519.PublicKey { return k.Public().(ed25519.PublicKey) }

// put lays a signed image for boxes into a directory.
func put(t *testing.T, dir, name, image string, m fwproto.Manifest, by ed25519.PrivateKey) {
	t.Helper()
	signed, err := firmware.Sign([]byte(image), m, by)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, name), image)
	write(t, filepath.Join(dir, name+".signed"), string(signed))
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func forBoxes(r fwproto.Release) fwproto.Manifest {
	return fwproto.Manifest{Kind: fwproto.KindBox, Hardware: "r1", Release: r}
}

// TestShelf: only what the maker has signed, byte by byte, is offered.
func TestShelf(t *testing.T) {
	for name, tc := range map[string]struct {
		spoil func(t *testing.T, dir string)
		fault string // "": it holds
	}{
		"whole":           {func(*testing.T, string) {}, ""},
		"image missing":   {func(t *testing.T, dir string) { _ = os.Remove(filepath.Join(dir, "a.bin")) }, "missing"},
		"image cut short": {func(t *testing.T, dir string) { write(t, filepath.Join(dir, "a.bin"), "im") }, "not the image"},
		"image changed":   {func(t *testing.T, dir string) { write(t, filepath.Join(dir, "a.bin"), "imagE") }, "not the image"},
		"another's key": {func(t *testing.T, dir string) {
			put(t, dir, "a.bin", "image", forBoxes(next), ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)))
		}, "not that of firmware.key"},
		"nothing signed": {func(t *testing.T, dir string) { write(t, filepath.Join(dir, "a.bin.signed"), "") }, "two lines"},
		"no hex":         {func(t *testing.T, dir string) { write(t, filepath.Join(dir, "a.bin.signed"), "x y") }, "hex"},
		"a short signature": {func(t *testing.T, dir string) {
			write(t, filepath.Join(dir, "a.bin.signed"), "00 00")
		}, "not that of firmware.key"},
		"much signed": {func(t *testing.T, dir string) {
			write(t, filepath.Join(dir, "a.bin.signed"), strings.Repeat("0", 2000))
		}, "at most"},
		"no manifest": {func(t *testing.T, dir string) {
			write(t, filepath.Join(dir, "a.bin.signed"), "6a756e6b "+fwproto.Bytes(ed25519.Sign(maker(), []byte("junk"))).String())
		}, "no manifest"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			put(t, dir, "a.bin", "image", forBoxes(next), maker())
			tc.spoil(t, dir)
			images, err := firmware.Shelf(dir, public(maker()))
			if tc.fault == "" {
				if err != nil || len(images) != 1 || images[0].Release != next || len(images[0].Path()) > fwproto.MaxPath {
					t.Errorf("%+v, %v", images, err)
				}
				return
			}
			if len(images) > 0 || err == nil || !strings.Contains(err.Error(), tc.fault) {
				t.Errorf("%d images, %v", len(images), err)
			}
		})
	}
	if images, err := firmware.Shelf(filepath.Join(t.TempDir(), "nowhere"), public(maker())); len(images) > 0 || err != nil {
		t.Errorf("of no directory: %v, %v", images, err)
	}
}

func TestParseRelease(t *testing.T) {
	for text, want := range map[string]fwproto.Release{
		"1.4.3": next, "0.0.1": 1, "255.255.65535": 1<<32 - 1, "0.0.0": 0,
	} {
		if got, ok := firmware.ParseRelease(text); !ok || got != want {
			t.Errorf("%s is %d, %t", text, got, ok)
		}
	}
	for _, text := range []string{"", "1", "1.4", "1.4.3.2", "1.4.3-rc1", "v1.4.3", "1.04.3", "256.0.0", "0.256.0", "0.0.65536", "-1.0.0", "1.4.3 ", "sim"} {
		if got, ok := firmware.ParseRelease(text); ok {
			t.Errorf("%q is %d", text, got)
		}
	}
}

// hall is boxes that a roll-out sees, and what it does.
type hall struct {
	*firmware.Rollout
	devices []firmware.Device
	quiet   bool
	link    bool
	offered []string
	newest  map[string]fwproto.Offer
	trouble error
	now     time.Time
}

func newHall(t *testing.T, dir string) *hall {
	h := &hall{now: time.Now(), quiet: true, link: true, newest: map[string]fwproto.Offer{}}
	for _, id := range []string{"box-1", "box-2", "box-3"} {
		h.devices = append(h.devices, firmware.Device{ID: id, Kind: fwproto.KindBox, Hardware: "r1", Firmware: "1.4.2", Online: true})
	}
	h.Rollout = firmware.New(firmware.Options{
		Dir: dir, Maker: public(maker()), Log: slog.New(slog.DiscardHandler),
		Devices: func() []firmware.Device { return slices.Clone(h.devices) },
		Quiet:   func() bool { return h.quiet },
		Offer: func(id string, o fwproto.Offer) bool {
			if h.link {
				h.offered = append(h.offered, id)
				h.newest[id] = o
			}
			return h.link
		},
		Trouble: func(err error) { h.trouble = err },
	})
	return h
}

func (h *hall) answer(id string, result fwproto.Result, reason fwproto.Reason) {
	h.Report(id, fwproto.Report{Offer: h.newest[id].ID, Result: result, Reason: reason, Release: 1, Tried: next})
}

func (h *hall) runs(id, version string) {
	for i := range h.devices {
		if h.devices[i].ID == id {
			h.devices[i].Firmware = version
		}
	}
}

func (h *hall) wantOffered(t *testing.T, ids ...string) {
	t.Helper()
	if !slices.Equal(h.offered, ids) {
		t.Errorf("offered to %v, want %v", h.offered, ids)
	}
	h.offered = nil
}

// pass lets the roll-out go on for a while.
func (h *hall) pass(d time.Duration) {
	for range d / firmware.Step {
		h.now = h.now.Add(firmware.Step)
		h.Advance(h.now)
	}
}

// TestStages: what is offered to whom, and when.
func TestStages(t *testing.T) {
	for name, story := range map[string]func(*testing.T, *hall){
		"one, then all": func(t *testing.T, h *hall) {
			h.pass(11 * time.Second)
			h.wantOffered(t, "box-1")
			h.answer("box-1", fwproto.Loading, 0)
			h.pass(5 * time.Minute)
			h.wantOffered(t)
			h.answer("box-1", fwproto.Confirmed, 0)
			h.runs("box-1", "1.4.3")
			h.pass(11 * time.Second)
			h.wantOffered(t, "box-2", "box-3")
		},
		"not while the office works": func(t *testing.T, h *hall) {
			h.quiet = false
			h.pass(time.Hour)
			h.wantOffered(t)
			h.quiet = true
			h.pass(11 * time.Second)
			h.wantOffered(t, "box-1")
		},
		"an offer that was lost": func(t *testing.T, h *hall) {
			h.pass(time.Minute)
			h.wantOffered(t, "box-1")
			h.pass(time.Hour) // three times each, one after the other
			h.wantOffered(t, "box-1", "box-1", "box-2", "box-2", "box-2", "box-3", "box-3", "box-3")
		},
		"no link": func(t *testing.T, h *hall) {
			h.link = false
			h.pass(time.Hour)
			h.link = true
			h.pass(11 * time.Second)
			h.wantOffered(t, "box-1")
		},
		"refused": func(t *testing.T, h *hall) {
			h.pass(11 * time.Second)
			h.wantOffered(t, "box-1")
			h.answer("box-1", fwproto.Refused, fwproto.ReasonSize)
			h.pass(time.Hour)
			h.wantOffered(t)
			if h.trouble == nil || !strings.Contains(h.trouble.Error(), "size") {
				t.Errorf("told %v", h.trouble)
			}
		},
		"for another group": func(t *testing.T, h *hall) {
			h.pass(11 * time.Second)
			h.wantOffered(t, "box-1")
			h.answer("box-1", fwproto.Refused, fwproto.ReasonGroup)
			h.pass(11 * time.Second)
			h.wantOffered(t, "box-2")
		},
		"rolled back by a later one": func(t *testing.T, h *hall) {
			h.runs("box-1", "1.4.3") // it has been confirmed
			h.pass(11 * time.Second)
			h.wantOffered(t, "box-2", "box-3")
			h.answer("box-2", fwproto.RolledBack, fwproto.ReasonHeartbeats)
			h.pass(time.Hour)
			h.wantOffered(t)
			if got := h.Progress(h.devices[1]); got != "rolled_back" || h.trouble == nil {
				t.Errorf("%s, %v", got, h.trouble)
			}
		},
		"not downloaded": func(t *testing.T, h *hall) {
			for range 3 {
				h.pass(11 * time.Second)
				h.wantOffered(t, "box-1")
				h.answer("box-1", fwproto.Failed, fwproto.ReasonDownload)
			}
			h.pass(time.Hour)
			h.wantOffered(t)
			if h.trouble == nil {
				t.Error("nobody is told")
			}
		},
		"others": func(t *testing.T, h *hall) {
			h.devices[0].Hardware = "r2"
			h.devices[1].Kind = fwproto.KindPanel
			h.devices[2].Online = false
			h.pass(time.Hour)
			h.wantOffered(t)
			if got := h.Progress(h.devices[0]) + h.Progress(h.devices[1]) + h.Progress(h.devices[2]); got != "waiting" {
				t.Errorf("progress %q", got)
			}
			h.devices[2].Online = true
			h.runs("box-3", "sim") // nobody knows what that is
			h.pass(time.Hour)
			h.wantOffered(t)
		},
		"an old report": func(t *testing.T, h *hall) {
			h.Report("box-1", fwproto.Report{Offer: 5, Result: fwproto.RolledBack, Reason: 14, Release: 1, Tried: next - 1})
			h.pass(11 * time.Second)
			h.wantOffered(t, "box-1")
			h.Report("box-1", fwproto.Report{Offer: 5, Result: fwproto.RolledBack, Reason: 14, Release: 1, Tried: next - 1}) // once more
			h.pass(30 * time.Second)
			h.wantOffered(t)
			if got := h.Progress(h.devices[0]); got != "offered" || h.trouble != nil {
				t.Errorf("%s, %v", got, h.trouble)
			}
		},
		"a report of before": func(t *testing.T, h *hall) {
			h.Report("box-2", fwproto.Report{Offer: 5, Result: fwproto.RolledBack, Reason: 14, Release: 1, Tried: next})
			h.pass(time.Hour)
			h.wantOffered(t)
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			put(t, dir, "a.bin", "image", forBoxes(next), maker())
			put(t, dir, "b.bin", "older", forBoxes(next-1), maker())
			story(t, newHall(t, dir))
		})
	}
}

// TestLostAnswerIsNotAnotherOffer: a device that takes an offer and whose answer is lost is at work on
// it all the same: meanwhile nobody else gets an image that has not proved itself.
func TestLostAnswerIsNotAnotherOffer(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "a.bin", "image", forBoxes(next), maker())
	h := newHall(t, dir)
	h.pass(firmware.Step)
	h.wantOffered(t, "box-1")
	h.devices[0].Online = false // it loads, and tries
	h.pass(10 * time.Minute)
	h.wantOffered(t)
	h.answer("box-1", fwproto.RolledBack, fwproto.ReasonHeartbeats)
	h.devices[0].Online = true
	h.pass(time.Hour)
	h.wantOffered(t)
	if h.trouble == nil {
		t.Error("nobody is told")
	}
}
