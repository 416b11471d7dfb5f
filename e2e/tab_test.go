// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// do runs steps, for at most the patience of a person.
func (tb *tab) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	tb.t.Helper()
	// The first step of a tab opens it, and it lives as long as that step's context.
	if err := chromedp.Do(tb.ctx); err != nil {
		tb.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(tb.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		tb.t.Fatalf("%s: %v; the page says:\n%s", what, err, tb.words())
	}
}

// words is what stands on the page, for a report.
func (tb *tab) words() string {
	ctx, cancel := context.WithTimeout(tb.ctx, 2*time.Second)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`location.pathname + "\n" + (document.body?.innerText ?? "")`))
	if err != nil {
		return err.Error()
	}
	return text
}

// open goes to an address, or to a path of the office.
func (tb *tab) open(address string) {
	tb.t.Helper()
	if strings.HasPrefix(address, "/") {
		address = tb.office.url(address)
	}
	tb.do("open "+address, chromedp.Navigate(address))
}

// settle waits until the tab has come to a path, wherever it was led before.
func (tb *tab) settle(path string) {
	tb.t.Helper()
	at, err := url.Parse(path)
	if err != nil {
		tb.t.Fatal(err)
	}
	tb.until("the page "+path, fmt.Sprintf(`location.pathname === %q && document.readyState === "complete"`, at.Path))
}

// click clicks an element as soon as it can be seen.
func (tb *tab) click(css string) {
	tb.t.Helper()
	tb.do("click "+css, chromedp.WaitVisible(chromedp.CSS(css)), chromedp.Click(chromedp.CSS(css)))
}

// press types keys at whatever has the focus; see package kb for those that are no letters.
func (tb *tab) press(keys string) {
	tb.t.Helper()
	tb.do("press "+keys, chromedp.KeyEvent(keys))
}

// fill types a text into a field, in place of what stands there.
func (tb *tab) fill(css, text string) {
	tb.t.Helper()
	tb.do("fill "+css, chromedp.WaitVisible(chromedp.CSS(css)), chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`document.querySelector(%q).value = ""`, css)), chromedp.SendKeys(chromedp.CSS(css), text))
}

// text is what an element says.
func (tb *tab) text(css string) string {
	tb.t.Helper()
	return eval[string](tb, fmt.Sprintf(`document.querySelector(%q)?.innerText?.trim() ?? ""`, css))
}

// count is how many elements there are that can be seen.
func (tb *tab) count(css string) int {
	tb.t.Helper()
	return eval[int](tb, fmt.Sprintf(`[...document.querySelectorAll(%q)].filter((e) => e.checkVisibility()).length`, css))
}

// await waits until a visible element's text contains a text.
func (tb *tab) await(css, text string) {
	tb.t.Helper()
	tb.until(fmt.Sprintf("%s says %q", css, text),
		fmt.Sprintf(`[...document.querySelectorAll(%q)].some((e) => e.checkVisibility() && e.innerText.includes(%q))`, css, text))
}

// gone waits until no such element can be seen.
func (tb *tab) gone(css string) {
	tb.t.Helper()
	tb.until(css+" is gone", fmt.Sprintf(`![...document.querySelectorAll(%q)].some((e) => e.checkVisibility())`, css))
}

// until waits until an expression is true, also across pages.
func (tb *tab) until(what, expression string) {
	tb.t.Helper()
	tb.untilIn(patience, what, expression)
}

// untilIn is until with another patience, for what takes its time on purpose.
func (tb *tab) untilIn(patience time.Duration, what, expression string) {
	tb.t.Helper()
	late := time.After(patience)
	for {
		ctx, cancel := context.WithTimeout(tb.ctx, 5*time.Second)
		is, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`!!(`+expression+`)`))
		cancel()
		if is {
			return
		}
		select {
		case <-late:
			tb.t.Fatalf("never true: %s (%v); the page says:\n%s", what, err, tb.words())
		case <-time.After(25 * time.Millisecond):
		}
	}
}

// eval returns the value of an expression, or of the promise that it is.
func eval[T any](tb *tab, expression string) T {
	tb.t.Helper()
	ctx, cancel := context.WithTimeout(tb.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		tb.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// size gives the page a size in CSS pixels.
func (tb *tab) size(width, height int64) {
	tb.t.Helper()
	tb.do("size", chromedp.EmulateViewport(width, height))
}

// media sets what the person prefers: light, dark, contrast (more of it), forced (colours of
// the system), still (reduced motion).
func (tb *tab) media(wish string) {
	tb.t.Helper()
	features := []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "light"}}
	switch wish {
	case "light":
	case "dark":
		features[0].Value = "dark"
	case "contrast":
		features = append(features, &emulation.MediaFeature{Name: "prefers-contrast", Value: "more"})
	case "forced":
		features = append(features, &emulation.MediaFeature{Name: "forced-colors", Value: "active"})
	case "still":
		features = append(features, &emulation.MediaFeature{Name: "prefers-reduced-motion", Value: "reduce"})
	default:
		tb.t.Fatalf("media %q", wish)
	}
	tb.do("media "+wish, chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features})
		return err
	}))
}

// picture returns what can be seen, as PNG.
func (tb *tab) picture() []byte {
	tb.t.Helper()
	ctx, cancel := context.WithTimeout(tb.ctx, patience)
	defer cancel()
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		tb.t.Fatal(err)
	}
	return png
}
