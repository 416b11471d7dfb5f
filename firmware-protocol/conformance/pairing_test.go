// SPDX-License-Identifier: EUPL-1.2

package conformance_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestReferencePairing: the reference device is taken into an office by the code on its
// label and the number on both sides, keeps who it is where nobody else can read it, is
// known after a restart of either, is shut out, and can be reset.
func TestReferencePairing(t *testing.T) {
	t.Parallel()
	h := openEmbedded(t, "access:", "access:\n  - {id: me, role: manager}")
	host, port, _ := strings.Cut(h.address, ":")
	who := filepath.Join(t.TempDir(), "who")
	code := []string{"AVANTI_CODE=k7m2-p9qr-4tvx"}
	args := []string{"-p", "3", "-c", who, "-n", "ref-0042", host, port}

	h.ask("me", "/api/v1/pairing/open", map[string]any{"code": "K7M2P9QR4TVX"})
	d := start(t, "ref-0042", code, args...)
	number := strings.TrimPrefix(d.until(t, "pairing: compare "), "pairing: compare ")
	for {
		if p := h.ask("me", "/api/v1/pairing", nil); p["stage"] == "compare" {
			if p["number"] != number || p["piece"] != "ref-0042" || p["hardware"] != "linux" {
				t.Errorf("the page shows %v, the device %s", p, number)
			}
			break
		}
	}
	h.ask("me", "/api/v1/pairing/confirm", map[string]any{"number": number, "id": "panel-7", "kind": "panel", "counter": "c1"})
	d.until(t, "pairing: done")
	d.until(t, "online, session 1")
	d.until(t, "shows") // a closed counter has nothing to show
	info, err := os.Stat(who)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("who it is lies in %v: %v", info.Mode(), err)
	}

	d.cut()
	d = start(t, "panel-7", nil, args...)
	d.until(t, "online, session 1", "pairing")
	h.stopDaemon()
	h.startDaemon()
	d.until(t, "connection lost")
	d.until(t, "online, session")
	h.ask("me", "/api/v1/devices/panel-7/revoke", map[string]any{})
	d.until(t, "refused by the broker, code 4")

	// A file that others can read may be known to others.
	d.stop()
	if err := os.Chmod(who, 0o644); err != nil {
		t.Fatal(err)
	}
	if said, code := runDevice(t, args...); code != 2 || !strings.Contains(said, "others can read it") {
		t.Errorf("with a file for all: exit %d, %s", code, said)
	}
	if err := os.WriteFile(who, []byte("not who it is"), 0o600); err != nil {
		t.Fatal(err)
	}
	if said, code := runDevice(t, args...); code != 2 || !strings.Contains(said, "damaged") {
		t.Errorf("with a damaged file: exit %d, %s", code, said)
	}

	// Reset by hand, it waits to be taken in again; without its code it cannot.
	if err := os.Remove(who); err != nil {
		t.Fatal(err)
	}
	d = start(t, "ref-0042", code, args...)
	d.until(t, "pairing: nobody waits for this device")
	d.cut()
	if said, code := runDevice(t, args...); code != 2 || !strings.Contains(said, "AVANTI_CODE") {
		t.Errorf("without a code: exit %d, %s", code, said)
	}
}
