// SPDX-License-Identifier: EUPL-1.2

package conformance_test

import (
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestSize prints what a box and a panel in one need of the codec, and holds it below
// what it was. The measure is a Cortex-M0; where its compiler is not installed, that of
// this machine must do.
func TestSize(t *testing.T) {
	tool, flags, most := "arm-none-eabi-", []string{"-mthumb", "-mcpu=cortex-m0"}, 1330
	if _, err := exec.LookPath(tool + "gcc"); err != nil {
		t.Logf("%v: measuring for this machine", err)
		tool, flags, most = "", nil, 2400
	}
	total := 0
	for _, file := range []string{"decode", "encode", "messages", "screen", "bus", "offer"} {
		object := filepath.Join(t.TempDir(), file+".o")
		args := append([]string{"-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", "-Os", "-ffreestanding", "-fno-asynchronous-unwind-tables", "-DFWP_DEVICE", "-c", "-o", object}, flags...)
		compiler := tool + "gcc"
		if out, err := exec.CommandContext(t.Context(), compiler, append(args, filepath.Join(root, "c", file+".c"))...).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", compiler, err, out)
		}
		out, err := exec.CommandContext(t.Context(), tool+"size", object).Output()
		if err != nil {
			t.Fatal(err)
		}
		fields := strings.Fields(strings.Split(string(out), "\n")[1])
		n, err := strconv.Atoi(fields[0])
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s.c: %d bytes", file, n)
		if file == "decode" || file == "encode" || file == "messages" {
			total += n
		}
	}
	t.Logf("%d bytes of code and tables in decode, encode and messages", total)
	if total > most {
		t.Errorf("the codec has %d bytes, at most %d", total, most)
	}
}
