// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"fmt"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/escpos"
	"github.com/avanti-queue/avanti/device/serialport"
	"github.com/avanti-queue/avanti/device/thermal"
	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/queue"
)

// printer is one configured printer and what keeps its line.
type printer struct {
	id string
	*thermal.Printer
	run func(context.Context) error
}

// CheckConfig finds the faults of a configuration that only those packages know
// which the configuration names.
func CheckConfig(f *config.File, report func(field, wrong, want string)) {
	for i, p := range f.Printers {
		if _, err := escpos.Lookup(p.Profile); err != nil {
			report(fmt.Sprintf("printers[%d].profile", i), "not a known profile", err.Error())
		}
	}
}

func (a *App) openPrinters() error {
	for _, c := range a.options.Config.Printers {
		profile, err := escpos.Lookup(c.Profile)
		if err != nil {
			return fmt.Errorf("printer %s: %w", c.ID, err)
		}
		open, ok := a.options.Ports[c.ID]
		if !ok {
			open = func(ctx context.Context) (device.Port, error) {
				return serialport.Open(ctx, serialport.Config{Path: c.Path, Baud: c.Baud, FlowControl: serialport.FlowControl(c.Flow)})
			}
		}
		p := thermal.New(thermal.Options{
			Open: open, Profile: profile, Baud: c.Baud, Log: a.log, Interrupted: interrupted(a.engine.View(), c.ID),
		})
		a.printers = append(a.printers, &printer{id: c.ID, Printer: p, run: p.Run})
	}
	return nil
}

// interrupted reports whether the last process may have ended in the middle of a slip.
func interrupted(v *queue.View, printer string) bool {
	for t := range v.Tickets() {
		if t.Slip.Printer == printer && t.Slip.Result == queue.SlipResultPending {
			return true
		}
	}
	return false
}

func (a *App) byID() map[string]device.Printer {
	out := make(map[string]device.Printer, len(a.printers))
	for _, p := range a.printers {
		out[p.id] = p.Printer
	}
	return out
}
