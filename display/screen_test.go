// SPDX-License-Identifier: EUPL-1.2

package display_test

import (
	"math"
	"testing"

	"github.com/avanti-queue/avanti/display"
)

// The sizes are those of the table that the layout was designed by: distance/100 for the number
// that is called, distance/170 for the list.
func TestScreenSizes(t *testing.T) {
	for _, x := range []struct {
		diagonal, distance float64
		number, row        int
		rows               int
		short              bool
	}{
		{43, 5, 13, 8, 6, false},
		{55, 5, 10, 6, 6, false},
		{65, 5, 9, 5, 6, false},
		{43, 8, 21, 13, 5, false},
		{55, 8, 17, 10, 6, false},
		{65, 8, 14, 8, 6, false},
		{43, 12, 32, 19, 3, true},
		{55, 12, 25, 15, 4, false},
		{65, 12, 21, 12, 5, false},
		{24, 12, 57, 34, 1, true},
	} {
		l := display.Screen{Diagonal: x.diagonal, Distance: x.distance}.Layout(4, 2)
		if math.Abs(l.Number-float64(x.number)) > 0.55 || math.Abs(l.Row-float64(x.row)) > 0.55 || l.Rows != x.rows || l.Short != x.short {
			t.Errorf("%v inches from %v m: %+v, want %+v", x.diagonal, x.distance, l, x)
		}
	}
}

func TestScreenOver(t *testing.T) {
	s := display.Screen{Diagonal: 55, Distance: 8}
	if l := s.Layout(4, 2); l.Over {
		t.Errorf("ordinary numbers: %+v", l)
	}
	if l := s.Layout(7, 7); !l.Over {
		t.Errorf("long numbers and labels leave a call no room: %+v", l)
	}
}
