// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
)

// weights tells what goes over the wire when a page is opened for the first time.
func (c *onlookers) weights(ctx context.Context) ([]row, error) {
	var rows []row
	for _, page := range []struct{ name, path string }{{"kiosk", "/kiosk"}, {"hall", "/hall"}, {"phone", c.phones[0]}} {
		w := &weight{client: c.client, base: c.daemon.base, seen: map[string]bool{}}
		if err := w.load(ctx, page.path); err != nil {
			return nil, err
		}
		rows = append(rows, within(fmt.Sprintf("%s page, first load, %d files", page.name, len(w.seen)), float64(w.bytes)/1000, 60, "kB"))
	}
	return rows, nil
}

// weight adds up a page and all that it loads.
type weight struct {
	client *http.Client
	base   string
	seen   map[string]bool
	bytes  int
}

// load fetches an address and what it refers to. A page that refers to another host is an error.
func (w *weight) load(ctx context.Context, path string) error {
	if w.seen[path] {
		return nil
	}
	w.seen[path] = true
	body, err := w.fetch(ctx, path)
	if err != nil {
		return err
	}
	if third := regexp.MustCompile(`(?:src|href)="(https?:)?//[^"]*`).Find(body); third != nil {
		return fmt.Errorf("%s loads something from elsewhere: %s", path, third)
	}
	for _, m := range regexp.MustCompile(`"(/(?:static|sound)/[^"]+)"`).FindAllSubmatch(body, -1) {
		if err := w.load(ctx, string(m[1])); err != nil {
			return err
		}
	}
	for _, m := range regexp.MustCompile(`from "\./([^"]+)"`).FindAllSubmatch(body, -1) {
		if err := w.load(ctx, path[:strings.LastIndexByte(path, '/')+1]+string(m[1])); err != nil {
			return err
		}
	}
	return nil
}

// fetch counts what an answer weighs as it comes, and returns what it says.
func (w *weight) fetch(ctx context.Context, path string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, w.base+path, http.NoBody)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept-Encoding", "gzip")
	req.Header.Set("Authorization", "Bearer "+secret())
	resp, err := w.client.Do(req)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(resp.Body)
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", path, resp.Status)
	}
	w.bytes += len(body)
	if resp.Header.Get("Content-Encoding") != "gzip" {
		return body, nil
	}
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}
