// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"time"
)

const taps = 1000

// benchTap measures from a finger on a kiosk to the page with the number: a form that is
// posted, a ticket that is durable, and the page to which the answer leads. It takes turns
// with its floor, one HTTP exchange in which one insert becomes durable; a tap has two
// exchanges, and a page to be written.
func benchTap(ctx context.Context, o options) (rows []row, err error) {
	p, err := openPlain(ctx, o.dir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	x, err := openExchange(ctx, p)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, x.close()) }()
	office, err := openOffice(ctx, filepath.Join(o.dir, "tap"), asItIs)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, office.close()) }()
	var floor, tap times
	for round := range 10 {
		a, err := measure(taps/10, func(int) error { return x.one(ctx) })
		if err != nil {
			return nil, err
		}
		b, err := measure(taps/10, func(i int) error { return office.tap(ctx, i%20, fmt.Sprintf("tap-%d-%d", round, i)) })
		if err != nil {
			return nil, err
		}
		floor, tap = append(floor, a...), append(tap, b...)
	}
	return []row{
		atMost("kiosk tap -> page with the number, durable, p50", tap.at(50), floor.at(50), 4),
		atMost("kiosk tap -> page with the number, durable, p99", tap.at(99), floor.at(99), 4),
	}, nil
}

// tap takes a ticket as the kiosk's page does.
func (o *open) tap(ctx context.Context, service int, key string) error {
	form := url.Values{"key": {key}, "service": {fmt.Sprintf("v%d", service)}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, o.base+"/kiosk/take", strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+secret())
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := o.client.Do(req)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK || !strings.HasPrefix(resp.Request.URL.Path, "/kiosk/ticket/") {
		return errors.Join(fmt.Errorf("status %s at %s", resp.Status, resp.Request.URL.Path), resp.Body.Close())
	}
	return drain(resp, nil)
}

const (
	viewers = 500 // open pages
	screens = 20  // of which hang in the hall; the others are phones
	shows   = 8   // calls that they show
	asking  = 5 * time.Second
)

// benchPages measures a hall in which hundreds of pages are open: what the daemon needs for
// them, and when the last one shows a call.
func benchPages(ctx context.Context, o options) (rows []row, err error) {
	c, err := openCrowd(ctx, o)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	rows, err = c.weights(ctx)
	if err != nil {
		return nil, err
	}
	if err := c.gather(ctx); err != nil {
		return rows, err
	}
	rss, err := c.daemon.memory()
	if err != nil {
		return rows, err
	}
	rows = append(rows, within(fmt.Sprintf("resident memory, %d open hall and phone pages", viewers), float64(rss)/(1<<20), 100, "MiB"))
	var hearing, all times
	streams := 0
	for range shows {
		time.Sleep(time.Second)
		h, a, n, err := c.call(ctx)
		if err != nil {
			return rows, err
		}
		hearing, all, streams = append(hearing, h), append(all, a), n
	}
	return append(rows,
		within(fmt.Sprintf("call -> the last of %d pages with a stream, worst of %d", streams, shows), float64(hearing.at(100))/1e6, 1000, "ms"),
		within(fmt.Sprintf("call -> the last of %d pages, worst of %d", viewers, shows), float64(all.at(100))/1e6, 6000, "ms"),
	), nil
}
