// SPDX-License-Identifier: EUPL-1.2

package panel_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/panel"
)

// wire is a wire whose panels are texts.
type wire struct {
	mu     sync.Mutex
	texts  map[int]string
	puts   int
	takes  time.Duration
	fails  map[int]error
	mute   bool // it confirms nothing
	closed int
}

func (w *wire) open(context.Context) (panel.Wire, error) { return w, nil }

func (w *wire) Put(ctx context.Context, i int, text string) (bool, error) {
	w.mu.Lock()
	takes, err, mute := w.takes, w.fails[i], w.mute
	w.mu.Unlock()
	if takes > 0 {
		select {
		case <-time.After(takes):
		case <-ctx.Done():
			return false, ctx.Err()
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.puts++
	if err != nil {
		return false, err
	}
	w.texts[i] = text
	return !mute, nil
}

func (w *wire) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed++
	return nil
}

func (w *wire) change(f func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f()
}

func (w *wire) expect(t *testing.T, want ...string) {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	for i, text := range want {
		if got := strings.TrimLeft(w.texts[i], " "); got != text {
			t.Errorf("panel %d shows %q, want %q", i, got, text)
		}
	}
}

// hall is a running line.
type hall struct {
	line *panel.Line
	stop func()

	mu    sync.Mutex
	shown []string
}

// run runs a line with panels of four 7-segment digits until the test ends.
func run(t *testing.T, o panel.Options, panels int) *hall {
	t.Helper()
	h := &hall{}
	for range panels {
		o.Panels = append(o.Panels, panel.Face{Glyphs: panel.GlyphsSeven, Places: 4, Dashes: true})
	}
	o.OnShown = func(i int, s device.PanelShown) {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.shown = append(h.shown, strings.TrimRight(fmt.Sprintf("%d %s %d %s", i, s.State, s.Rev, s.Detail), " "))
	}
	line, err := panel.New(o)
	if err != nil {
		t.Fatal(err)
	}
	h.line = line
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- line.Run(ctx) }()
	h.stop = sync.OnceFunc(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(h.stop)
	after(500 * time.Millisecond) // it has marked the panels
	h.mu.Lock()
	defer h.mu.Unlock()
	h.shown = nil
	return h
}

func (h *hall) show(i int, number string, rev uint64) {
	h.line.Panel(i).Show(device.PanelContent{Number: number, Rev: rev})
}

// told compares what was told so far, and forgets it.
func (h *hall) told(t *testing.T, want ...string) {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	if d := cmp.Diff(want, h.shown); d != "" {
		t.Errorf("told (-want +got):\n%s", d)
	}
	h.shown = nil
}

func after(d time.Duration) { <-time.After(d) }

func TestPanelShowsTheNewestAndSaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{texts: map[int]string{0: "B999", 1: "B998"}, takes: 10 * time.Millisecond}
		h := run(t, panel.Options{Open: w.open}, 2)
		w.expect(t, "----", "----") // what was there before is nobody's
		for n := range 20 {
			h.show(1, fmt.Sprintf("A%03d", n), uint64(n)+1)
		}
		h.show(0, "A100", 7)
		after(50 * time.Millisecond) // the first of them may have been under way
		w.expect(t, "A100", "A019")
		h.mu.Lock()
		if n := len(h.shown); n < 2 || n > 3 || !slices.Contains(h.shown, "0 confirmed 7") || h.shown[n-1] != "1 confirmed 20" {
			t.Errorf("told %q", h.shown)
		}
		h.shown = nil
		h.mu.Unlock()
		h.show(0, "", 8)
		after(50 * time.Millisecond)
		w.expect(t, "", "A019")
		h.told(t, "0 confirmed 8")
	})
}

func TestContentIsWrittenAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{texts: map[int]string{}}
		h := run(t, panel.Options{Open: w.open, Hold: time.Hour}, 1)
		h.show(0, "A012", 1)
		after(100 * time.Millisecond)
		w.change(func() { w.texts[0], w.puts = "8888", 0 }) // a disturbance
		after(time.Second)
		w.expect(t, "A012")
		after(9 * time.Second)
		w.change(func() {
			if w.puts != 10 {
				t.Errorf("%d writings in 10 s", w.puts)
			}
		})
	})
}

// The program runs, but nobody says any more that the number is current.
func TestNumberThatNobodyVouchesForGoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{texts: map[int]string{}, mute: true}
		h := run(t, panel.Options{Open: w.open, Hold: 4500 * time.Millisecond}, 1)
		for range 10 {
			h.show(0, "A012", 1)
			after(time.Second)
			w.expect(t, "A012")
		}
		after(3400 * time.Millisecond)
		w.expect(t, "A012")
		after(200 * time.Millisecond)
		w.expect(t, "----")
		h.told(t, "0 unverified 1", "0 expired 0")
		h.show(0, "A012", 1)
		after(10 * time.Millisecond)
		w.expect(t, "A012")
		h.told(t, "0 unverified 1")
	})
}

