// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/avanti-queue/avanti/internal/citizen"
	"github.com/avanti-queue/avanti/queue"
)

// onlookers are open pages before a daemon in a process of its own.
type onlookers struct {
	daemon *daemon
	client *http.Client
	phones []string // addresses of citizens' pages
	pages  []*viewer
	all    sync.WaitGroup
	leave  context.CancelFunc
}

// viewer is an open page, which does what the script of a page does: in the hall it hears the
// stream and fetches its part anew, on a phone it asks.
type viewer struct {
	path, region string
	listens      bool // to the stream
	client       *http.Client
	hears        atomic.Bool
	sight        atomic.Pointer[sight]
}

// sight is the newest that a page has shown.
type sight struct {
	version queue.Seq
	at      time.Time // since when
}

// openCrowd starts the daemon with as many citizens as there are phones.
func openCrowd(ctx context.Context, o options) (c *onlookers, err error) {
	binary, err := buildDaemon(ctx, o.dir)
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(benchOffice)
	if err != nil {
		return nil, err
	}
	access := fmt.Sprintf("access:\n  - {id: boss, role: manager, token_sha256: \"%x\"}\n", sha256.Sum256([]byte(secret())))
	address := "slip: {address: \"http://127.0.0.1\"}\nmqtt:\n  {listen: \"127.0.0.1:0\"}\n"
	office, dir := filepath.Join(o.dir, "open.yaml"), filepath.Join(o.dir, "open")
	if err := os.WriteFile(office, append(text, (access+address)...), 0o600); err != nil {
		return nil, err
	}
	d, err := startDaemon(ctx, binary, office, dir)
	if err != nil {
		return nil, err
	}
	c = &onlookers{
		daemon: d, leave: func() {},
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: viewers, DisableCompression: true}},
	}
	key, err := os.ReadFile(filepath.Join(dir, "avanti.key"))
	if err == nil && len(key) != citizen.KeySize {
		err = errors.New("the daemon's key has another size")
	}
	for i := 0; i < viewers-screens && err == nil; i++ {
		var ticket struct{ ID queue.TicketID }
		err = c.ask(ctx, http.MethodPost, "/api/v1/tickets", fmt.Sprintf(`{"service":"v%d"}`, i%20), fmt.Sprintf("open-%d", i), &ticket)
		c.phones = append(c.phones, "/t/"+citizen.Key(key).Token(queue.DateOf(time.Now().In(rome())), ticket.ID))
	}
	if err == nil {
		err = c.work(ctx, "open")
	}
	if err != nil {
		return nil, errors.Join(err, c.close())
	}
	return c, nil
}

// rome is where the bench's office is; its day is the day there.
func rome() *time.Location {
	zone, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		return time.UTC // then the phones' pages are not found, and that is told
	}
	return zone
}

func (c *onlookers) close() error {
	c.scatter()
	c.client.CloseIdleConnections()
	return c.daemon.stop()
}

