// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
)

// forced looks at the page in the system's own colours, which take away every ground and shadow: the rules
// hold, what is chosen still differs from what is not, and something is drawn at all.
func (tb *tab) forced() {
	tb.t.Helper()
	tb.media("forced")
	defer tb.media("light")
	tb.axe("forced colours")
	picture := tb.pixels()
	for _, e := range eval[[]twins](tb, `[...document.querySelectorAll("[aria-current=true], [aria-current=page], [aria-pressed=true]")].map((e) => {
		const other = [...(e.closest("nav, ul, ol") ?? e.parentElement).querySelectorAll(e.localName)].find((o) => o !== e && o.checkVisibility() && !o.matches("[aria-current], [aria-pressed=true]"));
		const look = (x) => { const s = getComputedStyle(x); return [s.borderTopWidth, s.borderTopStyle, s.textDecorationLine].join() };
		const heavier = (a, b) => getComputedStyle(a).fontWeight - getComputedStyle(b).fontWeight >= 200;
		const at = (x) => { const r = x.getBoundingClientRect(); return [r.x, r.y, r.width].map(Math.round) };
		return other && look(e) === look(other) && !heavier(e, other) && {html: e.outerHTML.slice(0, 120), chosen: at(e), other: at(other)};
	}).filter((e) => e && Math.max(e.chosen[1], e.other[1]) < innerHeight - 8)`) {
		// Colours are forced behind the back of getComputedStyle.
		if e.colours(picture, e.Chosen) == e.colours(picture, e.Other) {
			tb.t.Errorf("%s, forced colours: nothing shows that it is chosen: %s", tb.where(), e.HTML)
		}
	}
	if share := drawn(picture); share < 0.002 {
		tb.t.Errorf("%s, forced colours: %.2f %% of the page is drawn on", tb.where(), 100*share)
	}
}

// twins are two things of which one is chosen: left, top and width of each on the picture.
type twins struct {
	HTML          string `json:"html"`
	Chosen, Other [3]int
}

// colours are those of the border and of the ground beside it.
func (twins) colours(picture image.Image, at [3]int) [2]color.Color {
	return [2]color.Color{picture.At(at[0]+at[2]/2, at[1]), picture.At(at[0]+at[2]/2, at[1]+4)}
}

// pixels is what can be seen.
func (tb *tab) pixels() image.Image {
	tb.t.Helper()
	picture, err := png.Decode(bytes.NewReader(tb.picture()))
	if err != nil {
		tb.t.Fatal(err)
	}
	return picture
}

// drawn is the share of a picture that has not its most frequent colour.
func drawn(picture image.Image) float64 {
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
