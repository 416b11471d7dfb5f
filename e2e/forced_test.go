// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"bytes"
	"image/png"
)

// forced looks at the page in the system's own colours, which take away every ground and shadow: the rules
// hold, what is chosen still differs from what is not, and something is drawn at all.
func (tb *tab) forced() {
	tb.t.Helper()
	tb.media("forced")
	defer tb.media("light")
	tb.axe("forced colours")
	for _, e := range eval[[]string](tb, `[...document.querySelectorAll("[aria-current=true], [aria-current=page], [aria-pressed=true]")].filter((e) => {
		const other = [...(e.closest("nav, ul, ol") ?? e.parentElement).querySelectorAll(e.localName)].find((o) => o !== e && o.checkVisibility() && !o.matches("[aria-current], [aria-pressed=true]"));
		const look = (x) => { const s = getComputedStyle(x); return [s.color, s.backgroundColor, s.borderTopColor, s.borderTopWidth, s.borderTopStyle, s.fontWeight, s.textDecorationLine].join() };
		return e.checkVisibility() && other && look(e) === look(other);
	}).map((e) => e.outerHTML.slice(0, 120))`) {
		tb.t.Errorf("%s, forced colours: nothing shows that it is chosen: %s", tb.where(), e)
	}
	if share := drawn(tb); share < 0.002 {
		tb.t.Errorf("%s, forced colours: %.2f %% of the page is drawn on", tb.where(), 100*share)
	}
}

// drawn is the share of the picture that has not its most frequent colour.
func drawn(tb *tab) float64 {
	tb.t.Helper()
	picture, err := png.Decode(bytes.NewReader(tb.picture()))
	if err != nil {
		tb.t.Fatal(err)
	}
	size := picture.Bounds()
	seen, all, most := map[[3]uint32]int{}, 0, 0
	for y := size.Min.Y; y < size.Max.Y; y += 2 {
		for x := size.Min.X; x < size.Max.X; x += 2 {
			r, g, b, _ := picture.At(x, y).RGBA()
			c := [3]uint32{r, g, b}
			seen[c]++
			all, most = all+1, max(most, seen[c])
		}
	}
	return float64(all-most) / float64(all)
}
