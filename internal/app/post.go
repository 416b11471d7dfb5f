// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"
	"net"
	"sync"

	"github.com/avanti-queue/avanti/internal/broker"
)

var errNoBroker = errors.New("the embedded broker is not running")

// post is where the embedded broker of the moment is found.
type post struct {
	mu     sync.Mutex
	broker *broker.Broker // nil: none runs
	manned chan struct{}  // closed while one does
}

func newPost() *post { return &post{manned: make(chan struct{})} }

// man puts a broker there until it is left.
func (p *post) man(b *broker.Broker) (leave func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.broker = b
	close(p.manned)
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.broker, p.manned = nil, make(chan struct{})
	}
}

// now returns the broker that runs, nil: none does, and what is closed once one does.
func (p *post) now() (*broker.Broker, <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.broker, p.manned
}

// dialHost connects the daemon. It waits for a broker that is about to come: the link is started
// beside it and would otherwise try again a second later.
func (p *post) dialHost(ctx context.Context) (net.Conn, error) {
	for {
		b, manned := p.now()
		if b != nil {
			return b.HostPipe()
		}
		select {
		case <-manned:
		case <-ctx.Done():
			return nil, errNoBroker
		}
	}
}

func (p *post) dialDevice(context.Context) (net.Conn, error) {
	b, _ := p.now()
	if b == nil {
		return nil, errNoBroker
	}
	return b.Pipe()
}

// drop ends the connection of a user at once.
func (p *post) drop(user string) {
	if b, _ := p.now(); b != nil {
		b.Drop(user)
	}
}
