// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/escpos"
	"github.com/avanti-queue/avanti/device/serialport"
	"github.com/avanti-queue/avanti/device/thermal"
	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/office"
	"github.com/avanti-queue/avanti/queue"
)

// printer is one configured printer and what keeps its line.
type printer struct {
	config config.Printer
	length int // mm of an ordinary slip
	*thermal.Printer
}

// maxProfile is how much of a profile file is read: more than one may have.
const maxProfile = 1 << 20

func (a *App) openPrinters() error {
	for _, c := range a.options.Config.Printers {
		profile, err := Profile(c.Profile)
		if err != nil {
			return fmt.Errorf("printer %s: %w", c.ID, err)
		}
		line := Line(c, profile)
		open, ok := a.options.Ports[c.ID]
		if !ok {
			open = func(ctx context.Context) (device.Port, error) { return serialport.Open(ctx, line) }
		}
		p := thermal.New(thermal.Options{
			Open: open, Profile: profile, Baud: line.Baud, Flow: string(line.FlowControl), Log: a.log.With(slog.String("printer", c.ID)),
			Interrupted: interrupted(a.engine.View(), c.ID),
			OnFault:     func(faults []device.Fault) { a.office.PrinterFaults(c.ID, faults) },
		})
		a.printers = append(a.printers, &printer{config: c, length: profile.Length, Printer: p})
	}
	return nil
}

// Line returns the line of a printer: as the configuration says, and where it says nothing, as the
// printers of the profile are delivered.
func Line(c config.Printer, profile escpos.Profile) serialport.Config {
	return serialport.Config{
		Path: c.Path, Baud: cmp.Or(c.Baud, profile.Baud), FlowControl: serialport.FlowControl(cmp.Or(string(c.Flow), profile.Flow)),
	}
}

// Profile returns the printer profile of a name, or that of a file if the name is a full path.
func Profile(name string) (escpos.Profile, error) {
	if !filepath.IsAbs(name) {
		return escpos.Lookup(name)
	}
	f, err := os.Open(name)
	if err != nil {
		return escpos.Profile{}, err
	}
	data, err := io.ReadAll(io.LimitReader(f, maxProfile))
	if err := errors.Join(err, f.Close()); err != nil {
		return escpos.Profile{}, err
	}
	return escpos.Parse(name, data)
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

// ofOffice returns the printers as the office knows them.
func (a *App) ofOffice() []office.Printer {
	out := make([]office.Printer, len(a.printers))
	for i, p := range a.printers {
		out[i] = office.Printer{ID: p.config.ID, Device: p.Printer, Roll: p.config.Roll, SlipLength: p.length}
	}
	return out
}
