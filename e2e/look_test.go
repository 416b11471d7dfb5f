// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"encoding/json"
	"os"
	"strings"

	"github.com/chromedp/chromedp"
)

// finding is a rule of axe-core that a page breaks.
type finding struct {
	ID    string `json:"id"`
	Help  string `json:"help"`
	Nodes []struct {
		Target  json.RawMessage `json:"target"`
		Summary string          `json:"failureSummary"`
	} `json:"nodes"`
}

// look holds the page, as it stands there now, to WCAG 2.2 AA and to what axe-core does not
// see: that it fits its own screen, a small one and large letters, that fingers can hit what is
// to be hit, and that drawings can be read. It looks in light, in dark and in high contrast; what
// these cannot change is looked at once. For the system's own colours there is forced.
func (tb *tab) look() {
	tb.t.Helper()
	for _, wish := range []string{"dark", "contrast"} {
		tb.media(wish)
		tb.rules(wish, `{type: "rule", values: ["color-contrast", "link-in-text-block"]}`)
		tb.drawings(wish)
	}
	tb.media("light")
	tb.axe("light")
	tb.drawings("light")
	tb.fits("at its own size")
	tb.targets()
	tb.narrow()
	tb.large()
	tb.focusable()
}

// axe runs all rules of WCAG 2.2 AA.
func (tb *tab) axe(state string) {
	tb.t.Helper()
	tb.rules(state, `["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]`)
}

// rules runs some rules of axe-core. The page's content security policy stays on.
func (tb *tab) rules(state, which string) {
	tb.t.Helper()
	if !eval[bool](tb, `typeof axe === "object"`) {
		script, err := os.ReadFile("testdata/axe/node_modules/axe-core/axe.min.js")
		if err != nil {
			tb.t.Fatalf("axe-core is not installed; `make test` does it: %v", err)
		}
		tb.do("axe", chromedp.Evaluate[chromedp.Void](string(script)))
	}
	found := eval[[]finding](tb, `axe.run(document, {
		runOnly: `+which+`, resultTypes: ["violations"],
	}).then((r) => r.violations.map(({id, help, nodes}) => ({id, help, nodes: nodes.map(({target, failureSummary}) => ({target, failureSummary}))})))`)
	for _, f := range found {
		for _, n := range f.Nodes {
			tb.t.Errorf("%s, %s: axe %s: %s: %s: %s", tb.where(), state, f.ID, f.Help, n.Target, strings.ReplaceAll(n.Summary, "\n", " "))
		}
	}
}

func (tb *tab) where() string {
	return eval[string](tb, `location.pathname + location.search + " (" + document.documentElement.lang + ")"`)
}

// targets wants 24 pixels of what can be pressed (WCAG 2.2, 2.5.8), but for links in a text.
func (tb *tab) targets() {
	tb.t.Helper()
	for _, small := range eval[[]string](tb, `[...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")]
		.filter((e) => e.checkVisibility({visibilityProperty: true}) && !(e.matches("a") && getComputedStyle(e).display === "inline"))
		.map((e) => [e, (e.matches("input[type=checkbox], input[type=radio]") && e.closest("label") || e).getBoundingClientRect()])
		.filter(([, r]) => r.width > 0 && (r.width < 24 || r.height < 24))
		.map(([e, r]) => e.outerHTML.slice(0, 120) + " " + Math.round(r.width) + "x" + Math.round(r.height))`) {
		tb.t.Errorf("%s: too small to be hit: %s", tb.where(), small)
	}
}

// wide lists what sticks out of the page sideways. A table may scroll in a box of its own, and the
// hall wanders by a few pixels so that nothing burns in.
const wide = `document.documentElement.scrollWidth <= innerWidth + 1 ? [] :
	[...document.body.querySelectorAll("*")].filter((e) => e.checkVisibility() && (e.getBoundingClientRect().right > innerWidth + 1 || e.getBoundingClientRect().left < -1))
	.slice(-3).map((e) => e.outerHTML.slice(0, 120)).concat("the page is " + document.documentElement.scrollWidth + " wide")`

// fits wants no scrolling sideways as the page is.
func (tb *tab) fits(how string) {
	tb.t.Helper()
	for _, e := range eval[[]string](tb, wide) {
		tb.t.Errorf("%s: %s it sticks out: %s", tb.where(), how, e)
	}
}

