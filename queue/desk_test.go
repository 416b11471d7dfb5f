// SPDX-License-Identifier: EUPL-1.2

package queue_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
	"unsafe"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// wall is a wall clock that can be set, on top of a monotonic clock that cannot.
type wall struct {
	begin time.Time
	shown atomic.Int64 // Unix time in nanoseconds that it showed at begin, by its present setting
}

func newWall(shows time.Time) *wall {
	w := &wall{begin: time.Now()}
	w.shown.Store(shows.UnixNano())
	return w
}

// now reads the clock. Only the system can set the wall clock and leave the monotonic
// one alone: package time has no way to make such a reading, so its fields are
// written here. [TestWall] finds out when they change.
func (w *wall) now() time.Time {
	monotonic := time.Since(w.begin)
	shows := time.Unix(0, w.shown.Load()).Add(monotonic)
	since1885 := shows.Unix() - time.Date(1885, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	reading := struct {
		wall      uint64
		monotonic int64
		zone      *time.Location
	}{1<<63 | uint64(since1885)<<30 | uint64(shows.Nanosecond()), int64(monotonic), nil}
	return *(*time.Time)(unsafe.Pointer(&reading))
}

func (w *wall) move(d time.Duration) { w.shown.Add(int64(d)) }

func TestWall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWall(queuetest.Monday())
		if !w.now().Equal(queuetest.Monday()) {
			t.Fatalf("it shows %v", w.now())
		}
		for _, d := range []time.Duration{time.Hour, -2 * time.Hour, 200_000 * time.Hour} {
			before := w.now()
			w.move(d)
			<-time.After(time.Minute)
			after := w.now()
			if wall, span := after.Round(0).Sub(before.Round(0)), after.Sub(before); wall != d+time.Minute || span != time.Minute {
				t.Fatalf("moved by %v in a minute: the wall clock shows %v more, %v have passed", d, wall, span)
			}
		}
	})
}

// gated is a journal whose appends wait for a word each while it is slow.
type gated struct {
	coded
	gate chan struct{} // before it appends; nil: not slow
	end  chan struct{} // when it has appended, before it says so
}

func (j *gated) Append(ctx context.Context, after queue.Seq, batch []queue.Entry) (queue.Seq, error) {
	if j.gate != nil {
		<-j.gate
	}
	end, err := j.coded.Append(ctx, after, batch)
	if j.end != nil {
		<-j.end
	}
	return end, err
}

// desk is an engine at work inside a bubble, on a Monday at eight.
type desk struct {
	*queue.Engine
	t       *testing.T
	journal *gated
	clock   *wall
	commits []queue.Commit
	steps   []time.Duration
	stop    context.CancelFunc
	stopped chan error // gives the result of Run once
}

// newDesk opens an engine without settings.
func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{t: t, journal: &gated{}, clock: newWall(queuetest.Monday())}
	d.start()
	t.Cleanup(func() {
		d.stop()
		if _, err := queuetest.Journal(context.Background(), d.journal); err != nil {
			t.Error(err)
		}
	})
	return d
}

// openDesk opens an engine with settings in force and the day open.
func openDesk(t *testing.T, settings queue.Settings) *desk {
	t.Helper()
	d := newDesk(t)
	d.must(queue.ChangeSettings{Settings: settings})
	d.must(queue.OpenDay{Clock: d.Now()})
	return d
}

func (d *desk) start() {
	d.t.Helper()
	e, err := queue.Open(d.t.Context(), d.journal, queue.Options{
		Now:      d.clock.now,
		OnCommit: func(c queue.Commit) { d.commits = append(d.commits, c) },
		OnStep:   func(by time.Duration) { d.steps = append(d.steps, by) },
	})
	if err != nil {
		d.t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(d.t.Context()))
	d.Engine, d.stop, d.stopped = e, stop, make(chan error, 1)
	go func() { d.stopped <- e.Run(ctx) }()
}

// ask gives a command with the counter's present revision.
func (d *desk) ask(c queue.Command) ([]queue.Record, error) {
	return d.Do(d.t.Context(), manager(), fresh(d.View(), c))
}

// must gives a command that is granted.
func (d *desk) must(c queue.Command) []queue.Record {
	d.t.Helper()
	records, err := d.ask(c)
	if err != nil {
		d.t.Fatalf("%T: %v", c, err)
	}
	return records
}

// refusedAs gives a command that is refused.
func (d *desk) refusedAs(c queue.Command, code queue.RefusalCode) {
	d.t.Helper()
	records, err := d.ask(c)
	if r, ok := errors.AsType[*queue.Refusal](err); !ok || r.Code != code {
		d.t.Errorf("%T: %v, %v; want a refusal as %s", c, records, err, code)
	}
}
