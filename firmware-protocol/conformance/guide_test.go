// SPDX-License-Identifier: EUPL-1.2

package conformance_test

import (
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func guide(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, "..", "docs", "guide", "firmware.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestGuideMessages: the page for firmware authors and section 12, to which it points,
// have every message of the protocol, as vectors.
func TestGuideMessages(t *testing.T) {
	text, _ := section(spec(t), 12)
	shown := append(examples(t, text), examples(t, guide(t))...)
	for _, m := range messages() {
		if !slices.Contains(shown, m.name) {
			t.Errorf("%s is shown nowhere", m.name)
		}
	}
}

// TestGuidePackets: the packets of the page are as long as they say, and what they carry
// is a vector.
func TestGuidePackets(t *testing.T) {
	all, found := vectors[vector](t, "*.json"), 0
	for i, block := range strings.Split(guide(t), "```") {
		if i%2 == 0 || !strings.HasPrefix(block, "\n") || strings.HasPrefix(block, "\na") || !dumped.MatchString(strings.SplitN(block, "\n", 3)[1]) {
			continue
		}
		found++
		var lines []string
		for line := range strings.Lines(strings.TrimSpace(block)) {
			if strings.HasPrefix(line, strings.Repeat(" ", 20)) {
				continue // only a remark
			}
			lines = append(lines, line)
		}
		text, _ := bytesOf(t, strings.Join(lines, ""))
		packet, err := hex.DecodeString(text)
		if err != nil {
			t.Fatal(err)
		}
		if len(packet) < 2 || int(packet[1]) != len(packet)-2 {
			t.Errorf("the length of this packet is wrong:%s", block)
		}
		if packet[0]>>4 == 3 && !slices.ContainsFunc(all, func(v vector) bool {
			return strings.HasSuffix(text, v.Hex) && strings.Contains(guide(t), "`"+v.ID+"`")
		}) {
			t.Errorf("no vector is in this packet:%s", block)
		}
	}
	if found != 5 {
		t.Errorf("%d packets", found)
	}
}

// TestGuideProgram: the program of the page compiles against the headers as they are.
func TestGuideProgram(t *testing.T) {
	_, program, _ := strings.Cut(guide(t), "```c\n")
	program, _, ok := strings.Cut(program, "```")
	if !ok {
		t.Fatal("no program")
	}
	c := filepath.Join(root, "c")
	cmd := exec.CommandContext(t.Context(), "cc", "-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", "-Wconversion",
		"-DFWP_DEVICE", "-I", c, "-I", filepath.Join(c, "device"), "-fsyntax-only", "-x", "c", "-")
	cmd.Stdin = strings.NewReader(program)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
