// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/internal/web"
	"github.com/avanti-queue/avanti/queue"
)

// crowded returns settings with room for many tickets: twenty services, each with a
// series of its own, and counters that serve them all.
func crowded(counters int) queue.Settings {
	s := queue.Settings{
		Office: "bench", Name: queue.Texts{"en": "Bench"}, Zone: "Europe/Rome", Languages: []string{"en"},
		Groups:       []queue.Group{{ID: "all", Name: queue.Texts{"en": "All"}}},
		Classes:      []queue.Class{{ID: "normal"}},
		Rule:         queue.Rule{Preset: queue.PresetFIFO, Target: 1_200_000, Cap: 2_700_000},
		NoShow:       queue.NoShow{Calls: 1},
		Slips:        queue.SlipPolicy{OnUnknown: queue.UnknownKeep},
		FinishOnNext: true,
	}
	for d := range s.Hours.Week {
		s.Hours.Week[d] = []queue.Span{{From: 0, To: 24 * 60}}
	}
	var all []queue.ServiceID
	for i := range 20 {
		series, service := queue.SeriesID(fmt.Sprintf("s%d", i)), queue.ServiceID(fmt.Sprintf("v%d", i))
		s.Series = append(s.Series, queue.Series{ID: series, Prefix: string(rune('A' + i)), Width: 4, First: 0, Last: 9999})
		s.Services = append(s.Services, queue.Service{ID: service, Group: "all", Series: series, Name: queue.Texts{"en": "Service"}})
		all = append(all, service)
	}
	for i := range counters {
		s.Counters = append(s.Counters, queue.Counter{ID: queue.CounterID(fmt.Sprintf("c%d", i)), Label: fmt.Sprint(i), Preferred: all})
	}
	return s
}

// open is an engine on a journal with the pages in front of it.
type open struct {
	*queue.Engine
	store  *store.Store
	server *http.Server
	client *http.Client
	base   string
	stop   context.CancelFunc
	ended  chan error
}

// PrinterReady implements the pages' office: there is no printer.
func (*open) PrinterReady(string) error { return errors.New("no printer") }

func secret() string { return "a token of the bench" }

// openOffice opens an office on a day that is open. wrap may slow the journal down.
func openOffice(ctx context.Context, dir string, wrap func(queue.Journal) queue.Journal) (*open, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, err
	}
	s, err := store.Open(ctx, store.Options{Dir: dir})
	if err != nil {
		return nil, err
	}
	e, err := queue.Open(ctx, wrap(s), queue.Options{})
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	o := &open{Engine: e, store: s, stop: stop, ended: make(chan error, 1), client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}}
	go func() { o.ended <- e.Run(running) }()
	if e.View().Settings() == nil {
		if err := o.do(ctx, queue.ChangeSettings{Settings: crowded(16)}); err != nil {
			return nil, errors.Join(err, o.close())
		}
	}
	if _, isOpen := e.View().Day(); !isOpen {
		if err := o.do(ctx, queue.OpenDay{Clock: time.Now()}); err != nil {
			return nil, errors.Join(err, o.close())
		}
	}
	return o, o.serve(ctx)
}

func (o *open) do(ctx context.Context, c queue.Command) error {
	_, err := o.Do(ctx, queue.Actor{Role: queue.RoleSystem, ID: "bench"}, c)
	return err
}

func (o *open) serve(ctx context.Context) error {
	pages, err := web.New(web.Options{
		Office: o,
		Access: []web.Access{{ID: "bench", Role: web.RoleKiosk, TokenSHA256: sha256.Sum256([]byte(secret()))}},
	})
	if err != nil {
		return err
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	o.base = "http://" + l.Addr().String()
	o.server = &http.Server{Handler: pages.Handler(), ReadHeaderTimeout: time.Second}
	go func() { _ = o.server.Serve(l) }() // ends with Close
	return nil
}

// issue takes a ticket by the API.
func (o *open) issue(ctx context.Context, service int, key string) error {
	body := fmt.Sprintf(`{"service":"v%d"}`, service)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, o.base+"/api/v1/tickets", bytes.NewReader([]byte(body)))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+secret())
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", key)
	resp, err := o.client.Do(req)
	if err == nil && resp.StatusCode != http.StatusCreated {
		err = fmt.Errorf("status %s", resp.Status)
		return errors.Join(err, resp.Body.Close())
	}
	return drain(resp, err)
}

func (o *open) close() error {
	if o.server != nil {
		_ = o.server.Close()
	}
	o.client.CloseIdleConnections()
	o.stop()
	return errors.Join(<-o.ended, o.store.Close())
}

// asItIs leaves the journal as fast as it is.
func asItIs(j queue.Journal) queue.Journal { return j }
