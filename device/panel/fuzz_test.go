// SPDX-License-Identifier: EUPL-1.2

package panel

import (
	"bytes"
	"strconv"
	"testing"
)

// Templates come from a configuration, answers from a line.
func FuzzTemplate(f *testing.F) {
	for _, p := range builtins() {
		f.Add(p.Frame, "A012", 5, []byte("\x01\x10\x00\x00\x00\x04\xc1\xca"))
		f.Add(p.Answer, " 12", 255, []byte("^M\r"))
		f.Add(p.Refusal, "", 0, []byte{1, 0x90, 2, 0xcd, 0xc1})
	}
	f.Add("any any sum", "1", 1, []byte{1, 2, 3})
	f.Add("'it''s' 0D", "1", 1, []byte("its\r"))
	f.Fuzz(func(t *testing.T, text, number string, address int, received []byte) {
		if len(text) > 200 || len(number) > 16 || len(received) > mostHeard {
			return
		}
		tmpl, err := parseTemplate(text)
		if err != nil {
			return
		}
		v := values{address, number}
		found := tmpl.find(v, received)
		frame, err := tmpl.render(v)
		if err != nil {
			return
		}
		if len(frame) != tmpl.length(v) {
			t.Errorf("%q: %d bytes, counted as %d", text, len(frame), tmpl.length(v))
		}
		if len(received) > 0 && found != bytes.Contains(received, frame) {
			t.Errorf("%q: % X in % X: %t", text, frame, received, found)
		}
		if noise := append(append([]byte{0xff}, frame...), 0x00); !tmpl.find(v, noise) {
			t.Errorf("%q: % X is not found in % X", text, frame, noise)
		}
	})
}

func FuzzNumbers(f *testing.F) {
	for _, s := range []string{"/dev/spidev0.1", "/dev/i2c-1", "/dev/spidev0", "/dev/spidev.", "/dev/i2c--1", "/dev/i2c-999", "/dev/i2c-01", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, path string) {
		for prefix, want := range map[string]int{"/dev/spidev": 2, "/dev/i2c-": 1} {
			n, err := numbers(path, prefix, want)
			if err != nil {
				continue
			}
			again := prefix
			for i, x := range n {
				if i > 0 {
					again += "."
				}
				again += strconv.Itoa(x)
			}
			if len(n) != want || again != path {
				t.Errorf("%q became %v", path, n)
			}
		}
	})
}
