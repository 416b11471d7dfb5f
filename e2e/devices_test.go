// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"context"
	"sync"
	"testing"

	"github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/sim/panel"
)

// TestPairing: a manager types the code of a new panel's label, the page waits for it, both show the same
// number, and the panel belongs to the hall.
func TestPairing(t *testing.T) {
	t.Parallel()
	o := startOffice(t, "small.yaml", func(f *config.File) { f.MQTT.Listen = "127.0.0.1:0" })
	tb := o.tab(t, "manager", "/devices?lang=it")
	tb.await("[data-state=live] .link", "") // its script has come
	tb.fill("#code", "7K2M-Q9XR")
	tb.click(`form[data-op="pairing/open"] button`)
	tb.await("#pairing .wait", "")
	for _, lang := range languages() {
		tb.open(in(lang, "/devices"))
		tb.await("#pairing .wait", "")
		tb.look()
	}
	tb.forced()

	ctx, leave := context.WithCancel(t.Context())
	var piece sync.WaitGroup
	t.Cleanup(func() {
		leave()
		piece.Wait()
	})
	shows, granted := make(chan string, 1), make(chan fwproto.Grant, 1)
	piece.Go(func() {
		p := panel.Piece{
			Maker: "esp-1", Code: "7K2MQ9XR", Kind: fwproto.KindPanel, Hardware: "sim r1",
			Dial: o.app.DialDevice, Show: func(n string) { shows <- n },
		}
		if g, err := p.Pair(ctx); err == nil {
			granted <- g
		}
	})
	tb.await(".compare", "")
	if number := <-shows; tb.text(".compare") != number {
		t.Errorf("the page shows %s, the panel %s", tb.text(".compare"), number)
	}
	tb.look()
	tb.open("/devices?lang=it")
	tb.await("[data-state=live] .link", "")
	tb.fill("#id", "panel-9")
	eval[string](tb, `document.querySelector("#counter").value = "c1"`)
	tb.click(`form[data-op="pairing/confirm"] button.primary`)
	tb.await("#pairing .note", "panel-9")
	tb.await("#panel", "panel-9")
	if g := <-granted; g.Device != "panel-9" {
		t.Errorf("granted to %s", g.Device)
	}
}
