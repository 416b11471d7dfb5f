// SPDX-License-Identifier: EUPL-1.2

package panel

// The segments of a 7-segment digit: A at the top, then clockwise, G in the middle.
const (
	sA byte = 1 << iota
	sB
	sC
	sD
	sE
	sF
	sG
)

// seven returns the segments of a character. Letters that look like a digit or like no letter at
// all are not shown: I, K, M, Q, S, V, W, X and Z. What is shown is told apart by at least one
// segment, in lower case where that is clearer.
func seven(r rune) (byte, bool) {
	switch r {
	case ' ':
		return 0, true
	case '-':
		return sG, true
	case '0':
		return sA | sB | sC | sD | sE | sF, true
	case '1':
		return sB | sC, true
	case '2':
		return sA | sB | sD | sE | sG, true
	case '3':
		return sA | sB | sC | sD | sG, true
	case '4':
		return sB | sC | sF | sG, true
	case '5':
		return sA | sC | sD | sF | sG, true
	case '6':
		return sA | sC | sD | sE | sF | sG, true
	case '7':
		return sA | sB | sC, true
	case '8':
		return sA | sB | sC | sD | sE | sF | sG, true
	case '9':
		return sA | sB | sC | sD | sF | sG, true
	case 'A':
		return sA | sB | sC | sE | sF | sG, true
	case 'B':
		return sC | sD | sE | sF | sG, true
	case 'C':
		return sA | sD | sE | sF, true
	case 'D':
		return sB | sC | sD | sE | sG, true
	case 'E':
		return sA | sD | sE | sF | sG, true
	case 'F':
		return sA | sE | sF | sG, true
	case 'G':
		return sA | sC | sD | sE | sF, true
	case 'H':
		return sB | sC | sE | sF | sG, true
	case 'J':
		return sB | sC | sD | sE, true
	case 'L':
		return sD | sE | sF, true
	case 'N':
		return sC | sE | sG, true
	case 'O':
		return sC | sD | sE | sG, true
	case 'P':
		return sA | sB | sE | sF | sG, true
	case 'R':
		return sE | sG, true
	case 'T':
		return sD | sE | sF | sG, true
	case 'U':
		return sB | sC | sD | sE | sF, true
	case 'Y':
		return sB | sC | sD | sF | sG, true
	}
	return 0, false
}
