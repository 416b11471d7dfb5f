// SPDX-License-Identifier: EUPL-1.2

package config_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/display"
	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/queue"
)

func TestHallAndSound(t *testing.T) {
	f := load(t, "configs/good/hall.yaml")
	hall := config.Hall{Strip: config.StripNumbers, Screens: []config.HallScreen{
		{
			ID: "main", Diagonal: 65, Distance: 12, Theme: config.ThemeDark,
			Arrows: map[queue.CounterID]display.Arrow{"c1": display.Left, "c2": display.Right},
		},
		{ID: "stairs", Diagonal: 55, Distance: 8, Theme: config.ThemeLight, Silent: true},
	}}
	if diff := cmp.Diff(hall, f.Hall); diff != "" {
		t.Errorf("hall (-want +got):\n%s", diff)
	}
	sound := config.Sound{
		Calls: config.CallsSpoken, Volume: 70, Hours: []config.Volume{{Span: span(8, 9), Volume: 40}},
		Program: "/opt/voice/bin/speak", Clips: "/srv/avanti/clips", Repeat: 30 * time.Second,
	}
	if diff := cmp.Diff(sound, f.Sound); diff != "" {
		t.Errorf("sound (-want +got):\n%s", diff)
	}
	f = load(t, "configs/good/minimal.yaml")
	if diff := cmp.Diff(defaultHall(), f.Hall); diff != "" {
		t.Errorf("hall where the file is silent (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(defaultSound(), f.Sound); diff != "" {
		t.Errorf("sound where the file is silent (-want +got):\n%s", diff)
	}
}

// defaultHall and defaultSound are what holds where a file says nothing.
func defaultHall() config.Hall {
	return config.Hall{Strip: config.StripWaits, Screens: []config.HallScreen{{ID: "hall", Diagonal: 55, Distance: 8, Theme: config.ThemeDark}}}
}

func defaultSound() config.Sound {
	return config.Sound{Calls: config.CallsSpoken, Volume: 80, Program: "espeak-ng", Both: true, Repeat: 20 * time.Second}
}
