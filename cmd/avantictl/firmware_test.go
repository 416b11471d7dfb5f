// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/avanti-queue/avanti/internal/firmware"
)

// TestFirmwareSign: what is signed here is what the daemon takes.
func TestFirmwareSign(t *testing.T) {
	dir := t.TempDir()
	key, image := filepath.Join(dir, "key"), filepath.Join(dir, "box.bin")
	if err := os.WriteFile(image, []byte("an image"), 0o644); err != nil {
		t.Fatal(err)
	}
	ctl := func(args ...string) (int, string, string) {
		var out, fault bytes.Buffer
		code := run(append([]string{"firmware"}, args...), nil, &out, &fault)
		return code, out.String(), fault.String()
	}
	code, public, fault := ctl("key", key)
	maker, err := hex.DecodeString(strings.TrimSpace(public))
	if code != 0 || err != nil {
		t.Fatalf("key: %d %s %s %v", code, public, fault, err)
	}
	if info, err := os.Stat(key); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if code, _, _ := ctl("key", key); code == 0 {
		t.Error("a key was written over")
	}
	sign := []string{"sign", "-key", key, "-kind", "box", "-hardware", "esp32-c3 r2", "-release", "1.4.3", "-least", "1.2.0"}
	if code, out, fault := ctl(append(sign, image)...); code != 0 || !strings.Contains(out, "release 1.4.3") {
		t.Fatalf("sign: %d %s %s", code, out, fault)
	}
	images, err := firmware.Shelf(dir, maker)
	if err != nil || len(images) != 1 || images[0].Release.String() != "1.4.3" || images[0].Least.String() != "1.2.0" || images[0].Hardware != "esp32-c3 r2" {
		t.Errorf("%+v, %v", images, err)
	}
	for name, args := range map[string][]string{
		"no command":         {},
		"no key":             {"sign", "-kind", "box", "-hardware", "x", "-release", "1.0.0", image},
		"no kind":            {"sign", "-key", key, "-hardware", "x", "-release", "1.0.0", image},
		"no hardware":        {"sign", "-key", key, "-kind", "box", "-release", "1.0.0", image},
		"no release":         {"sign", "-key", key, "-kind", "box", "-hardware", "x", image},
		"no image":           {"sign", "-key", key, "-kind", "box", "-hardware", "x", "-release", "1.0.0"},
		"a key that is none": {"sign", "-key", image, "-kind", "box", "-hardware", "x", "-release", "1.0.0", image},
		"a missing image":    {"sign", "-key", key, "-kind", "box", "-hardware", "x", "-release", "1.0.0", filepath.Join(dir, "none")},
	} {
		if code, out, fault := ctl(args...); code == 0 || fault == "" {
			t.Errorf("%s: %d %s", name, code, out)
		}
	}
}
