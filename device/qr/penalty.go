// SPDX-License-Identifier: EUPL-1.2

package qr

// The weights of the features that disturb a reader (ISO/IEC 18004, table 11).
const (
	weightRun     = 3  // five modules of one colour in a line, and one more for each that follows
	weightBlock   = 3  // two by two modules of one colour
	weightFinder  = 40 // what looks like a finder pattern, with four light modules before or behind it
	weightBalance = 10 // each 5 % by which the dark modules are more or less than half

	quietZone = 4 // modules
)

// penalty is how hard the symbol is to read, by the rules by which a mask is chosen (7.8.3.1).
func (s *Symbol) penalty() int {
	var above []bool
	column := make([]bool, s.Side)
	sum, dark := 0, 0
	for i := range s.Side {
		row := s.dark[i*s.Side : (i+1)*s.Side]
		for j := range column {
			column[j] = s.dark[j*s.Side+i]
			if row[j] {
				dark++
			}
			if i > 0 && j > 0 && row[j] == row[j-1] && row[j] == above[j] && row[j] == above[j-1] {
				sum += weightBlock
			}
		}
		sum += linePenalty(row) + linePenalty(column)
		above = row
	}
	all := s.Side * s.Side
	off := 2*dark - all // of half, twice
	return sum + weightBalance*(10*max(off, -off)/all)
}

// linePenalty judges a row or a column. Beyond its ends is the quiet zone, which is light.
func linePenalty(line []bool) int {
	const finder = 0b1011101
	sum, run := 0, 0
	newest := 0 // fifteen modules, the last one as the lowest bit
	for i := range len(line) + quietZone {
		newest = newest << 1 & 0x7fff
		if i < len(line) {
			if line[i] {
				newest |= 1
			}
			run++
			if i > 0 && line[i] != line[i-1] {
				run = 1
			}
			switch {
			case run == 5:
				sum += weightRun
			case run > 5:
				sum++
			}
		}
		if newest>>quietZone&0x7f == finder && (newest>>11 == 0 || newest&0xf == 0) {
			sum += weightFinder
		}
	}
	return sum
}
