// SPDX-License-Identifier: EUPL-1.2

package conformance_test

import (
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestSize prints what a box and a panel in one need of the codec, as it is linked into
// a program that uses nothing else of it, and holds it below 1 KiB on a Cortex-M0. Where
// that compiler is not installed, this machine is measured, and the limit is its own.
func TestSize(t *testing.T) {
	machine, most := "Cortex-M0", 1023
	args := []string{"-C", filepath.Join(root, "c"), "BUILD=" + t.TempDir(), "size"}
	if _, err := exec.LookPath("arm-none-eabi-gcc"); err != nil {
		t.Logf("%v: measuring for this machine", err)
		machine, most = "this machine", 2100
		args = append(args, "ARM=", "MCU=")
	}
	out, err := exec.CommandContext(t.Context(), "make", args...).CombinedOutput()
	if err != nil {
		t.Fatalf("make size: %v\n%s", err, out)
	}
	code, tables := 0, 0
	for line := range strings.Lines(string(out)) {
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
	t.Logf("%s: %d bytes, %d of code and %d of tables", machine, code+tables, code, tables)
	if code == 0 || tables == 0 {
		t.Errorf("make size shows no code or no tables:\n%s", out)
	}
	if code+tables > most {
		t.Errorf("the codec has more than %d bytes:\n%s", most, out)
	}
}
