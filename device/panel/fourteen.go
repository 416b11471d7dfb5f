// SPDX-License-Identifier: EUPL-1.2

package panel

// The segments of a 14-segment digit: A to F around as with seven, the middle bar in a left and a
// right half, and from the middle outwards to the upper left, up, upper right, lower left, down and
// lower right. The bits are those of the usual boards with an HT16K33.
const (
	fA uint16 = 1 << iota
	fB
	fC
	fD
	fE
	fF
	fLeft
	fRight
	fUpLeft
	fUp
	fUpRight
	fDownLeft
	fDown
	fDownRight

	bar  = fLeft | fRight
	post = fUp | fDown
	left = fE | fF
	ring = fA | fB | fC | fD | left
)

// fourteen returns the segments of a character. The zero is struck through; the O is not.
func fourteen(r rune) (uint16, bool) {
	switch r {
	case ' ':
		return 0, true
	case '-':
		return bar, true
	case '0':
		return ring | fUpRight | fDownLeft, true
	case '1':
		return fB | fC | fUpRight, true
	case '2':
		return fA | fB | fD | fE | bar, true
	case '3':
		return fA | fB | fC | fD | fRight, true
	case '4':
		return fB | fC | fF | bar, true
	case '5':
		return fA | fD | fF | fLeft | fDownRight, true
	case '6':
		return fA | fC | fD | left | bar, true
	case '7':
		return fA | fB | fC, true
	case '8':
		return ring | bar, true
	case '9':
		return fA | fB | fC | fD | fF | bar, true
	}
	return letter14(r)
}

func letter14(r rune) (uint16, bool) {
	switch r {
	case 'A':
		return fA | fB | fC | left | bar, true
	case 'B':
		return fA | fB | fC | fD | post | fRight, true
	case 'C':
		return fA | fD | left, true
	case 'D':
		return fA | fB | fC | fD | post, true
	case 'E':
		return fA | fD | left | bar, true
	case 'F':
		return fA | left | fLeft, true
	case 'G':
		return fA | fC | fD | left | fRight, true
	case 'H':
		return fB | fC | left | bar, true
	case 'I':
		return fA | fD | post, true
	case 'J':
		return fB | fC | fD | fE, true
	case 'K':
		return left | fLeft | fUpRight | fDownRight, true
	case 'L':
		return fD | left, true
	case 'M':
		return fB | fC | left | fUpLeft | fUpRight, true
	case 'N':
		return fB | fC | left | fUpLeft | fDownRight, true
	case 'O':
		return ring, true
	case 'P':
		return fA | fB | left | bar, true
	case 'Q':
		return ring | fDownRight, true
	case 'R':
		return fA | fB | left | bar | fDownRight, true
	case 'S':
		return fA | fC | fD | fUpLeft | fRight, true
	case 'T':
		return fA | post, true
	case 'U':
		return fB | fC | fD | left, true
	case 'V':
		return left | fUpRight | fDownLeft, true
	case 'W':
		return fB | fC | left | fDownLeft | fDownRight, true
	case 'X':
		return fUpLeft | fUpRight | fDownLeft | fDownRight, true
	case 'Y':
		return fUpLeft | fUpRight | fDown, true
	case 'Z':
		return fA | fD | fUpRight | fDownLeft, true
	}
	return 0, false
}
