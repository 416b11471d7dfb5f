// SPDX-License-Identifier: EUPL-1.2

package config_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/stats"
)

func TestCharter(t *testing.T) {
	f, err := config.Load(testdata + "configs/good/charter.yaml")
	if err != nil {
		t.Fatal(err)
	}
	want := config.Charter{
		Promises: []stats.Promise{
			{ID: "wait", Measure: stats.MeasureWait, Limit: 15 * time.Minute, Share: .8},
			{ID: "cards", Measure: stats.MeasureService, Groups: []queue.GroupID{"all"}, Limit: 20 * time.Minute, Share: .9},
		},
		Publish: config.Publish{Status: true, QueueMonitor: true, Forecasts: true},
	}
	if d := cmp.Diff(want, f.Charter); d != "" {
		t.Errorf("charter (-want +got):\n%s", d)
	}
	if f, err = config.Load(testdata + "configs/good/minimal.yaml"); err != nil || f.Charter.Publish != (config.Publish{}) {
		t.Errorf("%v: an office that says nothing publishes something", err)
	}
}
