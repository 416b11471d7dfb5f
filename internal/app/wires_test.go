// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
	"unsafe"

	"github.com/avanti-queue/avanti/display"
	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/app"
	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/queue"
)

// wired is an office whose far ends a test plays byte by byte where it wants to, and
// what was pressed and answered there.
type wired struct {
	*rig
	tap   *tap
	state queue.State // of the records up to seq
	seq   queue.Seq

	mu      sync.Mutex
	pressed map[queue.RequestID]time.Time     // when the clerk pressed
	replies map[queue.RequestID]fwproto.Reply // the last one to each
	wanted  map[string][]wanted               // of each display, oldest first
	lateBy  time.Duration                     // how late a press may call: its age limit and its way
	staleBy time.Duration                     // how long a display may show what is no longer wanted
	stalest time.Duration                     // how long one has
	latest  time.Duration                     // how late a press has called
}

// wanted is what a display should show from a moment on.
type wanted struct {
	rows []fwproto.Row
	from time.Time
}

// inSmall runs a test in the small office on a Monday at eight, with boxes and panels at
// the first two counters, both open, and people waiting. In the end everything must hold.
func inSmall(t *testing.T, people int, test func(*testing.T, *wired), with ...func(*rig)) {
	t.Helper()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		w := newWired(t, dir, with...)
		defer w.stop()
		w.issue(people)
		w.rest(2 * time.Second)
		test(t, w)
		w.holds()
	})
	checkJournal(t, dir)
}

func newWired(t *testing.T, dir string, with ...func(*rig)) *wired {
	t.Helper()
	file, err := config.Load("../../testdata/office/small.yaml", app.CheckConfig)
	if err != nil {
		t.Fatal(err)
	}
	file.Devices = append(file.Devices,
		config.Device{ID: "box-2", Kind: config.KindBox, Counter: "c2"},
		config.Device{ID: "panel-2", Kind: config.KindPanel, Counter: "c2"},
	)
	w := &wired{
		rig: newRigOf(t, file, at(8, 0), dir, with...), tap: newTap(),
		pressed: map[queue.RequestID]time.Time{}, replies: map[queue.RequestID]fwproto.Reply{}, wanted: map[string][]wanted{},
		lateBy: 5 * time.Second,
	}
	ctx, stop := context.WithCancel(t.Context())
	stopFar := w.stopFar
	w.stopFar = func() { stop(); stopFar() }
	w.far.Go(func() { w.tap.run(ctx, w.dialHost) })
	w.rest(5 * time.Second) // the day is opened
	for _, c := range []queue.CounterID{"c1", "c2"} {
		status, _ := w.view().Counter(c)
		w.do(queue.OpenCounter{Counter: c, Seen: status.Seen})
	}
	return w
}

func (w *wired) view() *queue.View { return w.app.Office().View() }

func (w *wired) do(c queue.Command) {
	w.t.Helper()
	if _, err := w.app.Office().Do(w.t.Context(), queue.Actor{Role: queue.RoleManager, ID: "test"}, c); err != nil {
		w.t.Fatalf("%T: %v", c, err)
	}
}

func (w *wired) issue(people int) {
	w.t.Helper()
	for range people {
		w.do(queue.IssueTicket{Service: "certificates"})
	}
}

// rest lets time pass, and looks at the displays all the while.
func (w *wired) rest(d time.Duration) {
	w.t.Helper()
	for end := time.Now().Add(d); time.Now().Before(end); {
		pass(min(100*time.Millisecond, time.Until(end)))
		synctest.Wait()
		w.look()
	}
}

// look holds every display against I8: it shows what is wanted, or what was wanted as short
// a time ago as is allowed, or the mark.
func (w *wired) look() {
	w.t.Helper()
	w.follow()
	now := time.Now()
	for id, p := range w.panels {
		rows, honest := p.Content()
		if !honest {
			continue
		}
		stale := staleness(w.wanted[id], rows, now)
		if stale > w.staleBy {
			w.t.Errorf("I8: at %v %s vouches for %v, which is %v old", now.Sub(at(8, 0)), id, rows, stale)
		}
		w.stalest = max(w.stalest, stale)
	}
}

// follow notes what every display should show behind each record that is new.
func (w *wired) follow() {
	w.t.Helper()
	last := w.view().Seq()
	if w.seq == last {
		return
	}
	for r, err := range w.app.Office().Follow(w.t.Context(), w.seq) {
		if err != nil {
			w.t.Fatal(err)
		}
		w.state.Apply(r)
		w.seq = r.Seq
		v := w.state.View()
		for _, d := range w.file.Devices {
			if d.Kind == config.KindBox {
				continue
			}
			set := display.HallPanel(v, 6)
			if d.Kind == config.KindPanel {
				set = display.CounterPanel(v, d.Counter)
			}
			if set.Blank {
				set.Rows = nil
			}
			if old := w.wanted[d.ID]; len(old) == 0 || !slices.Equal(old[len(old)-1].rows, set.Rows) {
				w.wanted[d.ID] = append(old, wanted{set.Rows, time.Now()})
			}
		}
		if r.Seq == last {
			return
		}
	}
}

// staleness is how long ago rows were wanted last, a year if they never were.
func staleness(history []wanted, rows []fwproto.Row, now time.Time) time.Duration {
	until := now
	for _, x := range slices.Backward(history) {
		if slices.Equal(x.rows, rows) {
			return now.Sub(until)
		}
		until = x.from
	}
	return 365 * 24 * time.Hour
}

