// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"time"

	"github.com/avanti-queue/avanti/internal/web"
)

func (a *App) webOptions(c *commits) web.Options {
	return web.Options{
		Office:     a.office,
		Access:     a.access(),
		Hosts:      a.options.Config.HTTP.Hosts,
		Warnings:   a.warnings,
		Alive:      func() error { return a.gate.Alive(time.Now()) },
		Ready:      c.ready,
		Gatherer:   a.registry,
		Registerer: a.registry,
		Version:    Version(),
		Built:      a.built,
		Log:        a.log,
	}
}

// access lists who may log in. A kiosk's access has the id of the kiosk, and so its printer.
func (a *App) access() []web.Access {
	printers := map[string]string{}
	for _, k := range a.options.Config.Kiosks {
		printers[k.ID] = k.Printer
	}
	var out []web.Access
	for _, x := range a.options.Config.Access {
		if x.Token == [32]byte{} {
			continue // no token was made yet: nobody can log in with it
		}
		out = append(out, web.Access{
			ID: x.ID, Role: web.Role(x.Role), Counter: x.Counter, Printer: printers[x.ID], TokenSHA256: x.Token,
		})
	}
	return out
}

func (a *App) warnings() []web.Warning {
	var out []web.Warning
	for _, w := range a.health.List() {
		out = append(out, web.Warning{
			Name: w.Name, Subject: w.Subject, Severity: string(w.Severity), Cause: w.Cause, Hint: w.Hint, Since: w.Since,
		})
	}
	return out
}
