// SPDX-License-Identifier: EUPL-1.2

package queue

import (
	"context"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"
)

// Writer decides, commits and applies: the single way by which anything changes.
// It has no clock and starts nothing; the [Engine] and the simulations drive it.
// It is not safe for concurrent use.
type Writer struct {
	journal  Journal
	state    State
	requests requests
}

// Request is a command with its author.
type Request struct {
	By      Actor
	Command Command
}

// Result is the answer to a [Request]: the records that it brought about, now or
// when it came for the first time, or an error: a [*Refusal], or why the journal
// could not take it.
type Result struct {
	Records []Record
	Err     error
}

// OpenWriter reads the present from the journal.
func OpenWriter(ctx context.Context, j Journal) (*Writer, error) {
	w := &Writer{journal: j, requests: newRequests()}
	for r, err := range j.Recent(ctx) {
		if err != nil {
			return nil, fmt.Errorf("queue: read the journal: %w", err)
		}
		w.state.Apply(r)
		w.requests.note(r)
	}
	return w, nil
}

// View returns the office after the newest commit.
func (w *Writer) View() *View { return w.state.View() }

// Write answers a batch of requests as of one instant, which is moved to the newest
// record's if it lies before it. Each is decided on the state that those in front
// of it would leave; all are committed together, durably, before Write returns. If
// the commit fails, all that were decided here fail with its error and everything
// is as before. The second value is all that was committed, in order.
func (w *Writer) Write(ctx context.Context, at time.Time, batch []Request) ([]Result, []Record) {
	at = at.UTC().Truncate(time.Millisecond)
	if newest := w.state.v.at; at.Before(newest) {
		at = newest
	}
	var (
		results = make([]Result, len(batch))
		decided = make([]int, 0, len(batch))
		twins   = map[int]int{} // the same request twice in one batch: second to first
		first   = make(map[RequestID]int, len(batch))
		before  = w.state
		entries []Entry
		records []Record
	)
	for i, r := range batch {
		id := r.By.Request
		if twin, ok := first[id]; ok {
			twins[i] = twin
			continue
		}
		if result, ok := w.known(ctx, r.By); ok {
			results[i] = result
			continue
		}
		if id != "" {
			first[id] = i
		}
		decided = append(decided, i)
		events, err := w.state.Decide(at, r.By, r.Command)
		results[i].Err = err
		for _, e := range events {
			record := Record{Seq: w.state.v.seq + 1, At: at, By: r.By, Event: e}
			w.state.Apply(record)
			records = append(records, record)
			entries = append(entries, Entry{At: at, By: r.By, Event: e})
		}
		results[i].Records = records[len(records)-len(events) : len(records) : len(records)]
	}
	if len(entries) > 0 {
		if _, err := w.journal.Append(ctx, before.v.seq, entries); err != nil {
			w.state, records = before, nil
			for _, i := range decided {
				results[i] = Result{Err: fmt.Errorf("queue: commit: %w", err)}
			}
		}
	}
	for _, r := range records {
		w.requests.note(r)
	}
	for _, i := range decided {
		if refusal, ok := errors.AsType[*Refusal](results[i].Err); ok {
			w.requests.refuse(batch[i].By, at, refusal)
		}
	}
	for i, twin := range twins {
		results[i] = results[twin]
		if !sameActor(batch[i].By, batch[twin].By) {
			results[i] = Result{Err: refuse(RefusedReused, "request")}
		}
	}
	return results, records
}

// known returns the answer to a request that needs no decision: it was answered
// before, or its id is too long to be kept.
func (w *Writer) known(ctx context.Context, by Actor) (Result, bool) {
	if by.Request == "" {
		return Result{}, false
	}
	if len(by.Request) > maxRequestID || !utf8.ValidString(string(by.Request)) {
		return Result{Err: refuse(RefusedInvalid, "request")}, true
	}
	if g, ok := w.requests.granted[by.Request]; ok {
		if !sameActor(by, g.by) {
			return Result{Err: refuse(RefusedReused, "request")}, true
		}
		return w.recall(ctx, g), true
	}
	if r, ok := w.requests.refused[by.Request]; ok {
		if !sameActor(by, r.by) {
			return Result{Err: refuse(RefusedReused, "request")}, true
		}
		return Result{Err: r.err}, true
	}
	return Result{}, false
}

// recall reads the records of an answered request from the journal.
func (w *Writer) recall(ctx context.Context, g granted) Result {
	var result Result
	for r, err := range w.journal.Records(ctx, g.first-1) {
		if err != nil {
			return Result{Err: fmt.Errorf("queue: recall request: %w", err)}
		}
		result.Records = append(result.Records, r)
		if len(result.Records) == g.n {
			break
		}
	}
	return result
}
