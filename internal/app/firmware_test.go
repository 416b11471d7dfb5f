// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/firmware"
	"github.com/avanti-queue/avanti/internal/sim/panel"
	"github.com/avanti-queue/avanti/internal/web"
)

// fetched is who loaded an image, and when.
type fetched struct {
	mu   sync.Mutex
	list []string
	at   []time.Time
}

func (f *fetched) note(id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list, f.at = append(f.list, id), append(f.at, time.Now())
}

func (f *fetched) take() ([]string, []time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	list, at := f.list, f.at
	f.list, f.at = nil, nil
	return list, at
}

// TestFirmware: an image goes to one panel first, then to the others; one that does not
// prove itself goes to nobody else, and the panel has its old one again.
func TestFirmware(t *testing.T) {
	maker := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
	synctest.Test(t, func(t *testing.T) {
		var loads fetched
		r := newDevicesRigOf(t, func(r *devicesRig) {
			r.file.Firmware.Key = [32]byte(maker.Public().(ed25519.PublicKey))
			for i := range r.file.Devices {
				r.file.Devices[i].Password = hash(r.file.Devices[i].ID)
			}
		})
		defer r.stop()
		put := func(name, text string, release fwproto.Release) {
			t.Helper()
			m := fwproto.Manifest{Kind: fwproto.KindPanel, Hardware: "sim r1", Release: release}
			signed, err := firmware.Sign([]byte(text), m, maker)
			if err != nil {
				t.Fatal(err)
			}
			dir := filepath.Join(r.file.DataDir, "firmware")
			if err := os.MkdirAll(dir, 0o755); err != nil {
				t.Fatal(err)
			}
			for file, data := range map[string][]byte{name: []byte(text), name + ".signed": signed} {
				if err := os.WriteFile(filepath.Join(dir, file), data, 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
		ids := []string{"panel-1", "panel-11", "panel-2"} // in order
		panels := map[string]*panel.Updating{}
		for _, id := range ids {
			u := &panel.Updating{
				Options: panel.Options{ID: id, Password: secret(id), Office: "piacenza", Dial: r.dial, Hardware: "sim r1", Rows: 1},
				Release: 1<<24 | 4<<16 | 2, Maker: maker.Public().(ed25519.PublicKey), Room: 1 << 20,
				Fetch:  func(ctx context.Context, path string) ([]byte, error) { loads.note(id); return r.fetch(ctx, path) },
				Broken: func(image []byte) bool { return strings.Contains(string(image), "broken") },
			}
			panels[id] = u
			r.far.Go(func() { _ = u.Run(r.ctx) })
		}
		pass(time.Minute)
		put("panel.bin", "a good image", 1<<24|4<<16|3)
		put("old.bin", "an older one", 1<<24|4<<16|1)
		pass(10 * time.Minute)
		list, at := loads.take()
		if fmt.Sprint(list) != "[panel-1 panel-11 panel-2]" && fmt.Sprint(list) != "[panel-1 panel-2 panel-11]" {
			t.Fatalf("loaded by %v", list)
		}
		if gap := at[1].Sub(at[0]); gap < 10*time.Second {
			t.Errorf("the second one began %v after the first", gap)
		}
		for _, id := range ids {
			d := r.device(id)
			if panels[id].Runs().String() != "1.4.3" || d.Firmware != "1.4.3" || d.Update != "confirmed" || d.State != web.DeviceOnline || d.Boots != 3 {
				t.Errorf("%s runs %s: %+v", id, panels[id].Runs(), d)
			}
		}
		put("worse.bin", "a broken image", 1<<24|4<<16|4)
		pass(6 * time.Minute)
		if list, _ := loads.take(); fmt.Sprint(list) != "[panel-1]" {
			t.Errorf("the broken image was loaded by %v", list)
		}
		pass(30 * time.Minute)
		if list, _ := loads.take(); len(list) > 0 {
			t.Errorf("the broken image was loaded once more by %v", list)
		}
		if d := r.device("panel-1"); d.Update != "rolled_back" || d.Firmware != "1.4.3" || panels["panel-1"].Runs().String() != "1.4.3" {
			t.Errorf("panel-1: %+v", d)
		}
		if d := r.device("panel-2"); d.Update != "waiting" {
			t.Errorf("panel-2: %+v", d)
		}
		if !r.warned("firmware_stopped", "1.4.4") {
			t.Error("nobody is told")
		}
		r.stopDaemon()
		r.start() // which learns of it from the panel
		pass(10 * time.Minute)
		if list, _ := loads.take(); len(list) > 0 || !r.warned("firmware_stopped", "1.4.4") {
			t.Errorf("after a restart the broken image was loaded by %v", list)
		}
		put("best.bin", "a better image", 1<<24|4<<16|5)
		pass(15 * time.Minute)
		for _, id := range ids {
			if panels[id].Runs().String() != "1.4.5" {
				t.Errorf("%s runs %s", id, panels[id].Runs())
			}
		}
		if r.warned("firmware_stopped", "") {
			t.Error("the warning stands although a better image runs")
		}
	})
}

func (r *devicesRig) fetch(ctx context.Context, path string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://localhost:8080"+path, nil)
	if err != nil {
		return nil, err
	}
	resp, err := r.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("status %d", resp.StatusCode)
	}
	return io.ReadAll(resp.Body)
}

func (r *devicesRig) warned(name, cause string) bool {
	r.t.Helper()
	for _, w := range ask[struct{ Warnings []web.Warning }](r, "manager", "GET", "warnings", "", 200).Warnings {
		if w.Name == name && strings.Contains(w.Cause, cause) {
			return true
		}
	}
	return false
}
