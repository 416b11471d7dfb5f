// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

const (
	// streamPace is the shortest time between two bursts of events: pages fetch
	// something at each.
	streamPace = 200 * time.Millisecond
	// warnPace is how often a stream looks whether the warnings have changed.
	warnPace = time.Second
	// streamWrite is how long a reader may leave what was sent to it.
	streamWrite = 10 * time.Second
	// streamRetry is when a browser comes back that watches no heartbeat.
	streamRetry = 3 * time.Second
)

// stream sends what happens until the reader leaves, the server closes or the
// journal fails. What the reader is told is never behind what it then fetches.
func (s *Server) stream(w http.ResponseWriter, r *http.Request) {
	stranger := ""
	if accessOf(r.Context()) == nil {
		stranger = remote(r)
	}
	if !s.rooms.enter(stranger) {
		s.problem(w, r, &Problem{Code: codeTooMany, Status: http.StatusServiceUnavailable, Detail: "too many streams are open", retry: retryAfter})
		return
	}
	defer s.rooms.leave(stranger)
	s.metrics.streams.Inc()
	defer s.metrics.streams.Dec()

	var follower sync.WaitGroup
	defer follower.Wait()
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	after := s.office.View().Seq()
	seen := newSignals(after)
	follower.Go(func() {
		for r, err := range s.office.Follow(ctx, after) {
			if err != nil {
				break
			}
			seen.note(s.office.View(), r)
		}
		seen.fail()
	})

	out := openStream(w)
	s.feed(ctx, out, seen, accessOf(ctx))
}

// feed writes until something ends it.
func (s *Server) feed(ctx context.Context, out *eventWriter, seen *signals, a *Access) {
	beat := time.NewTicker(s.o.Heartbeat)
	defer beat.Stop()
	pause := time.NewTimer(0)
	defer pause.Stop()
	staff := a != nil && staff.has(a.Role)
	var look <-chan time.Time
	if a != nil && issuers.has(a.Role) {
		ticker := time.NewTicker(warnPace)
		defer ticker.Stop()
		look = ticker.C
	}
	warned := s.o.Warnings()
	s.beat(out, seen)
	for out.flush() == nil {
		<-pause.C // the first time at once
		select {
		case <-ctx.Done():
			return
		case <-s.closed:
			return
		case <-beat.C:
			s.beat(out, seen)
			pause.Reset(0)
		case <-look:
			if now := s.o.Warnings(); !slices.Equal(now, warned) {
				warned = now
				version := seen.version()
				out.event("warnings", version, WarningsEvent{Version: version, At: s.office.Now().UTC()})
			}
			pause.Reset(0)
		case <-seen.ready:
			n := seen.take()
			if n.failed {
				return
			}
			s.tell(out, n, staff)
			pause.Reset(streamPace)
		}
	}
}

func (s *Server) beat(out *eventWriter, seen *signals) {
	version := seen.version()
	out.event("heartbeat", version, HeartbeatEvent{Version: version, At: s.office.Now().UTC(), Build: s.static.build})
}

func (s *Server) tell(out *eventWriter, n news, staff bool) {
	at := s.office.Now().UTC()
	for _, c := range n.calls {
		switch c := c.(type) {
		case CallEvent:
			out.event("call", c.Version, s.heard(c))
		case UndoneEvent:
			out.event("undone", c.Version, c)
		}
	}
	if n.board {
		out.event("board", n.version, BoardEvent{Version: n.version, At: at})
	}
	if staff && len(n.counters) > 0 {
		out.event("counters", n.version, CountersEvent{Version: n.version, At: at, Counters: n.changed()})
	}
	if n.office {
		out.event("office", n.version, OfficeEvent{Version: n.version, At: at})
	}
}

// openStream begins the answer of a stream.
func openStream(w http.ResponseWriter) *eventWriter {
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // a proxy in front must not gather events
	h.Set("Connection", "close")     // the deadlines of its writes must not outlive the stream
	out := &eventWriter{w: w, control: http.NewResponseController(w)}
	out.printf("retry: %d\n\n", streamRetry.Milliseconds())
	return out
}

// eventWriter writes events and keeps the first error.
type eventWriter struct {
	w       io.Writer
	control *http.ResponseController
	err     error
}

func (o *eventWriter) event(name string, id queue.Seq, data any) {
	body, err := json.Marshal(data)
	if err != nil && o.err == nil {
		o.err = err
	}
	o.printf("event: %s\nid: %d\ndata: %s\n\n", name, id, body)
}

func (o *eventWriter) printf(format string, args ...any) {
	if o.err != nil {
		return
	}
	if err := o.control.SetWriteDeadline(time.Now().Add(streamWrite)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		o.err = err
		return
	}
	_, o.err = fmt.Fprintf(o.w, format, args...)
}

func (o *eventWriter) flush() error {
	if o.err == nil {
		o.err = o.control.Flush()
	}
	return o.err
}
