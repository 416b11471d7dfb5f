// SPDX-License-Identifier: EUPL-1.2

package web_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/internal/web"
	"github.com/avanti-queue/avanti/queue"
)

// wire is a listener in memory: every dial is a pipe.
type wire struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func (w *wire) Accept() (net.Conn, error) {
	select {
	case c := <-w.conns:
		return c, nil
	case <-w.done:
		return nil, net.ErrClosed
	}
}

func (w *wire) Close() error {
	w.once.Do(func() { close(w.done) })
	return nil
}

func (w *wire) Addr() net.Addr { return &net.UnixAddr{Name: "memory", Net: "memory"} }

func (w *wire) dial(context.Context, string, string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	w.conns <- theirs
	return ours, nil
}

// serve puts a real HTTP server, with the deadlines of a careful one, and a client
// around a hall.
func serve(t *testing.T, h *hall) *http.Client {
	w := &wire{conns: make(chan net.Conn), done: make(chan struct{})}
	server := &http.Server{Handler: h.handler, ReadTimeout: 4 * time.Second, WriteTimeout: 20 * time.Second, IdleTimeout: time.Minute}
	var run sync.WaitGroup
	run.Go(func() {
		if err := server.Serve(w); !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
	transport := &http.Transport{DialContext: w.dial}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		if err := server.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
		run.Wait()
	})
	return &http.Client{Transport: transport}
}

type event struct {
	Name, ID string
	Data     map[string]any
	After    time.Duration // since the stream began
}

// reader is a client of the stream.
type reader struct {
	t      *testing.T
	body   io.ReadCloser
	lines  *bufio.Reader
	begun  time.Time
	cancel context.CancelFunc
}

func read(t *testing.T, client *http.Client, as string) *reader {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://localhost/api/v1/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	if as != "" {
		r.Header.Set("Authorization", "Bearer "+as)
	}
	begun := time.Now()
	answer, err := client.Do(r) //nolint:bodyclose // the reader closes it when it leaves
	if err != nil {
		t.Fatal(err)
	}
	if got := answer.Header.Get("Content-Type"); answer.StatusCode != http.StatusOK || got != "text/event-stream" {
		t.Fatalf("status %d, content type %q", answer.StatusCode, got)
	}
	return &reader{t: t, body: answer.Body, lines: bufio.NewReader(answer.Body), begun: begun, cancel: cancel}
}

// next returns the next event, ok false when the stream has ended.
func (r *reader) next() (e event, ok bool) {
	r.t.Helper()
	for {
		line, err := r.lines.ReadString('\n')
		if err != nil {
			return event{}, false
		}
		field, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		switch field {
		case "event":
			e.Name = value
		case "id":
			e.ID = value
		case "data":
			if err := json.Unmarshal([]byte(value), &e.Data); err != nil {
				r.t.Errorf("data %q: %v", value, err)
			}
		case "":
			if e.Name != "" {
				e.After = time.Since(r.begun)
				return e, true
			}
		}
	}
}

// want reads the next events and compares their names.
func (r *reader) want(names ...string) []event {
	r.t.Helper()
	var got []string
	var events []event
	for range names {
		e, ok := r.next()
		if !ok {
			r.t.Fatalf("the stream ended behind %v", got)
		}
		got, events = append(got, e.Name), append(events, e)
	}
	if diff := cmp.Diff(names, got); diff != "" {
		r.t.Fatalf("events, -want +got:\n%s", diff)
	}
	return events
}

func (r *reader) leave() {
	r.cancel()
	r.body.Close()
}

func TestStreamOfThePublic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, nil, nil)
		r := read(t, serve(t, h), "")
		defer r.leave()
		beat := r.want("heartbeat")[0]
		if beat.After != 0 || beat.Data["version"] != 2.0 || beat.ID != "2" || beat.Data["build"] == "" {
			t.Errorf("first heartbeat: %+v", beat)
		}
		if at, err := time.Parse(time.RFC3339, beat.Data["at"].(string)); err != nil || !at.Equal(h.Now()) {
			t.Errorf("heartbeat at %v, office %v", beat.Data["at"], h.Now())
		}

		h.do(t, queue.OpenCounter{Counter: "c1", Seen: h.seen("c1")}) // nothing for the public
		h.do(t, queue.IssueTicket{Service: "papers"})
		if e := r.want("board")[0]; e.Data["version"] != 4.0 {
			t.Errorf("board: %+v", e)
		}
		h.do(t, queue.CallNext{Counter: "c1", Seen: h.seen("c1")})
		events := r.want("call", "board")
		wantCall := map[string]any{
			"version": 5.0, "ticket": 4.0, "number": "A001", "counter": "c1", "label": "1", "calls": 1.0, "at": events[0].Data["at"], "key": events[0].Data["key"],
		}
		if diff := cmp.Diff(wantCall, events[0].Data); diff != "" {
			t.Errorf("call, -want +got:\n%s", diff)
		}
		h.do(t, queue.Recall{Counter: "c1", Seen: h.seen("c1")})
		if e := r.want("call", "board")[0]; e.Data["calls"] != 2.0 {
			t.Errorf("recall: %+v", e)
		}
		for i := range 3 {
			if e := r.want("heartbeat")[0]; e.After != time.Duration(i+1)*10*time.Second || e.Data["version"] != 6.0 {
				t.Errorf("heartbeat %d: %+v", i+1, e)
			}
		}
		h.do(t, queue.CloseDay{Force: true})
		r.want("board", "office")
	})
}

