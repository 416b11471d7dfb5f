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
// see: that it fits a small screen and large letters, and that fingers can hit what is to be
// hit. It looks in light, in dark and in high contrast.
func (tb *tab) look() {
	tb.t.Helper()
	for _, wish := range []string{"dark", "contrast", "light"} {
		tb.media(wish)
		tb.axe(wish)
	}
	tb.targets()
	tb.narrow()
	tb.large()
	tb.focusable()
}

// axe runs all rules of WCAG 2.2 AA. The page's content security policy stays on.
func (tb *tab) axe(state string) {
	tb.t.Helper()
	if !eval[bool](tb, `typeof axe === "object"`) {
		script, err := os.ReadFile("testdata/axe/node_modules/axe-core/axe.min.js")
		if err != nil {
			tb.t.Fatalf("axe-core is not installed; `make test` does it: %v", err)
		}
		tb.do("axe", chromedp.Evaluate[chromedp.Void](string(script)))
	}
	found := eval[[]finding](tb, `axe.run(document, {
		runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], resultTypes: ["violations"],
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

// wide lists what sticks out of the page sideways. A table may scroll in a box of its own.
const wide = `document.documentElement.scrollWidth <= innerWidth ? [] :
	[...document.body.querySelectorAll("*")].filter((e) => e.checkVisibility() && e.getBoundingClientRect().right > innerWidth + 1)
	.slice(-3).map((e) => e.outerHTML.slice(0, 120)).concat("the page is " + document.documentElement.scrollWidth + " wide")`

// narrow wants no scrolling sideways at 320 pixels (WCAG 1.4.10).
func (tb *tab) narrow() {
	tb.t.Helper()
	size := eval[[]int64](tb, `[innerWidth, innerHeight]`)
	tb.size(320, 640)
	for _, e := range eval[[]string](tb, wide) {
		tb.t.Errorf("%s: at 320 pixels it sticks out: %s", tb.where(), e)
	}
	tb.size(size[0], size[1])
}

// large wants no text cut off and no scrolling sideways with letters twice as large (WCAG 1.4.4).
func (tb *tab) large() {
	tb.t.Helper()
	before := eval[string](tb, `(() => { const r = document.documentElement, b = r.style.fontSize;
		r.style.fontSize = parseFloat(getComputedStyle(r).fontSize) * 2 + "px"; return b })()`)
	for _, e := range eval[[]string](tb, wide) {
		tb.t.Errorf("%s: with large letters it sticks out: %s", tb.where(), e)
	}
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
