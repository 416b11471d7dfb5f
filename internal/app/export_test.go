// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"net"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/avanti-queue/avanti/internal/broker"
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

// And is both orders in one restart.
func (o Order) And(later Order) Order { return o.and(later) }

// Post is where the embedded broker is found.
type Post = post

// NewPost returns one without a broker.
func NewPost() *Post { return newPost() }

// Man puts a broker there.
func (p *post) Man(b *broker.Broker) (leave func()) { return p.man(b) }

// DialHost connects the daemon.
func (p *post) DialHost(ctx context.Context) (net.Conn, error) { return p.dialHost(ctx) }
