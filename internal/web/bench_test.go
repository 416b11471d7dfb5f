// SPDX-License-Identifier: EUPL-1.2

package web_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// crowd is an office whose series is as long as a series can be.
func crowd(b *testing.B) *hall {
	h := open(b, nil, nil)
	s := settings()
	s.Series[0].Width, s.Series[0].Last = 4, 9999
	h.do(b, queue.ChangeSettings{Settings: s})
	return h
}

// giver makes requests for tickets, each with a key of its own.
type giver struct{ n atomic.Int64 }

func (g *giver) request(url string) (*http.Request, error) {
	r, err := http.NewRequest(http.MethodPost, url+"/api/v1/tickets", strings.NewReader(`{"service":"papers","language":"it"}`))
	if err != nil {
		return nil, err
	}
	r.Host = "localhost"
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer kiosk-1")
	r.Header.Set("Idempotency-Key", fmt.Sprintf("bench-%d", g.n.Add(1)))
	return r, nil
}

// BenchmarkIssueHandler is the cost of the handler and the engine alone.
func BenchmarkIssueHandler(b *testing.B) {
	h := crowd(b)
	g := &giver{}
	b.ReportAllocs()
	for b.Loop() {
		r, err := g.request("")
		if err != nil {
			b.Fatal(err)
		}
		w := httptest.NewRecorder()
		h.handler.ServeHTTP(w, r)
		if w.Code != http.StatusCreated {
			b.StopTimer()
			renew(b, h, w.Body.String())
			b.StartTimer()
		}
	}
}

// renew begins the day anew when every number is alive, and fails otherwise.
func renew(b *testing.B, h *hall, body string) {
	b.Helper()
	if !strings.Contains(body, "exhausted") {
		b.Fatal(body)
	}
	h.do(b, queue.CloseDay{})
	h.do(b, queue.OpenDay{Clock: h.Now()})
}

// BenchmarkIssueHTTP is the same through a socket, with 64 clients on this machine.
// It takes 9,000 tickets: -benchtime 9000x.
func BenchmarkIssueHTTP(b *testing.B) { load(b, crowd(b).handler) }

// load asks a server for tickets from many clients and tells the rate.
func load(b *testing.B, handler http.Handler) {
	g := &giver{}
	server := httptest.NewServer(handler)
	defer server.Close()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	b.SetParallelism(32)
	b.ReportAllocs()
	begin := time.Now()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			r, err := g.request(server.URL)
			if err != nil {
				b.Error(err)
				return
			}
			answer, err := client.Do(r)
			if err != nil {
				b.Error(err)
				return
			}
			_, _ = io.Copy(io.Discard, answer.Body)
			answer.Body.Close()
			if answer.StatusCode != http.StatusCreated {
				b.Errorf("status %d", answer.StatusCode)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/time.Since(begin).Seconds(), "tickets/s")
}

// BenchmarkExchange is the floor of BenchmarkIssueHTTP: the same bytes, but nothing
// is done.
func BenchmarkExchange(b *testing.B) {
	h := crowd(b)
	g := &giver{}
	r, err := g.request("")
	if err != nil {
		b.Fatal(err)
	}
	w := httptest.NewRecorder()
	h.handler.ServeHTTP(w, r)
	body := w.Body.Bytes()
	load(b, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(http.StatusCreated)
		_, _ = w.Write(body)
	}))
}