func TestNumberThatThePanelCannotShow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{texts: map[int]string{}}
		h := run(t, panel.Options{Open: w.open}, 1)
		after(time.Second)
		h.show(0, "A012", 1)
		after(time.Second)
		h.show(0, "S012", 2)
		after(time.Second)
		w.expect(t, "----")
		h.told(t, "0 confirmed 1", `0 unfit 2 "S012" has 'S', which a panel with 7-segment glyphs cannot show`)
	})
}

func TestSilentPanel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{texts: map[int]string{}, takes: 50 * time.Millisecond, fails: map[int]error{}}
		h := run(t, panel.Options{Open: w.open, Hold: time.Hour}, 2)
		h.show(0, "A001", 1)
		h.show(1, "A002", 1)
		after(time.Second)
		h.told(t, "0 confirmed 1", "1 confirmed 1")
		w.change(func() { w.fails[0] = fmt.Errorf("%w: nothing", panel.ErrNoAnswer) })
		after(2 * time.Second)
		h.told(t, "0 silent 1 no answer from the panel: nothing")
		h.show(0, "A003", 2)
		h.show(1, "A004", 2)
		after(150 * time.Millisecond) // it waits for one try of the silent one at the most
		w.expect(t, "A001", "A004")
		after(time.Minute)
		w.change(func() { delete(w.fails, 0) })
		after(6 * time.Second)
		w.expect(t, "A003", "A004")
		h.told(t, "1 confirmed 2", "0 silent 2 no answer from the panel: nothing", "0 confirmed 2")
	})
}

func TestOneLostAnswerIsNoNews(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{texts: map[int]string{}, takes: 50 * time.Millisecond, fails: map[int]error{}}
		h := run(t, panel.Options{Open: w.open, Hold: time.Hour}, 1)
		w.change(func() { w.fails[0] = panel.ErrNoAnswer })
		h.show(0, "A001", 1)
		after(100 * time.Millisecond)
		w.change(func() { delete(w.fails, 0) })
		after(time.Second)
		h.told(t, "0 confirmed 1")
	})
}

func TestLostWire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{texts: map[int]string{}, fails: map[int]error{}}
		there := true
		h := run(t, panel.Options{Hold: time.Hour, Open: func(context.Context) (panel.Wire, error) {
			w.mu.Lock()
			defer w.mu.Unlock()
			if !there {
				return nil, errors.New("no such file")
			}
			return w, nil
		}}, 2)
		h.show(0, "A001", 1)
		h.show(1, "A002", 1)
		after(time.Second)
		h.told(t, "0 confirmed 1", "1 confirmed 1")
		w.change(func() { w.fails[1] = errors.New("input/output error"); there = false })
		after(time.Minute)
		h.told(t, "0 lost 0 input/output error", "1 lost 0 input/output error")
		h.show(1, "A003", 2)
		w.change(func() { delete(w.fails, 1); there = true })
		after(3 * time.Second)
		w.expect(t, "A001", "A003")
		h.told(t, "0 confirmed 1", "1 confirmed 2")
		w.change(func() {
			if w.closed != 1 {
				t.Errorf("closed %d times", w.closed)
			}
		})
	})
}

func TestPanelsAreBlankAfterTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{texts: map[int]string{}, takes: 100 * time.Millisecond}
		h := run(t, panel.Options{Open: w.open, Hold: time.Hour}, 3)
		for i := range 3 {
			h.show(i, "A001", 1)
		}
		after(time.Second)
		began := time.Now()
		h.stop()
		w.expect(t, "----", "----", "----")
		if took := time.Since(began); took > time.Second {
			t.Errorf("it took %v", took)
		}
		w.change(func() {
			if w.closed != 1 {
				t.Errorf("closed %d times", w.closed)
			}
		})
	})
}

// The last word is said again to a panel that did not hear it.
func TestPanelsAreBlankedInSpiteOfALostAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{texts: map[int]string{}, takes: 100 * time.Millisecond, fails: map[int]error{}}
		h := run(t, panel.Options{Open: w.open, Hold: time.Hour, Refresh: time.Minute}, 2)
		h.show(0, "A001", 1)
		h.show(1, "A002", 1)
		after(time.Second)
		w.change(func() { w.fails[0] = panel.ErrNoAnswer })
		time.AfterFunc(150*time.Millisecond, func() { w.change(func() { delete(w.fails, 0) }) })
		h.stop()
		w.expect(t, "----", "----")
	})
}

// A wire that hangs does not keep the program from ending.
func TestEndOnAHangingWire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{texts: map[int]string{}, takes: time.Hour}
		h := run(t, panel.Options{Open: w.open}, 3)
		after(time.Second)
		began := time.Now()
		h.stop()
		if took := time.Since(began); took > 6*time.Second {
			t.Errorf("it took %v", took)
		}
	})
}

func TestFacesAreChecked(t *testing.T) {
	for _, f := range []panel.Face{{Glyphs: panel.GlyphsSeven}, {Glyphs: "runes", Places: 4}, {Glyphs: panel.GlyphsText, Places: 17}} {
		if _, err := panel.New(panel.Options{Panels: []panel.Face{f}}); err == nil || !strings.HasPrefix(err.Error(), "panel 1 of its line: ") {
			t.Errorf("%+v: %v", f, err)
		}
	}
}
