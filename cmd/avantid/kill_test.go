// SPDX-License-Identifier: EUPL-1.2

package main_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

const (
	kills   = 100
	clients = 64
)

// promises is what the daemon acknowledged to people.
type promises struct {
	mu      sync.Mutex
	tickets map[string]ticket         // by request
	calls   map[queue.TicketID]string // counter by ticket
	unsure  []touch                   // requests whose answer was lost
	wrong   error
}

type ticket struct {
	ID     queue.TicketID
	Number string
}

type touch struct{ key, service string }

// TestKill kills the daemon a hundred times while 64 clients take tickets and 16
// counters call, and holds the journal against everything that was acknowledged.
func TestKill(t *testing.T) {
	dir := t.TempDir()
	bin, config := binary(t), officeFile(t, dir)
	dice := rand.New(rand.NewPCG(1, uint64(time.Now().UnixNano())))
	p := &promises{tickets: map[string]ticket{}, calls: map[queue.TicketID]string{}}
	for n := range kills {
		d := start(t.Context(), t, bin, config)
		ctx, stop := context.WithCancel(t.Context())
		var crowd sync.WaitGroup
		client := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: clients + counters}}
		for i := range clients {
			crowd.Go(func() { p.takeTickets(ctx, desk{client, d.base, token("gate")}, n, i) })
		}
		for i := range counters {
			crowd.Go(func() {
				p.callCitizens(ctx, desk{client, d.base, token(fmt.Sprintf("desk-%d", i))}, n, fmt.Sprintf("c%d", i))
			})
		}
		wait := time.NewTimer(time.Duration(dice.IntN(400_000)) * time.Microsecond)
		<-wait.C
		d.kill()
		stop()
		crowd.Wait()
		client.CloseIdleConnections()
		if p.wrong != nil {
			t.Fatalf("kill %d: %v\n%s", n, p.wrong, d.log)
		}
	}
	p.check(t, filepath.Join(dir, "data"))
}

// takeTickets takes tickets until the daemon dies. It first asks again for one of the
// tickets whose answer was lost.
func (p *promises) takeTickets(ctx context.Context, gate desk, n, i int) {
	for k := 0; ctx.Err() == nil; k++ {
		next := touch{fmt.Sprintf("touch-%d-%d-%d", n, i, k), fmt.Sprintf("v%d", (i+k)%services)}
		p.mu.Lock()
		if u := len(p.unsure); u > 0 && k == 0 {
			next, p.unsure = p.unsure[u-1], p.unsure[:u-1]
		}
		p.mu.Unlock()
		var got ticket
		status, err := gate.post(ctx, "/api/v1/tickets", next.key, map[string]any{"service": next.service}, &got)
		p.mu.Lock()
		switch {
		case err != nil:
			p.unsure = append(p.unsure, next)
		case status == http.StatusCreated:
			if was, ok := p.tickets[next.key]; ok && was != got {
				p.wrong = fmt.Errorf("request %s gave %v and %v", next.key, was, got)
			}
			p.tickets[next.key] = got
		default:
			p.wrong = fmt.Errorf("ticket for %s: status %d", next.service, status)
		}
		p.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// callCitizens works a counter until the daemon dies.
func (p *promises) callCitizens(ctx context.Context, desk desk, n int, id string) {
	path := "/api/v1/counters/" + id
	type counter struct {
		State  string
		Seen   int64
		Ticket *ticket
	}
	var now counter
	if _, err := desk.get(ctx, path, &now); err != nil {
		return
	}
	for k := 0; ctx.Err() == nil; k++ {
		command := "/next"
		if now.State != "open" {
			command = "/open"
		}
		var answer struct {
			Counter counter
			Ticket  *ticket
		}
		status, err := desk.post(ctx, path+command, fmt.Sprintf("press-%d-%s-%d", n, id, k), map[string]any{"seen": now.Seen}, &answer)
		if err != nil {
			return
		}
		if status != http.StatusOK { // nobody waits
			if _, err := desk.get(ctx, path, &now); err != nil {
				return
			}
			continue
		}
		now = answer.Counter
		if command == "/next" && answer.Ticket != nil {
			p.mu.Lock()
			if by, ok := p.calls[answer.Ticket.ID]; ok {
				p.wrong = fmt.Errorf("ticket %s was called to %s and %s", answer.Ticket.Number, by, id)
			}
			p.calls[answer.Ticket.ID] = id
			p.mu.Unlock()
		}
	}
}

// check holds the journal against the invariants and against every promise.
func (p *promises) check(t *testing.T, dir string) {
	t.Helper()
	ctx := t.Context()
	s, err := store.Open(ctx, store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	if _, err := queuetest.Journal(ctx, s); err != nil {
		t.Error(err)
	}
	if err := s.Check(ctx); err != nil {
		t.Error(err)
	}
	issued, called := map[queue.TicketID]string{}, map[queue.TicketID]queue.CounterID{}
	var state queue.State
	for r, err := range s.Records(ctx, 0) {
		if err != nil {
			t.Fatal(err)
		}
		switch e := r.Event.(type) {
		case queue.TicketIssued:
			issued[e.Ticket] = e.Number
		case queue.TicketCalled:
			called[e.Ticket] = e.Counter
		}
		state.Apply(r)
	}
	for key, ticket := range p.tickets {
		if issued[ticket.ID] != ticket.Number {
			t.Errorf("%s: ticket %s was acknowledged and is lost", key, ticket.Number)
		}
	}
	for ticket, counter := range p.calls {
		if called[ticket] != queue.CounterID(counter) {
			t.Errorf("the call of ticket %d to %s was acknowledged and is lost", ticket, counter)
		}
	}
	if err := queuetest.Replayed(ctx, s, state.View()); err != nil {
		t.Error(err)
	}
	if len(p.tickets) < kills || len(p.calls) < kills {
		t.Errorf("%d tickets and %d calls in %d lives: the test proves too little", len(p.tickets), len(p.calls), kills)
	}
	t.Logf("%d kills, %d tickets and %d calls acknowledged, %d answers lost", kills, len(p.tickets), len(p.calls), len(p.unsure))
}

// desk is somebody's access to the API.
type desk struct {
	client *http.Client
	base   string
	token  string
}

func (d desk) post(ctx context.Context, path, key string, body, to any) (int, error) {
	b, err := json.Marshal(body)
	if err != nil {
		return 0, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, d.base+path, bytes.NewReader(b))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", key)
	return d.do(req, to)
}

func (d desk) get(ctx context.Context, path string, to any) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, d.base+path, http.NoBody)
	if err != nil {
		return 0, err
	}
	return d.do(req, to)
}

func (d desk) do(req *http.Request, to any) (int, error) {
	req.Header.Set("Authorization", "Bearer "+d.token)
	resp, err := d.client.Do(req)
	if err != nil {
		return 0, err
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, err
	}
	if resp.StatusCode >= http.StatusBadRequest {
		return resp.StatusCode, nil
	}
	return resp.StatusCode, json.Unmarshal(b, to)
}