// ask sends a request by the API and reads the answer; a nil into is not read.
func (c *onlookers) ask(ctx context.Context, method, path, body, key string, into any) error {
	req, err := http.NewRequestWithContext(ctx, method, c.daemon.base+path, strings.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+secret())
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", key)
	resp, err := c.client.Do(req)
	if err != nil {
		return err
	}
	answer, err := io.ReadAll(resp.Body)
	if err = errors.Join(err, resp.Body.Close()); err != nil {
		return err
	}
	if resp.StatusCode >= http.StatusMultipleChoices {
		return fmt.Errorf("%s: %s: %s", path, resp.Status, answer)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(answer, into)
}

// work gives a command to the counter as it is now.
func (c *onlookers) work(ctx context.Context, op string) error {
	var counter struct{ Seen queue.Revision }
	if err := c.ask(ctx, http.MethodGet, "/api/v1/counters/c0", "", "", &counter); err != nil {
		return err
	}
	return c.ask(ctx, http.MethodPost, "/api/v1/counters/c0/"+op, fmt.Sprintf(`{"seen":%d}`, counter.Seen), fmt.Sprintf("%s-%d", op, counter.Seen), nil)
}

// gather opens all pages, some of them on the hall's screens, and waits until each shows something.
func (c *onlookers) gather(ctx context.Context, screens int) error {
	ctx, c.leave = context.WithCancel(ctx)
	for i := range viewers {
		v := &viewer{path: "/hall", region: "/hall/board", listens: true, client: c.client}
		if i >= screens {
			path := c.phones[i-screens]
			v = &viewer{path: path, region: path + "/state", client: c.client}
		}
		c.pages = append(c.pages, v)
		c.all.Go(func() { v.run(ctx, c.daemon.base) })
	}
	for range 600 {
		if c.behind(1) == 0 {
			time.Sleep(2 * time.Second) // until all of them that want one have their stream
			return ctx.Err()
		}
		time.Sleep(50 * time.Millisecond)
	}
	return fmt.Errorf("%d pages show nothing", c.behind(1))
}

// scatter closes all pages.
func (c *onlookers) scatter() {
	c.leave()
	c.all.Wait()
	c.pages = nil
}

// behind counts the pages that do not show a version yet.
func (c *onlookers) behind(version queue.Seq) (n int) {
	for _, v := range c.pages {
		if s := v.sight.Load(); s == nil || s.version < version {
			n++
		}
	}
	return n
}

// call calls the next citizen and returns when the last page with a stream and the last page
// of all showed it, and how many have a stream.
func (c *onlookers) call(ctx context.Context) (hearing, all time.Duration, streams int, err error) {
	begin := time.Now()
	if err := c.work(ctx, "next"); err != nil {
		return 0, 0, 0, err
	}
	eye := &viewer{client: c.client}
	if err := eye.look(ctx, c.daemon.base+"/hall/board"); err != nil {
		return 0, 0, 0, err
	}
	want := eye.sight.Load().version
	for c.behind(want) > 0 {
		if time.Since(begin) > time.Minute {
			return 0, 0, 0, fmt.Errorf("%d pages do not show a call", c.behind(want))
		}
		time.Sleep(time.Millisecond)
	}
	for _, v := range c.pages {
		took := v.sight.Load().at.Sub(begin)
		all = max(all, took)
		if v.hears.Load() {
			hearing, streams = max(hearing, took), streams+1
		}
	}
	return hearing, all, streams, nil
}

// run is an open page until its reader leaves.
func (v *viewer) run(ctx context.Context, base string) {
	if v.look(ctx, base+v.path) != nil {
		return // the page that shows nothing is told of
	}
	if v.listens {
		v.hear(ctx, base)
	}
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-time.After(asking*7/10 + rand.N(asking*4/10)):
			_ = v.look(ctx, base+v.region) // the page asks again
		}
	}
}

// look fetches what the page shows.
func (v *viewer) look(ctx context.Context, address string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return err
	}
	resp, err := v.client.Do(req)
	if err := drain(resp, err); err != nil {
		return err
	}
	version, err := strconv.ParseInt(resp.Header.Get("Avanti-Version"), 10, 64)
	if err != nil || resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", address, resp.Status)
	}
	if s := v.sight.Load(); s == nil || s.version < queue.Seq(version) {
		v.sight.Store(&sight{version: queue.Seq(version), at: time.Now()})
	}
	return nil
}

// hear fetches the page's part at each event, as long as there is a stream.
func (v *viewer) hear(ctx context.Context, base string) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/api/v1/events", http.NoBody)
	if err != nil {
		return
	}
	resp, err := v.client.Do(req)
	if err != nil {
		return
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return
	}
	v.hears.Store(true)
	defer v.hears.Store(false)
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		if name, ok := strings.CutPrefix(lines.Text(), "event: "); ok && name != "heartbeat" {
			_ = v.look(ctx, base+v.region) // the next event or question mends it
		}
	}
}
