// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/avanti-queue/avanti/internal/sim/tray"
)

// papers is the page of what came out of the printers. It is the simulator's own: the daemon knows
// nothing of it.
type papers struct {
	tray.Tray
	url    string
	server *http.Server
	ended  chan error
}

// showPapers serves the page until close.
func showPapers(ctx context.Context, address string) (*papers, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("-papers: %w: give another address, or 127.0.0.1:0 for any", err)
	}
	p := &papers{url: "http://" + l.Addr().String() + "/", ended: make(chan error, 1)}
	p.server = &http.Server{Handler: p.Handler(), ReadHeaderTimeout: 5 * time.Second}
	go func() { p.ended <- p.server.Serve(l) }()
	return p, nil
}

func (p *papers) close() error {
	err := p.server.Close()
	if ended := <-p.ended; !errors.Is(ended, http.ErrServerClosed) {
		err = errors.Join(err, ended)
	}
	return err
}
