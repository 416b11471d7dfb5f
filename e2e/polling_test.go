// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"context"
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"
)

// crowd opens streams from this address until there are no more, and returns how to end them.
func (o *office) crowd() (leave func()) {
	o.t.Helper()
	ctx, cancel := context.WithCancel(o.t.Context())
	transport := &http.Transport{}
	client := &http.Client{Transport: transport}
	for {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, o.url("/api/v1/events"), nil)
		if err != nil {
			o.t.Fatal(err)
		}
		answer, err := client.Do(r) //nolint:bodyclose // the stream ends with the context
		if err != nil {
			o.t.Fatal(err)
		}
		if answer.StatusCode != http.StatusOK {
			return func() {
				cancel()
				transport.CloseIdleConnections()
			}
		}
	}
}

// fresh waits until the page shows how things are, with a stream or without.
func (tb *tab) fresh() {
	tb.t.Helper()
	tb.until("the page is fresh", `["live", "polling"].includes(document.body.dataset.state)`)
}

// TestHallWithoutStream: strangers hold every stream that they may have. One more hall is not live and says
// so, but it is no staler than its last question: it shows the next call, and takes a stream once there is one.
func TestHallWithoutStream(t *testing.T) {
	t.Parallel()
	o := startOffice(t, "small.yaml")
	leave := o.crowd()
	defer leave()
	tb := o.tab(t, "", "/hall?sound=off")
	tb.allow("503")
	tb.until("the page asks", `document.body.dataset.state === "polling"`)
	tb.await(".link-polling", "Aggiornato ogni pochi secondi")
	tb.do("diary", chromedp.Evaluate[chromedp.Void](`window.states = new Set();
		new MutationObserver(() => states.add(document.body.dataset.state)).observe(document.body, { attributeFilter: ["data-state"] })`))
	number := o.call("c1", "it")
	tb.await("#stage-number", number)
	tb.await(".list", number)
	if n := eval[int](tb, `states.size`); n != 0 {
		t.Errorf("without a stream the page was also %q", eval[[]string](tb, `[...states]`))
	}
	leave()
	tb.live()
	second := o.call("c2", "it")
	tb.await("#stage-number", second)
}
