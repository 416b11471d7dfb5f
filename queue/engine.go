// SPDX-License-Identifier: EUPL-1.2

package queue

import (
	"context"
	"errors"
	"iter"
	"sync"
	"sync/atomic"
	"time"
)

// ErrStopped is returned by [Engine.Do] when the engine does not run any more.
var ErrStopped = errors.New("queue: the engine has stopped")

const (
	maxBatch = 256  // requests in one commit
	tailSize = 4096 // newest records that followers get without asking the journal
)

// Options are what an [Engine] needs besides its journal. The zero value is usable.
type Options struct {
	// Now reads the wall clock; nil is [time.Now]. A simulation that runs faster
	// than real time gives its own.
	Now func() time.Time
	// OnCommit is told of every commit, from the engine's goroutine. It must not block.
	OnCommit func(Commit)
	// OnStep is told when the wall clock was set: forward above zero; below zero it
	// lies that far behind the office's time, which goes on regardless. 0: it agrees
	// again. From the engine's goroutine; it must not block.
	OnStep func(time.Duration)
}

// Commit is one attempt to write to the journal.
type Commit struct {
	Requests int
	Records  int
	Took     time.Duration
	Err      error // nil when it is durable
}

// Engine is the single writer at work: it gathers the commands that come while a
// commit is under way and commits them together.
type Engine struct {
	options Options
	writer  *Writer
	line    timeline
	off     bool          // the wall clock does not agree
	owed    time.Duration // steps of the clock that no commit has noted yet

	calls   chan call
	stopped chan struct{}
	view    atomic.Pointer[View]

	mu      sync.Mutex
	tail    []Record      // newest records, gapless
	changed chan struct{} // closed and replaced when the tail grows
}

type call struct {
	request Request
	answer  chan Result // holds one
}

// Open reads the present from the journal. The engine answers once [Engine.Run] runs.
func Open(ctx context.Context, j Journal, o Options) (*Engine, error) {
	w, err := OpenWriter(ctx, j)
	if err != nil {
		return nil, err
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.OnCommit == nil {
		o.OnCommit = func(Commit) {}
	}
	if o.OnStep == nil {
		o.OnStep = func(time.Duration) {}
	}
	e := &Engine{
		options: o, writer: w,
		calls: make(chan call, maxBatch), stopped: make(chan struct{}), changed: make(chan struct{}),
	}
	e.line.follow(o.Now(), w.View().At())
	e.view.Store(w.View())
	return e, nil
}

// Run answers commands until ctx ends, which gives nil, or until the journal turns
// out to have a second writer. Commands under way are finished first. It runs once.
func (e *Engine) Run(ctx context.Context) error {
	defer close(e.stopped)
	batch := make([]call, 0, maxBatch)
	for {
		select {
		case <-ctx.Done():
			return nil
		case c := <-e.calls:
			batch = e.gather(append(batch[:0], c))
		}
		// A commit that has begun is carried through: its requests may have
		// been decided on what others were promised.
		if err := e.answer(context.WithoutCancel(ctx), batch); err != nil {
			return err
		}
	}
}

func (e *Engine) gather(batch []call) []call {
	for len(batch) < maxBatch {
		select {
		case c := <-e.calls:
			batch = append(batch, c)
		default:
			return batch
		}
	}
	return batch
}

func (e *Engine) answer(ctx context.Context, batch []call) error {
	at, requests := e.now()
	own := len(requests)
	for _, c := range batch {
		requests = append(requests, c.request)
	}
	begin := time.Now()
	results, records := e.writer.Write(ctx, at, requests)
	var failure error
	for _, r := range results {
		if _, refused := errors.AsType[*Refusal](r.Err); r.Err != nil && !refused {
			failure = r.Err
		}
	}
	if len(records) > 0 || failure != nil {
		e.options.OnCommit(Commit{Requests: len(batch), Records: len(records), Took: time.Since(begin), Err: failure})
	}
	if own > 0 && results[0].Err == nil {
		e.owed = 0
	}
	if len(records) > 0 {
		e.view.Store(e.writer.View())
		e.publish(records)
	}
	for i, c := range batch {
		c.answer <- results[own+i]
	}
	if errors.Is(failure, ErrMoved) {
		return failure
	}
	return nil
}

// now returns the office's time and, when the clock was set forward while people
// wait, the request that notes it.
func (e *Engine) now() (time.Time, []Request) {
	reading := e.options.Now()
	newest := e.writer.state.v.at
	if !e.writer.state.v.isOpen && !reading.Before(newest) {
		e.line.follow(reading, newest) // nobody waits: believe the clock again
	}
	at, step := e.line.at(reading)
	if step != 0 || e.off {
		e.options.OnStep(step)
	}
	e.off = step < 0
	if !e.writer.state.v.isOpen {
		e.owed = 0
		return at, nil
	}
	if step > 0 {
		e.owed += step
	}
	if e.owed == 0 {
		return at, nil
	}
	by := Actor{Role: RoleSystem, ID: "clock"}
	return at, []Request{{By: by, Command: StepClock{By: MillisOf(e.owed)}}}
}

func (e *Engine) publish(records []Record) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.tail = append(e.tail, records...)
	if n := len(e.tail); n > 2*tailSize {
		e.tail = append(make([]Record, 0, 3*tailSize), e.tail[n-tailSize:]...)
	}
	close(e.changed)
	e.changed = make(chan struct{})
}

