// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/queue"
)

// Waits tells how long people are going to wait.
type Waits = waits

// NewWaits returns one of an engine whose journal is read from elsewhere.
func NewWaits(e *queue.Engine, s *store.Store, r prometheus.Registerer) *Waits {
	return newWaits(e, s, &config.Waits{}, r)
}

// Run is what the daemon runs in the background.
func (w *waits) Run(ctx context.Context) error { return w.run(ctx) }
