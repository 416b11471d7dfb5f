// SPDX-License-Identifier: EUPL-1.2

package display

import "math"

// Screen is a wall screen of 16 by 9, standing or lying, and where its farthest reader sits.
type Screen struct {
	Diagonal float64 // inches, above 0
	Distance float64 // metres, above 0
}

// Layout is what a screen shows so that it can be read from afar. Sizes of letters are those
// of a font, in hundredths of the screen's short side.
type Layout struct {
	Number float64 // at least, of the number that is being called
	Row    float64 // at least, of the numbers in the list
	Rows   int     // of the list, 1 to 6
	Over   bool    // the list is so wide that a call covers it
	Short  bool    // the screen is too small for the distance: fewer than four rows, or the number is too small
}

const (
	capHeight = 0.7 // of a font's size, the height of its capitals
	// A called number has a hundredth of the distance, for eyes that grow old; the list 1/170,
	// which is 20 minutes of arc, the least that people read.
	numberShare, rowShare = 100, 170

	listHeight = 78.0 // what the heads leave for the list
	lineHeight = 1.16 // of a row
	listWidth  = 50.0 // that leaves a call 60 % of the screen
	callHeight = 45.0 // the largest font for the number
	callWidth  = 165.0
	digitWidth = 0.62 // of a font's size
	mostRows   = 6
	leastRows  = 4
)

// Layout returns the sizes for numbers and labels of so many characters.
func (s Screen) Layout(number, label int) Layout {
	short := s.Diagonal * 0.0254 * 9 / math.Sqrt(16*16+9*9) // metres
	size := func(share float64) float64 { return s.Distance / share / capHeight / short * 100 }
	l := Layout{Number: round(size(numberShare)), Row: round(size(rowShare))}
	l.Rows = min(mostRows, max(1, int(listHeight/(l.Row*lineHeight))))
	l.Over = l.Row*(digitWidth*float64(number+label)+1)+2 > listWidth
	l.Short = listHeight < leastRows*l.Row*lineHeight || l.Number > callHeight || l.Number*digitWidth*float64(number) > callWidth
	return l
}

// round keeps a tenth: more is not seen.
func round(x float64) float64 { return math.Round(x*10) / 10 }
