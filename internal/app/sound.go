// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"fmt"
	"os"

	"github.com/avanti-queue/avanti/display"
	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/health"
	"github.com/avanti-queue/avanti/internal/speech"
	"github.com/avanti-queue/avanti/internal/web"
)

// checkSound finds clips that are not there.
func checkSound(f *config.File, report func(field, wrong, want string)) {
	if f.Sound.Clips == "" {
		return
	}
	if info, err := os.Stat(f.Sound.Clips); err != nil || !info.IsDir() {
		report("sound.clips", fmt.Sprintf("there is no directory %q", f.Sound.Clips), "the directory with the recorded words, or none")
	}
}

// hall is what the screens show and play. Screens that are too small for their hall have a warning.
func (a *App) hall() (web.Hall, error) {
	f := a.options.Config
	out := web.Hall{
		Strip: web.Strip(f.Hall.Strip), Spoken: f.Sound.Calls == config.CallsSpoken, Both: f.Sound.Both, Repeat: f.Sound.Repeat,
		Loudness: speech.Loudness{Volume: f.Sound.Volume},
	}
	for _, h := range f.Sound.Hours {
		out.Loudness.Hours = append(out.Loudness.Hours, speech.Hours{From: h.Span.From, To: h.Span.To, Volume: h.Volume})
	}
	number, label := web.Widths(f.Settings())
	for _, s := range f.Hall.Screens {
		screen := display.Screen{Diagonal: float64(s.Diagonal), Distance: float64(s.Distance)}
		out.Screens = append(out.Screens, web.HallScreen{
			ID: s.ID, Screen: screen, Light: s.Theme == config.ThemeLight, Silent: s.Silent, Arrows: s.Arrows,
		})
		if screen.Layout(number, label).Short {
			a.health.Raise(health.Warning{
				Name: "screen_small", Subject: s.ID, Severity: health.Notice,
				Cause: fmt.Sprintf("%d inches seen from %d m show fewer than four numbers that can be read", s.Diagonal, s.Distance),
				Hint:  "hang up a larger screen, or another one nearer to the farthest seats",
			})
		}
	}
	if f.Sound.Calls == config.CallsSilent {
		return out, nil
	}
	var err error
	out.Sounds, err = speech.New(speech.Options{Program: f.Sound.Program, Clips: f.Sound.Clips, Registerer: a.registry, Log: a.log})
	return out, err
}
