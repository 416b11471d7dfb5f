// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"errors"
	"net/url"
	"slices"
	"time"

	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/web"
	"github.com/avanti-queue/avanti/queue"
)

func (a *App) webOptions(c *commits) web.Options {
	o := web.Options{
		Office:     a.office,
		Access:     a.access(),
		Hosts:      a.hosts(),
		Warnings:   a.warnings,
		Printers:   a.printerStates,
		Panels:     a.panelStates,
		Fleet:      a.devices,
		Accounts:   a.people,
		Sessions:   a.options.Sessions,
		Idle:       a.options.Config.HTTP.Idle,
		Steward:    a.steward,
		Firmware:   a.devices.image,
		Pages:      a.pages,
		Forecast:   a.waits.Forecast,
		Worst:      worst(a.options.Config.Waits.Stop),
		Alive:      func() error { return a.gate.Alive(time.Now()) },
		Ready:      func() error { return errors.Join(c.ready(), a.office.Ready()) },
		Gatherer:   a.registry,
		Registerer: a.registry,
		Version:    Version(),
		Built:      a.built,
		Log:        a.log,
	}
	o.Figures, o.Publish = a.past, web.Publish(a.options.Config.Charter.Publish)
	a.forCitizens(&o)
	return o
}

// hosts are the names under which the pages are reached, with that of the slips.
func (a *App) hosts() []string {
	hosts := a.options.Config.HTTP.Hosts
	if u, err := url.Parse(a.pages.Address); err == nil && u.Hostname() != "" {
		hosts = append(slices.Clone(hosts), u.Hostname())
	}
	return hosts
}

// access lists who may log in. A kiosk's access has the id of the kiosk, and so its printers.
func (a *App) access() []web.Access {
	kiosks := map[string]config.Kiosk{}
	for _, k := range a.options.Config.Kiosks {
		kiosks[k.ID] = k
	}
	var out []web.Access
	for _, x := range a.options.Config.Access {
		if x.Token == [32]byte{} {
			continue // no token was made yet: nobody can log in with it
		}
		k := kiosks[x.ID]
		out = append(out, web.Access{
			ID: x.ID, Role: web.Role(x.Role), Counter: x.Counter, Printer: k.Printer, Spare: k.Spare,
			Refuses: k.WithoutPaper == config.WithoutPaperRefuse, TokenSHA256: x.Token,
		})
	}
	return out
}

func (a *App) printerStates() []web.Printer {
	var out []web.Printer
	for _, p := range a.office.PrinterStates() {
		out = append(out, web.Printer{ID: p.ID, Ready: p.Ready, Needs: p.Needs, Left: p.Left, Known: p.Known})
	}
	return out
}

func (a *App) panelStates() []web.Panel {
	labels := map[queue.CounterID]string{}
	if s := a.office.View().Settings(); s != nil {
		for _, c := range s.Counters {
			labels[c.ID] = c.Label
		}
	}
	var out []web.Panel
	for _, p := range a.office.PanelStates() {
		out = append(out, web.Panel{ID: p.ID, Counter: labels[p.Counter], Number: p.Wanted, State: string(p.State), Needs: p.Warning})
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
