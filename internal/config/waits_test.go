// SPDX-License-Identifier: EUPL-1.2

package config_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/queue"
)

func TestWaits(t *testing.T) {
	f, err := config.Load(testdata + "configs/good/waits.yaml")
	if err != nil {
		t.Fatal(err)
	}
	every := [7]bool{true, true, true, true, true, true, true}
	want := config.Waits{
		Service: 6 * time.Minute, Services: map[queue.ServiceID]time.Duration{"cards": 18 * time.Minute}, Stop: config.StopUnlikely,
		Breaks: []config.Break{
			{Counters: []queue.CounterID{"c1"}, Days: every, Span: queue.Span{From: 720, To: 765}},
			{Counters: []queue.CounterID{"c2"}, Days: every, Span: queue.Span{From: 765, To: 810}},
			{Counters: []queue.CounterID{"c1", "c2"}, Days: [7]bool{time.Monday: true, time.Wednesday: true}, Span: queue.Span{From: 600, To: 615}},
		},
	}
	if d := cmp.Diff(want, f.Waits); d != "" {
		t.Errorf("waits (-want +got):\n%s", d)
	}
}
