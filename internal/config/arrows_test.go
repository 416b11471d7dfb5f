// SPDX-License-Identifier: EUPL-1.2

package config_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/display"
	"github.com/avanti-queue/avanti/queue"
)

func TestArrows(t *testing.T) {
	f := load(t, "configs/good/arrows.yaml")
	want := []map[queue.CounterID]display.Arrow{nil, {"c1": display.Up}, {"c1": display.Left, "c2": display.Right}}
	for i, d := range f.Devices {
		if diff := cmp.Diff(want[i], d.Arrows); diff != "" {
			t.Errorf("%s (-want +got):\n%s", d.ID, diff)
		}
	}
}