// press presses a key of a simulated box.
func (w *wired) press(counter queue.CounterID, key fwproto.Key) (fwproto.Reply, error) {
	b := w.boxes[counter]
	var id string
	for _, d := range w.file.Devices {
		if d.Kind == config.KindBox && d.Counter == counter {
			id = d.ID
		}
	}
	began := time.Now()
	r, err := b.Press(w.t.Context(), key)
	w.note(id, b.Boot(), r.Seq, began)
	if err == nil {
		w.answered(id, r)
	}
	return r, err
}

func request(device string, boot, seq uint32) queue.RequestID {
	return queue.RequestID(fmt.Sprintf("press:%s:%08x:%d", device, boot, seq))
}

func (w *wired) note(device string, boot, seq uint32, at time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, ok := w.pressed[request(device, boot, seq)]; !ok {
		w.pressed[request(device, boot, seq)] = at
	}
}

func (w *wired) answered(device string, r fwproto.Reply) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.replies[request(device, r.Boot, r.Seq)] = r
}

// records returns the whole journal.
func (w *wired) records() []queue.Record {
	w.t.Helper()
	var all []queue.Record
	last := w.view().Seq()
	for r, err := range w.app.Office().Follow(w.t.Context(), 0) {
		if err != nil {
			w.t.Fatal(err)
		}
		if all = append(all, r); r.Seq == last {
			break
		}
	}
	return all
}

// calls returns the calls of the boxes, by the press that made them.
func (w *wired) calls() map[queue.RequestID]queue.Record {
	w.t.Helper()
	calls := map[queue.RequestID]queue.Record{}
	for _, r := range w.records() {
		if _, ok := r.Event.(queue.TicketCalled); !ok || !strings.HasPrefix(string(r.By.Request), "press:") {
			continue
		}
		if _, twice := calls[r.By.Request]; twice {
			w.t.Errorf("I5: %s has called twice", r.By.Request)
		}
		calls[r.By.Request] = r
	}
	return calls
}

func (w *wired) wantCalls(n int) {
	w.t.Helper()
	if got := w.calls(); len(got) != n {
		w.t.Errorf("%d calls, want %d: %v", len(got), n, slices.Sorted(maps.Keys(got)))
	}
}

// holds is the invariant of the abuse list: the calls in SQLite are the distinct accepted
// presses, none of them came late, and every display shows the newest content or the mark.
func (w *wired) holds() {
	w.t.Helper()
	w.rest(10 * time.Second)
	w.staleBy = 0
	w.look()
	calls, records := w.calls(), w.records()
	accepted := w.tap.accepted()
	w.mu.Lock()
	defer w.mu.Unlock()
	for id, r := range w.replies {
		if r.Status == fwproto.OK {
			accepted[id] = r.Number
		}
	}
	for id, call := range calls {
		pressed, known := w.pressed[id]
		w.latest = max(w.latest, call.At.Sub(pressed))
		switch {
		case !known:
			w.t.Errorf("I5: %s has called, and nobody has pressed", id)
		case call.At.Sub(pressed) > w.lateBy:
			w.t.Errorf("I5: %s has called %v after the press", id, call.At.Sub(pressed))
		}
		if r, ok := w.replies[id]; ok && r.Status != fwproto.OK && r.Status != fwproto.Duplicate {
			w.t.Errorf("I5: %s has called, and its last reply was %v", id, r.Status)
		}
	}
	committed := map[queue.RequestID]bool{} // recalls too
	for _, r := range records {
		committed[r.By.Request] = true
	}
	for id, number := range accepted {
		if number != "" && !committed[id] {
			w.t.Errorf("I3: %s was told to have called %s, and SQLite does not know", id, number)
		}
	}
}

// bare leaves devices to the test.
func bare(ids ...string) func(*rig) { return func(r *rig) { r.bare = append(r.bare, ids...) } }

// metric returns the line of a metric with these labels, "" if there is none.
func (w *wired) metric(name string) string {
	w.t.Helper()
	_, page := w.page("", "http://localhost:8080/metrics")
	for line := range strings.Lines(page) {
		if strings.HasPrefix(line, name) {
			return strings.TrimSpace(strings.TrimPrefix(line, name))
		}
	}
	return ""
}

// wantBlank wants a display to be dark, and to have said why.
func (w *wired) wantBlank(id string, why fwproto.Blank) {
	w.t.Helper()
	synctest.Wait()
	if rows, honest := w.panels[id].Content(); honest || rows != nil {
		w.t.Errorf("%s shows %v, %t", id, rows, honest)
	}
	said := w.tap.on(id, fwproto.LeafShown)
	if len(said) == 0 {
		w.t.Fatalf("%s says nothing", id)
	}
	if s, err := fwproto.Decode[fwproto.Shown](said[len(said)-1].Payload); err != nil || s.Blank != why {
		w.t.Errorf("%s says %+v, %v, want %v", id, s, err, why)
	}
}

func (w *wired) refusals() []string {
	w.rig.mu.Lock()
	defer w.rig.mu.Unlock()
	return slices.Clone(w.refused)
}

// wallClock is the bubble's clock, which somebody sets: it then shows another time, and the
// monotonic clock goes on.
type wallClock struct{ off atomic.Int64 } // nanoseconds

func (c *wallClock) set(off time.Duration) { c.off.Store(int64(off)) }

// now reads it. Package time has no way to make such a reading, so its fields are written here:
// the wall clock as seconds since 1885 and nanoseconds, and the monotonic one.
func (c *wallClock) now() time.Time {
	real := time.Now()
	shows := real.Add(time.Duration(c.off.Load()))
	since1885 := shows.Unix() - time.Date(1885, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	reading := struct {
		wall      uint64
		monotonic int64
		zone      *time.Location
	}{1<<63 | uint64(since1885)<<30 | uint64(shows.Nanosecond()), int64(real.Sub(at(0, 0))), nil}
	return *(*time.Time)(unsafe.Pointer(&reading))
}
