// SPDX-License-Identifier: EUPL-1.2

package fleet

import (
	"context"
	"encoding/hex"
	"fmt"
	"iter"
	"sync"
	"time"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
)

const (
	maxWatchers = 4
	traceQueue  = 512 // messages that wait for one watcher
)

// Passed is a message as it passed the daemon's link to the broker.
type Passed struct {
	At       time.Time
	Sent     bool // by the daemon; else received
	Retained bool // received: a broker has kept it
	Topic    string
	Hex      string // of the payload; "": empty, or secret
	Message  string // its type and what it says; "": it is not understood
	Fault    string // why not
	Missed   int    // messages before it that the watcher was too slow for
}

// Tracer lets technicians watch the messages of the link. The zero value is ready.
type Tracer struct {
	mu       sync.Mutex
	watchers map[chan Passed]*int // with how many messages each has missed
}

// Note shows a message to those who watch; without them it costs next to nothing.
func (t *Tracer) Note(topic string, payload []byte, sent, retained bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.watchers) == 0 {
		return
	}
	p := Passed{At: time.Now().UTC(), Sent: sent, Retained: retained, Topic: topic}
	p.look(payload)
	for w, missed := range t.watchers {
		p.Missed = *missed
		select {
		case w <- p:
			*missed = 0
		default:
			*missed++
		}
	}
}

// look decodes the payload. Of a grant nothing is told but that it was one.
func (p *Passed) look(payload []byte) {
	m, err := fwproto.Read(payload)
	switch m := m.(type) {
	case fwproto.Grant:
		p.Message = fmt.Sprintf("grant {Device:%s Office:%s Password:(secret)}", m.Device, m.Office)
		return
	case nil:
		p.Fault = err.Error()
	default:
		p.Message = fmt.Sprintf("%s %+v", m.Type(), m)
	}
	if _, leaf, ok := fwproto.ParsePairing(p.Topic); ok && leaf == fwproto.LeafDown && err != nil {
		return // it may be a grant that went wrong
	}
	p.Hex = hex.EncodeToString(payload)
}

// Watch yields the messages from now on until ctx ends. There can be four watchers at a
// time; for a fifth there is nothing.
func (t *Tracer) Watch(ctx context.Context) iter.Seq[Passed] {
	return func(yield func(Passed) bool) {
		w := make(chan Passed, traceQueue)
		if !t.add(w) {
			return
		}
		defer t.remove(w)
		for {
			select {
			case <-ctx.Done():
				return
			case p := <-w:
				if !yield(p) {
					return
				}
			}
		}
	}
}

func (t *Tracer) add(w chan Passed) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.watchers) >= maxWatchers {
		return false
	}
	if t.watchers == nil {
		t.watchers = map[chan Passed]*int{}
	}
	t.watchers[w] = new(int)
	return true
}

func (t *Tracer) remove(w chan Passed) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.watchers, w)
}
