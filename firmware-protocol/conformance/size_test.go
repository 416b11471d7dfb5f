// SPDX-License-Identifier: EUPL-1.2

package conformance_test

import (
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// cores are what microcontrollers of boxes and panels have.
var cores = []string{"cortex-m0", "cortex-m3", "cortex-m4"}

// TestSize prints what a box and a panel in one need of the codec, as it is linked into
// a program that uses nothing else of it, and holds it within 1 KiB.
func TestSize(t *testing.T) {
	t.Parallel()
	needCompiler(t)
	for _, core := range cores {
		out := makeFor(t, core, "size")
		code, tables := 0, 0
		for line := range strings.Lines(out) {
			symbol := strings.Fields(line) // address, size, kind, name
			if len(symbol) != 4 || len(symbol[2]) != 1 {
				continue
			}
			size, err := strconv.ParseUint(symbol[1], 16, 31)
			if err != nil {
				t.Fatalf("make size: %q: %v", line, err)
			}
			name, _, _ := strings.Cut(symbol[3], ".")
			switch name {
			case "device", "sink", "received", "sent": // of the program, not of the codec
				continue
			}
			if strings.ToLower(symbol[2]) == "t" {
				code += int(size)
			} else {
				tables += int(size)
			}
		}
		t.Logf("%s: %d bytes, %d of code and %d of tables", core, code+tables, code, tables)
		if code == 0 || tables == 0 {
			t.Errorf("make size shows no code or no tables:\n%s", out)
		}
		if code+tables > 1024 {
			t.Errorf("the codec has more than 1 KiB:\n%s", out)
		}
	}
}

// TestForARM: all that a box and a panel do compiles for their processors without a
// warning.
func TestForARM(t *testing.T) {
	t.Parallel()
	needCompiler(t)
	makeFor(t, cores[0], "arm")
}

func needCompiler(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("arm-none-eabi-gcc"); err != nil {
		t.Fatalf("%v: on Debian, apt-get install gcc-arm-none-eabi", err)
	}
}

func makeFor(t *testing.T, core, target string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "make", "-C", filepath.Join(root, "c"), "BUILD="+t.TempDir(),
		"MCU=-mthumb -mcpu="+core, target).CombinedOutput()
	if err != nil {
		t.Fatalf("make %s for %s: %v\n%s", target, core, err, out)
	}
	return string(out)
}