func TestStreamOfStaff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var warnings atomic.Pointer[[]web.Warning]
		warnings.Store(&[]web.Warning{})
		h := open(t, nil, func(o *web.Options) { o.Warnings = func() []web.Warning { return *warnings.Load() } })
		client := serve(t, h)
		boss, desk, kiosk, wall := read(t, client, "boss"), read(t, client, "desk-1"), read(t, client, "kiosk-1"), read(t, client, "wall")
		for _, r := range []*reader{boss, desk, kiosk, wall} {
			defer r.leave()
			r.want("heartbeat")
		}
		h.do(t, queue.OpenCounter{Counter: "c1", Seen: h.seen("c1")})
		for _, r := range []*reader{boss, desk} {
			if e := r.want("counters")[0]; !cmp.Equal(e.Data["counters"], []any{"c1"}) {
				t.Errorf("counters: %+v", e)
			}
		}
		warnings.Store(&[]web.Warning{{Name: "paper_out", Severity: "critical"}})
		<-time.After(1500 * time.Millisecond) // long before the next heartbeat
		boss.want("warnings")
		desk.want("warnings")
		kiosk.want("warnings")
		for _, r := range []*reader{boss, desk, kiosk, wall} {
			r.want("heartbeat")
		}
	})
}

// A rush of records must not become a rush of events: every page fetches something
// at each.
func TestStreamGathers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, nil, nil)
		r := read(t, serve(t, h), "")
		defer r.leave()
		r.want("heartbeat")
		for range 500 {
			h.do(t, queue.IssueTicket{Service: "papers"})
		}
		last := 0.0
		n := 0
		for last < 502 {
			e := r.want("board")[0]
			last = e.Data["version"].(float64)
			n++
		}
		if n > 3 {
			t.Errorf("500 records became %d events", n)
		}
	})
}

func TestStreamsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, nil, nil)
		client := serve(t, h)
		r := read(t, client, "")
		r.want("heartbeat")
		h.server.Close()
		if e, ok := r.next(); ok {
			t.Errorf("an event after the end: %+v", e)
		}
		r.leave()
	})
}

// There is a bound to the streams, and a stream that ends makes room.
func TestTooManyStreams(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, nil, nil)
		client := serve(t, h)
		var readers []*reader
		for range 4 {
			readers = append(readers, read(t, client, "wall"))
		}
		for h.server.Enter("") {
		}
		// With a client: a recorder would take in a stream that is not refused without end.
		w, err := client.Get("http://localhost/api/v1/events")
		if err != nil {
			t.Fatal(err)
		}
		if w.StatusCode != http.StatusServiceUnavailable || w.Header.Get("Retry-After") != "5" {
			t.Errorf("one more: %s, Retry-After %q", w.Status, w.Header.Get("Retry-After"))
		}
		w.Body.Close()
		readers[0].leave()
		synctest.Wait()
		<-time.After(time.Second) // the server notices at its next look
		r := read(t, client, "")
		r.want("heartbeat")
		r.leave()
		for _, r := range readers[1:] {
			r.leave()
		}
	})
}

// An office that runs for a day sends heartbeats all day, through the deadlines of
// a server that has some.
func TestStreamLasts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := open(t, nil, nil)
		r := read(t, serve(t, h), "wall")
		defer r.leave()
		n := 0
		for {
			e, ok := r.next()
			if !ok {
				t.Fatalf("ended behind %d heartbeats", n)
			}
			if n++; e.After >= 8*time.Hour {
				break
			}
		}
		if n != 8*360+1 {
			t.Errorf("%d heartbeats in eight hours", n)
		}
	})
}
