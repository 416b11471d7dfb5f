// SPDX-License-Identifier: EUPL-1.2

package hall

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// page is somebody's access to the API.
type page struct {
	client *http.Client
	base   string
	token  string
}

// post sends a command and reads the answer into to; the status is the answer's,
// whatever it is. Of a refusal to has the fields that a problem has.
func (p page) post(ctx context.Context, path, key string, body, to any) (status int, err error) {
	b, err := json.Marshal(body)
	if err != nil {
		return 0, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.base+path, bytes.NewReader(b))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", key)
	return p.do(req, to)
}

func (p page) get(ctx context.Context, path string, to any) (status int, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.base+path, http.NoBody)
	if err != nil {
		return 0, err
	}
	return p.do(req, to)
}

func (p page) do(req *http.Request, to any) (status int, err error) {
	req.Header.Set("Authorization", "Bearer "+p.token)
	resp, err := p.client.Do(req)
	if err != nil {
		return 0, err
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		return resp.StatusCode, err
	}
	if resp.StatusCode >= http.StatusBadRequest {
		_ = json.Unmarshal(b, to) // a problem, if it is one of ours
		return resp.StatusCode, nil
	}
	if err := json.Unmarshal(b, to); err != nil {
		return resp.StatusCode, fmt.Errorf("answer of %s: %w", req.URL.Path, err)
	}
	return resp.StatusCode, nil
}
