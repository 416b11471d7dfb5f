// SPDX-License-Identifier: EUPL-1.2

package conformance_test

import (
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
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

var boardFunction = regexp.MustCompile(`(?m)^(uint32_t|int|void) board_.*?;`)

// TestGuideProgram: the program of the page compiles against the headers as they are, and
// the files that the page names are all that it takes.
func TestGuideProgram(t *testing.T) {
	t.Parallel()
	_, program, _ := strings.Cut(guide(t), "```c\n")
	program, _, ok := strings.Cut(program, "```")
	if !ok {
		t.Fatal("no program")
	}
	board := boardFunction.ReplaceAllStringFunc(program[:strings.Index(program, "void box(void);")], func(f string) string {
		body := "{ return 0; }"
		if strings.HasPrefix(f, "void") {
			body = "{}"
		}
		return strings.TrimSuffix(f, ";") + body
	})
	dir, c := t.TempDir(), filepath.Join(root, "c")
	files := []string{filepath.Join(dir, "box.c"), filepath.Join(dir, "board.c")}
	for i, text := range []string{program, board + "void box(void);\nint main(void) { box(); return 0; }\n"} {
		if err := os.WriteFile(files[i], []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for line := range strings.Lines(guide(t)) {
		what, names, _ := strings.Cut(strings.TrimPrefix(line, "| "), " | ")
		if what != "the messages" && what != "what is shown" && what != "the rest" {
			continue
		}
		for _, name := range ticked.FindAllStringSubmatch(names, -1) {
			if filepath.Ext(name[1]) != ".c" {
				continue
			}
			file := filepath.Join(c, name[1])
			if what == "the rest" {
				file = filepath.Join(c, "device", name[1])
			}
			files = append(files, file)
		}
	}
	strict := []string{"-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", "-Wconversion", "-DFWP_DEVICE", "-I", c, "-I", filepath.Join(c, "device")}
	run := func(args ...string) {
		if out, err := exec.CommandContext(t.Context(), "cc", append(strict, args...)...).CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	}
	run("-fsyntax-only", files[0])
	run(append([]string{"-Wno-unused-parameter", "-o", filepath.Join(dir, "box")}, files...)...)
}