// narrow wants no scrolling sideways at 320 pixels (WCAG 1.4.10).
func (tb *tab) narrow() {
	tb.t.Helper()
	size := eval[[]int64](tb, `[innerWidth, innerHeight]`)
	tb.size(320, 640)
	tb.fits("at 320 pixels")
	tb.size(size[0], size[1])
}

// large wants no text cut off and no scrolling sideways with letters twice as large (WCAG 1.4.4).
func (tb *tab) large() {
	tb.t.Helper()
	before := eval[string](tb, `(() => { const r = document.documentElement, b = r.style.fontSize;
		r.style.fontSize = parseFloat(getComputedStyle(r).fontSize) * 2 + "px"; return b })()`)
	tb.fits("with large letters")
	tb.do("small again", chromedp.Evaluate[chromedp.Void](`document.documentElement.style.fontSize = `+"`"+before+"`"))
}

// focusable wants everything that can be pressed to be reached by keys, in an order that the
// page does not bend.
func (tb *tab) focusable() {
	tb.t.Helper()
	for _, e := range eval[[]string](tb, `[...document.querySelectorAll("[tabindex]")].filter((e) => e.tabIndex > 0)
		.concat([...document.querySelectorAll("[onclick], [role=button]:not(button)")].filter((e) => e.tabIndex < 0))
		.map((e) => e.outerHTML.slice(0, 120))`) {
		tb.t.Errorf("%s: out of the order of keys: %s", tb.where(), e)
	}
}

// drawings wants letters in a drawing to stand out from what is behind them as those of a page
// must (WCAG 1.4.3), and the lines of its signs at 3 to 1 (1.4.11): axe-core skips both.
func (tb *tab) drawings(state string) {
	tb.t.Helper()
	for _, e := range eval[[]string](tb, `(() => {
		const pen = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
		const rgba = (colour) => {
			pen.clearRect(0, 0, 1, 1);
			pen.fillStyle = colour;
			pen.fillRect(0, 0, 1, 1);
			return [...pen.getImageData(0, 0, 1, 1).data];
		};
		const light = (c) => c.slice(0, 3).map((v) => v / 255).map((v) => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
			.reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
		const ratio = (a, b) => (Math.max(light(a), light(b)) + .05) / (Math.min(light(a), light(b)) + .05);
		const solid = (colour) => colour && colour !== "none" && !colour.startsWith("url") && rgba(colour)[3] > 250;
		const behind = (e, x, y) => {
			const all = document.elementsFromPoint(x, y);
			for (const b of all.slice(all.indexOf(e) + 1)) {
				const s = getComputedStyle(b), shape = b instanceof SVGGeometryElement;
				if (shape && solid(s.fill)) return rgba(s.fill);
				if (!(b instanceof SVGElement && !(b instanceof SVGSVGElement)) && solid(s.backgroundColor)) return rgba(s.backgroundColor);
			}
			return rgba("Canvas");
		};
		const found = [];
		const judge = (e, colour, least) => {
			e.scrollIntoView({block: "center", inline: "center"});
			const r = e.getBoundingClientRect(), x = r.x + r.width / 2, y = r.y + r.height / 2;
			const ground = behind(e, x, y), got = Math.max(...colour.filter(solid).map((c) => ratio(rgba(c), ground)));
			if (got < least) found.push(e.outerHTML.slice(0, 120) + " " + got.toFixed(2) + " of " + least);
		};
		for (const e of document.querySelectorAll("svg text, svg [stroke], svg path")) {
			if (!e.checkVisibility({visibilityProperty: true, opacityProperty: true}) || e.closest("[disabled], [aria-disabled=true]")) continue;
			const s = getComputedStyle(e), size = parseFloat(s.fontSize);
			if (e.matches("text")) {
				if (e.textContent.trim()) judge(e, [s.fill], size >= 24 || size >= 18.66 && s.fontWeight >= 700 ? 3 : 4.5);
			} else if (!e.closest("svg[role=img]") && solid(s.stroke)) judge(e, [s.stroke, s.fill], 3);
		}
		scrollTo(0, 0);
		return found;
	})()`) {
		tb.t.Errorf("%s, %s: too faint in a drawing: %s", tb.where(), state, e)
	}
}
