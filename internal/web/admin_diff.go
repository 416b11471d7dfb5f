// SPDX-License-Identifier: EUPL-1.2

package web

import "strings"

// diffLine is a line of a comparison: "+" is new, "-" is gone, " " stays, "…" stands for lines
// that stay.
type diffLine struct{ Sign, Text string }

// around is how many lines that stay are shown beside a change.
const around = 2

// compare returns what differs between two texts, line by line.
func compare(from, to string) []diffLine {
	a, b := lines(from), lines(to)
	begin, end := 0, 0
	for begin < min(len(a), len(b)) && a[begin] == b[begin] {
		begin++
	}
	for end < min(len(a), len(b))-begin && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	all := make([]diffLine, 0, len(a)+len(b))
	for _, l := range a[:begin] {
		all = append(all, diffLine{" ", l})
	}
	all = append(all, middle(a[begin:len(a)-end], b[begin:len(b)-end])...)
	for _, l := range a[len(a)-end:] {
		all = append(all, diffLine{" ", l})
	}
	return folded(all)
}

func lines(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(s, "\n"), "\n")
}

// maxCells bounds the work of a comparison; longer texts are shown as gone and new.
const maxCells = 4 << 20

// middle compares by the longest common subsequence.
func middle(a, b []string) []diffLine {
	var out []diffLine
	if len(a)*len(b) > maxCells {
		for _, l := range a {
			out = append(out, diffLine{"-", l})
		}
		for _, l := range b {
			out = append(out, diffLine{"+", l})
		}
		return out
	}
	width := len(b) + 1
	common := make([]uint16, (len(a)+1)*width) // of a[i:] and b[j:]
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				common[i*width+j] = common[(i+1)*width+j+1] + 1
			} else {
				common[i*width+j] = max(common[(i+1)*width+j], common[i*width+j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			out = append(out, diffLine{" ", a[i]})
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && common[(i+1)*width+j] >= common[i*width+j+1]:
			out = append(out, diffLine{"-", a[i]})
			i++
		default:
			out = append(out, diffLine{"+", b[j]})
			j++
		}
	}
	return out
}

// folded leaves out what stays, but for the lines around a change.
func folded(all []diffLine) []diffLine {
	near := make([]bool, len(all))
	for i, l := range all {
		if l.Sign != " " {
			for k := max(0, i-around); k <= min(len(all)-1, i+around); k++ {
				near[k] = true
			}
		}
	}
	var out []diffLine
	for i, l := range all {
		switch {
		case near[i]:
			out = append(out, l)
		case len(out) == 0 || out[len(out)-1].Sign != "…":
			out = append(out, diffLine{Sign: "…"})
		}
	}
	return out
}
