// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/avanti-queue/avanti/display"
	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/health"
	"github.com/avanti-queue/avanti/internal/office"
	"github.com/avanti-queue/avanti/queue"
)

// settled refuses to run a journal of another office.
func (a *App) settled() error {
	have, want := a.engine.View().Settings(), a.options.Config.Settings()
	if have != nil && have.Office != want.Office {
		return fmt.Errorf("%s: office.id is %s, but the journal in %s belongs to office %s: use another data_dir or the right file",
			a.options.Config.Name, want.Office, a.options.Config.DataDir, have.Office)
	}
	return nil
}

// settle puts the configured settings in force. Those that would pull a chair away
// from somebody wait for the next start, with a warning.
func (a *App) settle(ctx context.Context) error {
	want := a.options.Config.Settings()
	if have := a.engine.View().Settings(); have != nil && same(*have, want) {
		return nil
	}
	by := queue.Actor{Role: queue.RoleSystem, ID: "configuration"}
	_, err := a.engine.Do(ctx, by, queue.ChangeSettings{Settings: want})
	refusal, refused := errors.AsType[*queue.Refusal](err)
	switch {
	case refused && a.engine.View().Settings() != nil:
		a.health.Raise(health.Warning{
			Name: "settings_pending", Severity: health.Degraded,
			Cause: "the new configuration is not in force: " + refusal.Subject,
			Hint:  "close the day and start the program again",
		})
		return nil
	case err != nil:
		return fmt.Errorf("put %s in force: %w", a.options.Config.Name, err)
	}
	return nil
}

// same compares settings as the journal keeps them.
func same(a, b queue.Settings) bool {
	_, x, errX := queue.EncodeEvent(queue.SettingsChanged{Settings: a})
	_, y, errY := queue.EncodeEvent(queue.SettingsChanged{Settings: b})
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

func kiosks(f *config.File) []office.Kiosk {
	out := make([]office.Kiosk, 0, len(f.Kiosks))
	for _, k := range f.Kiosks {
		out = append(out, office.Kiosk{ID: k.ID, Printer: k.Printer, Spare: k.Spare})
	}
	return out
}

// arrows are where counters are as seen from each panel.
func arrows(f *config.File) map[string]map[queue.CounterID]display.Arrow {
	out := map[string]map[queue.CounterID]display.Arrow{}
	for _, d := range f.Devices {
		out[d.ID] = d.Arrows
	}
	return out
}

// template is what stands on slips, without the way to any page.
func template(f *config.File) office.Template {
	out := office.Template{Both: f.Slip.Both, Advice: f.Slip.Advice}
	for _, p := range f.Slip.Parts {
		out.Parts = append(out.Parts, office.TemplatePart{Name: office.PartName(p.Name), Size: p.Size, Bold: p.Bold})
	}
	return out
}
