// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

const (
	askWithin = 15 * time.Second
	maxReply  = 4 << 20
)

// daemon is a running avantid, reached by its HTTP API.
type daemon struct {
	base  string
	token string
}

// newDaemon reads the token, which nobody else should be able to read.
func newDaemon(address, tokenFile string) (daemon, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return daemon{}, fmt.Errorf("-url %q: want http://host:port", address)
	}
	token, err := os.ReadFile(tokenFile)
	if err != nil {
		return daemon{}, fmt.Errorf("-token-file: %w", err)
	}
	if len(bytes.TrimSpace(token)) == 0 {
		return daemon{}, fmt.Errorf("-token-file: %s is empty", tokenFile)
	}
	return daemon{base: strings.TrimSuffix(address, "/") + "/api/v1/", token: string(bytes.TrimSpace(token))}, nil
}

func (d daemon) get(ctx context.Context, path string, answer any) error {
	ctx, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	return d.ask(ctx, http.MethodGet, path, nil, answer)
}

// post asks for something; the answer may be nil.
func (d daemon) post(ctx context.Context, path string, body, answer any) error {
	ctx, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	data, err := json.Marshal(body)
	if err != nil {
		return err
	}
	return d.ask(ctx, http.MethodPost, path, data, answer)
}

// stream opens a stream of events. The caller closes it.
func (d daemon) stream(ctx context.Context, path string) (io.ReadCloser, error) {
	return d.send(ctx, http.MethodGet, path, nil)
}

func (d daemon) ask(ctx context.Context, method, path string, body []byte, answer any) error {
	r, err := d.send(ctx, method, path, body)
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }()
	if answer == nil {
		return nil
	}
	if err := json.NewDecoder(io.LimitReader(r, maxReply)).Decode(answer); err != nil {
		return fmt.Errorf("the daemon's answer is not understood: %w", err)
	}
	return nil
}

// send returns the body of an answer that is not a refusal.
func (d daemon) send(ctx context.Context, method, path string, body []byte) (io.ReadCloser, error) {
	r, err := http.NewRequestWithContext(ctx, method, d.base+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+d.token)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Idempotency-Key", rand.Text())
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, fmt.Errorf("ask the daemon: %w", err)
	}
	if answer.StatusCode < http.StatusBadRequest {
		return answer.Body, nil
	}
	defer func() { _ = answer.Body.Close() }()
	var p struct{ Title, Detail string }
	if err := json.NewDecoder(io.LimitReader(answer.Body, maxReply)).Decode(&p); err != nil || p.Title == "" {
		return nil, fmt.Errorf("the daemon refuses: %s", answer.Status)
	}
	return nil, errors.New(strings.TrimSuffix(p.Title+" "+p.Detail, " "))
}
