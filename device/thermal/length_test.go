// SPDX-License-Identifier: EUPL-1.2

package thermal_test

import "strings"

// lengths of commands by their first two bytes, by their first three where those do not tell.
func lengths(star bool) map[string]int {
	if star {
		return map[string]int{
			"\x1b@": 2, "\x1bM": 2, "\x1bP": 2, "\x1bE": 2, "\x1bF": 2, "\x1b4": 2, "\x1b5": 2, "\x1b0": 2, "\x1bz": 3,
			"\x1bR": 3, "\x1bd": 3, "\x1bi": 4, "\x1b\x06": 3, "\x1b\x1e": 4, "\x1b\x1c": 5, "\x1b\x1d": 4, "\x1bJ": 3, "\x1bI": 3,
			"\x1b\x1d\x03": 6, "\x1b\x1dyS": 6,
		}
	}
	return map[string]int{
		"\x1b@": 2, "\x1b2": 2, "\x1bi": 2, "\x1bm": 2, "\x1bv": 2, "\x1b$": 4, "\x1b\\": 4, "\x1bc": 4,
		"\x1dV": 4, "\x1dL": 4, "\x1dW": 4, "\x1dG": 3, "\x1dG0": 7, "\x1dG1": 7, "\x1d\xe1": 2, "\x1d\xe2": 2, "\x1d\xe3": 2, "\x1d\xe4": 2, "\x1d\xe5": 2,
		"\x1c.": 2, "\x1cP": 6, "\x1cp": 4, "\x1c\x93": 4, "\x10\x14": 10,
	}
}

// length returns how many bytes the first command has; 0: not known yet.
func length(b []byte, star bool) int {
	if !strings.ContainsRune("\x10\x1b\x1c\x1d", rune(b[0])) {
		return 1
	}
	const enough = 9 // bytes to know the length of any command
	head := string(b[:min(len(b), enough)])
	if len(head) < 2 {
		return 0
	}
	at := func(i int) int {
		if i < len(head) {
			return int(head[i])
		}
		return 0
	}
	data := map[string][2]int{ // where their data begins, and how long it is
		"\x1d(": {5, at(3) + at(4)<<8},
		"\x1dv": {8, (at(4) + at(5)<<8) * (at(6) + at(7)<<8)},
		"\x1bb": {5, at(2) * (at(3) + at(4)<<8)},
	}
	if star {
		data = map[string][2]int{
			"\x1bk":      {4, 24 * (at(2) + at(3)<<8)},
			"\x1b\x1dyD": {8, at(6) + at(7)<<8},
		}
	}
	for _, n := range []int{4, 3, 2} {
		if len(head) < n {
			continue
		}
		if d, ok := data[head[:n]]; ok {
			if len(head) < d[0] {
				return 0
			}
			return d[0] + d[1]
		}
		if known := lengths(star)[head[:n]]; known > 0 {
			return known
		}
	}
	if star && len(head) < 4 {
		return 0
	}
	return 3
}
