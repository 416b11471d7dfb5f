// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"maps"
)

// chosen lists what is chosen, each with a twin beside it that is not, where its style does not tell them apart.
const chosen = `[...document.querySelectorAll("[aria-current=true], [aria-current=page], [aria-pressed=true]")].map((e) => {
	const other = [...(e.closest("nav, ul, ol") ?? e.parentElement).querySelectorAll(e.localName)].find((o) => o !== e && o.checkVisibility() && !o.matches("[aria-current], [aria-pressed=true]"));
	const look = (x) => { const s = getComputedStyle(x); return [s.borderTopWidth, s.borderTopStyle, s.textDecorationLine].join() };
	const heavier = (a, b) => getComputedStyle(a).fontWeight - getComputedStyle(b).fontWeight >= 200;
	return e.checkVisibility() && other && look(e) === look(other) && !heavier(e, other) && [e, other];
}).filter(Boolean)`

// forced looks at the page in the system's own colours, which take away every ground and shadow: the rules
// hold, what is chosen still differs from what is not, and something is drawn at all.
func (tb *tab) forced() {
	tb.t.Helper()
	tb.media("forced")
	defer tb.media("light")
	tb.axe("forced colours")
	if share := drawn(tb.pixels()); share < 0.002 {
		tb.t.Errorf("%s, forced colours: %.2f %% of the page is drawn on", tb.where(), 100*share)
	}
	for i, html := range eval[[]string](tb, chosen+`.map(([e]) => e.outerHTML.slice(0, 120))`) {
		// Colours are forced behind the back of getComputedStyle.
		if maps.Equal(tb.edges(i, 0), tb.edges(i, 1)) {
			tb.t.Errorf("%s, forced colours: nothing shows that it is chosen: %s", tb.where(), html)
		}
	}
}

// edges brings one of two twins into view, and returns the colours of the lines along its upper and its lower
// edge: of border and ground, not of letters, which are thinner than a tenth of that.
func (tb *tab) edges(pair, twin int) map[color.Color]bool {
	tb.t.Helper()
	at := eval[[4]int](tb, fmt.Sprintf(`(() => { const e = %s[%d][%d]; e.scrollIntoView({block: "center", inline: "center", behavior: "instant"});
		const r = e.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom].map(Math.round) })()`, chosen, pair, twin))
	picture, box := tb.pixels(), image.Rect(at[0], at[1], at[2], at[3])
	if box.Empty() || !box.In(picture.Bounds()) {
		tb.t.Fatalf("%s, forced colours: what is chosen, or what is not, cannot be brought into view: %v of %v", tb.where(), box, picture.Bounds())
	}
	const deep = 5
	middle := image.Rect(box.Min.X+box.Dx()/4, box.Min.Y, box.Max.X-box.Dx()/4, box.Max.Y)
	upper, lower := middle, middle
	upper.Max.Y, lower.Min.Y = min(box.Max.Y, box.Min.Y+deep), max(box.Min.Y, box.Max.Y-deep)
	out := map[color.Color]bool{}
	for _, strip := range []image.Rectangle{upper, lower} {
		seen := map[color.Color]int{}
		for y := strip.Min.Y; y < strip.Max.Y; y++ {
			for x := strip.Min.X; x < strip.Max.X; x++ {
				seen[picture.At(x, y)]++
			}
		}
		for c, n := range seen {
			if n*10 >= strip.Dx()*strip.Dy() {
				out[c] = true
			}
		}
	}
	return out
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
