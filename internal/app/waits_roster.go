// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"slices"
	"time"

	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/queue/forecast"
)

// roster returns the breaks that are planned for the day of an instant of the office's clock.
func roster(p *config.Waits, local time.Time) forecast.Roster {
	y, m, d := local.Date()
	at := func(minute int) time.Time { return time.Date(y, m, d, minute/60, minute%60, 0, 0, local.Location()) }
	var out forecast.Roster
	for _, b := range p.Breaks {
		if !b.Days[local.Weekday()] {
			continue
		}
		for _, c := range b.Counters {
			i := slices.IndexFunc(out, func(s forecast.Shift) bool { return s.Counter == c })
			if i < 0 {
				i, out = len(out), append(out, forecast.Shift{Counter: c})
			}
			out[i].Breaks = append(out[i].Breaks, forecast.Break{From: at(b.Span.From), To: at(b.Span.To)})
		}
	}
	for _, s := range out {
		slices.SortFunc(s.Breaks, func(a, b forecast.Break) int { return a.From.Compare(b.From) })
	}
	return out
}

// worst returns the worst prospect of being called today with which the office still gives
// numbers; see [web.Options].
func worst(s config.Stop) forecast.Prospect {
	switch s {
	case config.StopUnlikely:
		return forecast.ProspectDoubtful
	case config.StopDoubtful:
		return forecast.ProspectLikely
	case config.StopNever:
	}
	return forecast.ProspectUnknown
}
