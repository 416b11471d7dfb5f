// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// browser is the one Chromium of all stories. Each tab has cookies of its own.
type browser struct {
	start func() (context.Context, error)
	stop  func()
}

func newBrowser(path string) browser {
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-quic", true),
		chromedp.Flag("host-resolver-rules", "MAP *.lan 127.0.0.1"), // http://avanti.lan is no secure context, as in an office
	)
	allocator, _ := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(allocator)
	return browser{
		start: sync.OnceValues(func() (context.Context, error) { return ctx, chromedp.Do(ctx) }),
		stop:  cancel,
	}
}

// tab is a page in front of a person.
type tab struct {
	t      *testing.T
	office *office
	ctx    context.Context

	mu      sync.Mutex
	said    []string // on the console
	allowed []string // parts of what it may say
}

// patience is how long a person, and a test, waits for a page.
const patience = 15 * time.Second

// tab opens a page in a browser of its own, which belongs to an access; "" is nobody's.
func (o *office) tab(t *testing.T, access, path string) *tab {
	t.Helper()
	return o.tabAt(t, "http://"+o.address, access, path)
}

// tabAt is tab at another address of the office, such as a name or a proxy's.
func (o *office) tabAt(t *testing.T, base, access, path string) *tab {
	t.Helper()
	root, err := chromium.start()
	if err != nil {
		t.Fatalf("chromium does not start: %v", err)
	}
	ctx, cancel := chromedp.NewContext(root, chromedp.WithNewBrowserContext())
	tb := &tab{t: t, office: o, ctx: ctx}
	listening := make(chan struct{})
	messages := chromedp.Console(ctx)
	go func() {
		defer close(listening)
		for m, err := range messages {
			if err != nil {
				return
			}
			if m.Type == "debug" {
				continue // advice to developers, such as how to please password managers
			}
			tb.mu.Lock()
			tb.said = append(tb.said, fmt.Sprintf("%s %s (%s:%d)", m.Type, m.Text, m.URL, m.Line))
			tb.mu.Unlock()
		}
	}()
	t.Cleanup(func() {
		cancel()
		<-listening
		for _, word := range tb.unexpected() {
			t.Errorf("the console of %s says: %s", path, word)
		}
	})
	tb.size(1280, 800)
	if access == "" {
		tb.open(base + path)
		return tb
	}
	tb.open(base + "/enter?next=" + url.QueryEscape(path) + "#" + token(access))
	tb.settle(path)
	return tb
}

// allow names a part of what the console may say, such as the failed requests of a story
// in which the server goes away.
func (tb *tab) allow(parts ...string) {
	tb.mu.Lock()
	defer tb.mu.Unlock()
	tb.allowed = append(tb.allowed, parts...)
}

func (tb *tab) unexpected() []string {
	tb.mu.Lock()
	defer tb.mu.Unlock()
	var out []string
said:
	for _, word := range tb.said {
		for _, part := range tb.allowed {
			if strings.Contains(word, part) {
				continue said
			}
		}
		out = append(out, word)
	}
	return out
}