// Do asks for a command and returns the records that it brought about. What it
// returns is durable. The error is a [*Refusal], [ErrStopped], the failure of the
// journal, or that of ctx: then the outcome is not known, and the same request id
// will tell it.
func (e *Engine) Do(ctx context.Context, by Actor, c Command) ([]Record, error) {
	answer := make(chan Result, 1)
	select {
	case e.calls <- call{request: Request{By: by, Command: c}, answer: answer}:
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-e.stopped:
		return nil, ErrStopped
	}
	select {
	case r := <-answer:
		return r.Records, r.Err
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-e.stopped:
		select {
		case r := <-answer:
			return r.Records, r.Err
		default:
			return nil, ErrStopped
		}
	}
}

// Ping returns nil when the engine has answered, else why it has not.
func (e *Engine) Ping(ctx context.Context) error {
	_, err := e.Do(ctx, Actor{Role: RoleSystem, ID: "watchdog"}, nothing{})
	if _, answered := errors.AsType[*Refusal](err); answered {
		return nil
	}
	return err
}

// nothing is a command that is always refused.
type nothing struct{}

func (nothing) command() {}

// View returns the office after the newest commit. It never blocks.
func (e *Engine) View() *View { return e.view.Load() }

// Now returns the wall clock as the engine reads it.
func (e *Engine) Now() time.Time { return e.options.Now() }

// Follow yields every record behind after, first those of the past and then each
// one when it is committed, until ctx ends; then it just ends. Each follower has its
// own pace and delays nobody. An error of the journal comes once, as the last pair.
func (e *Engine) Follow(ctx context.Context, after Seq) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		after := max(0, after)
		for ctx.Err() == nil {
			records, old, changed := e.since(after)
			if old {
				var err error
				if after, err = e.replay(ctx, after, yield); err != nil {
					if ctx.Err() == nil && !errors.Is(err, errEnough) {
						yield(Record{}, err)
					}
					return
				}
				continue
			}
			for _, r := range records {
				if ctx.Err() != nil || !yield(r, nil) {
					return
				}
				after = r.Seq
			}
			if len(records) > 0 {
				continue
			}
			select {
			case <-ctx.Done():
			case <-changed:
			}
		}
	}
}

// since returns the committed records behind after, or old when some of them have
// left the tail, and what is closed when there are more.
func (e *Engine) since(after Seq) (records []Record, old bool, changed <-chan struct{}) {
	e.mu.Lock()
	defer e.mu.Unlock()
	before := e.View().Seq() // the newest record that is not in the tail
	if len(e.tail) > 0 {
		before = e.tail[0].Seq - 1
	}
	if after < before {
		return nil, true, nil
	}
	return e.tail[min(Seq(len(e.tail)), after-before):], false, e.changed
}

// errEnough says that the one who follows wants no more.
var errEnough = errors.New("enough")

// replay yields records from the journal, none that the view does not know yet.
func (e *Engine) replay(ctx context.Context, after Seq, yield func(Record, error) bool) (Seq, error) {
	end := e.View().Seq()
	for r, err := range e.writer.journal.Records(ctx, after) {
		if err != nil {
			return after, err
		}
		if r.Seq > end {
			break
		}
		if !yield(r, nil) {
			return after, errEnough
		}
		after = r.Seq
	}
	return after, nil
}
