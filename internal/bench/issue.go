// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

const (
	rounds   = 2000
	crowd    = 64
	slowSync = 10 * time.Millisecond
	rateTime = 3 * time.Second
)

// benchIssue measures tickets by the API: one client, many clients, many clients on a
// slow card.
func benchIssue(ctx context.Context, o options) (rows []row, err error) {
	p, err := openPlain(ctx, o.dir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	one, err := oneClient(ctx, o, p)
	if err != nil {
		return nil, err
	}
	fast, err := many(ctx, filepath.Join(o.dir, "many"), p, asItIs, 0)
	if err != nil {
		return nil, err
	}
	slow, err := many(ctx, filepath.Join(o.dir, "slow"), p, func(j queue.Journal) queue.Journal { return slowCard{j} }, slowSync)
	if err != nil {
		return nil, err
	}
	return []row{
		one,
		atLeast("issue by API, durable, 64 clients", fast.figure, fast.floor, 2),
		atLeast("the same, 10 ms added to each sync", slow.figure, slow.floor, 20),
	}, nil
}

// oneClient takes turns with its floor, so that a machine whose speed drifts drifts for
// both. The floor is one HTTP exchange in which one insert becomes durable: measured
// apart, in two loops, neither would ever find the processors asleep.
func oneClient(ctx context.Context, o options, p *plain) (r row, err error) {
	x, err := openExchange(ctx, p)
	if err != nil {
		return row{}, err
	}
	defer func() { err = errors.Join(err, x.close()) }()
	office, err := openOffice(ctx, filepath.Join(o.dir, "one"), asItIs)
	if err != nil {
		return row{}, err
	}
	defer func() { err = errors.Join(err, office.close()) }()
	var floor, issue times
	for round := range 10 {
		a, err := measure(rounds/10, func(int) error { return x.one(ctx) })
		if err != nil {
			return row{}, err
		}
		b, err := measure(rounds/10, func(i int) error { return office.issue(ctx, i%20, fmt.Sprintf("one-%d-%d", round, i)) })
		if err != nil {
			return row{}, err
		}
		floor, issue = append(floor, a...), append(issue, b...)
	}
	return atMost("issue by API, durable, 1 client, p50", issue.at(50), floor.at(50), 1.3), nil
}

// rate is tickets and inserts a second.
type rate struct{ figure, floor float64 }

func many(ctx context.Context, dir string, p *plain, wrap func(queue.Journal) queue.Journal, added time.Duration) (r rate, err error) {
	office, err := openOffice(ctx, dir, wrap)
	if err != nil {
		return rate{}, err
	}
	defer func() { err = errors.Join(err, office.close()) }()
	var issued atomic.Int64
	failed := make(chan error, crowd)
	begin := time.Now()
	bounded, cancel := context.WithTimeout(ctx, rateTime)
	defer cancel()
	var clients sync.WaitGroup
	for c := range crowd {
		clients.Go(func() {
			for i := 0; bounded.Err() == nil; i++ {
				if err := office.issue(bounded, (c+i)%20, fmt.Sprintf("many-%d-%d", c, i)); err != nil && bounded.Err() == nil {
					failed <- err
					return
				} else if err == nil {
					issued.Add(1)
				}
			}
		})
	}
	clients.Wait()
	took := time.Since(begin)
	select {
	case err := <-failed:
		return rate{}, err
	default:
	}
	inserts, begin := 0, time.Now()
	for time.Since(begin) < rateTime/2 {
		if err := p.one(ctx); err != nil {
			return rate{}, err
		}
		if added > 0 {
			time.Sleep(added)
		}
		inserts++
	}
	return rate{float64(issued.Load()) / took.Seconds(), float64(inserts) / time.Since(begin).Seconds()}, nil
}

// slowCard is a journal on a card that takes its time for each sync.
type slowCard struct{ queue.Journal }

// Append waits for the slow card, then for the real one.
func (s slowCard) Append(ctx context.Context, after queue.Seq, batch []queue.Entry) (queue.Seq, error) {
	time.Sleep(slowSync)
	return s.Journal.Append(ctx, after, batch)
}
