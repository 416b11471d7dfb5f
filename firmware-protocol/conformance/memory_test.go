// SPDX-License-Identifier: EUPL-1.2

package conformance_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestDamagedMemory: what a power cut or somebody else left in the files of the reference device is
// found to be damaged, and nothing beyond it is read.
func TestDamagedMemory(t *testing.T) {
	t.Parallel()
	device := makeC(t, "device-sanitized")
	start := func(t *testing.T, who, update string) string {
		t.Helper()
		dir := t.TempDir()
		for name, text := range map[string]string{"who": who, "update": update} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		cmd := exec.CommandContext(ctx, device, "-c", filepath.Join(dir, "who"), "-u", dir, "-k", makerKey(), "127.0.0.1", "1")
		cmd.Env = append(os.Environ(), "ASAN_OPTIONS=strict_string_checks=1")
		said, err := cmd.CombinedOutput()
		if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.ExitCode() != 2 {
			t.Errorf("%v:\n%s", err, said)
		}
		return string(said)
	}
	const sound = "0 0 0 0 0 0 0\n"
	for _, who := range []string{
		"", "hall", "hall box-1", "hall box-1 0", "hall box-1 " + strings.Repeat("ab", 31) + "c", "hall box-1 abc",
		"hall box-1 " + strings.Repeat("0", 400), strings.Repeat("a", 600), "hall box-1 \x00\xff", "hall box-1 " + strings.Repeat("ab", 30) + "zz",
	} {
		if said := start(t, who, sound); !strings.Contains(said, "is damaged") {
			t.Errorf("%.80q:\n%s", who, said)
		}
	}
	for update, damaged := range map[string]bool{
		sound: false, "1 0 7 5 12 16777216 16777217\n": false,
		"": true, "0 0 1 2": true, "0 0 1 6 0 0 0\n": true, "0 0 1 4294967296 0 0 0\n": true, "x": true, strings.Repeat("1 ", 300): true,
	} {
		if said := start(t, "damaged", update); strings.Contains(said, "the memory of updates is damaged") != damaged {
			t.Errorf("%.80q:\n%s", update, said)
		}
	}
}
