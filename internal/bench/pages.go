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
	viewers = 500             // open pages
	screens = 20              // of which hang in the hall, in one of two crowds; the others are phones
	shows   = 8               // calls that they show
	asking  = 5 * time.Second // about, between two questions of a phone's page
)

// benchPages measures an office of which hundreds of pages are open: what the daemon needs for
// them, and when the last one shows a call. Citizens' phones ask every few seconds; the hall's
// pages hear a stream.
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
	for _, crowd := range []struct {
		what    string
		screens int
		aim     float64 // in ms: until the last page shows a call
	}{
		{fmt.Sprintf("%d hall and %d phone pages", screens, viewers-screens), screens, 6000},
		{fmt.Sprintf("%d hall pages", viewers), viewers, 1000},
	} {
		more, err := c.watch(ctx, crowd.what, crowd.screens, crowd.aim)
		rows = append(rows, more...)
		if err != nil {
			return rows, err
		}
	}
	return rows, nil
}

// watch opens the pages of a crowd, lets them show some calls, and closes them.
func (c *onlookers) watch(ctx context.Context, what string, screens int, aim float64) (rows []row, err error) {
	defer c.scatter()
	if err := c.gather(ctx, screens); err != nil {
		return nil, err
	}
	rss, err := c.daemon.memory()
	if err != nil {
		return nil, err
	}
	rows = append(rows, within("resident memory, "+what, float64(rss)/(1<<20), 100, "MiB"))
	var hearing, all times
	for range shows {
		time.Sleep(time.Second)
		h, a, n, err := c.call(ctx)
		if err != nil {
			return rows, err
		}
		if n != screens {
			return rows, fmt.Errorf("%s: %d have a stream, want %d", what, n, screens)
		}
		hearing, all = append(hearing, h), append(all, a)
	}
	if screens < viewers {
		rows = append(rows, within(fmt.Sprintf("call -> the last of the %d hall pages among them, worst of %d", screens, shows), float64(hearing.at(100))/1e6, 1000, "ms"))
	}
	return append(rows, within(fmt.Sprintf("call -> the last of %s, worst of %d", what, shows), float64(all.at(100))/1e6, aim, "ms")), nil
}
