// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"github.com/avanti-queue/avanti/internal/web"
	"github.com/avanti-queue/avanti/queue"
)

// forCitizens fills in what kiosks and phones tell and ask citizens.
func (a *App) forCitizens(o *web.Options) {
	c := a.options.Config
	o.Cards, o.Words, o.Votes = map[queue.ServiceID]web.Card{}, c.Words, a.store
	for id, card := range c.Cards {
		o.Cards[id] = web.Card(card)
	}
	for _, p := range c.Priority {
		o.Priority = append(o.Priority, web.Priority(p))
	}
	o.Kiosks = map[string]web.Kiosk{}
	for _, k := range c.Kiosks {
		o.Kiosks[k.ID] = web.Kiosk{Idle: k.Idle, Warning: k.Warning, Languages: k.Languages, QR: string(k.QR)}
	}
}
