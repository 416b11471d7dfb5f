// SPDX-License-Identifier: EUPL-1.2

package office_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/avanti-queue/avanti/device"
	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/office"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// bench is a desk with a key, a lamp and a panel that hang on wires.
type bench struct {
	*desk
	panel *wiredPanel
	lamp  *wiredLamp
	seq   uint32
}

func openBench(t *testing.T, journal *queuetest.Memory, given ...queue.Command) *bench {
	t.Helper()
	b := &bench{desk: openDesk(t, journal, given...), panel: &wiredPanel{}, lamp: &wiredLamp{}}
	b.stop()
	b.wired = office.Wired{
		Keys:   []office.WiredKey{{ID: "key", Counter: "c1", Press: fwproto.KeyNext, Hold: fwproto.KeyRecall}},
		Lamps:  []office.WiredLamp{{ID: "lamp", Counter: "c1", Lamp: b.lamp}},
		Panels: []office.WiredPanel{{ID: "digits", Counter: "c1", Panel: b.panel}},
	}
	b.conduct()
	return b
}

// tell is what a key's Run would tell, a while after it happened.
func (b *bench) tell(kind device.ButtonEventKind, late time.Duration) {
	b.seq++
	b.office.KeyEvent("key", device.ButtonEvent{Kind: kind, At: time.Now().Add(-late), Seq: b.seq})
	synctest.Wait()
}

// told is what the panel's line would tell of the content that the panel was given last.
func (b *bench) told(state device.PanelState) {
	b.office.PanelShown("digits", device.PanelShown{State: state, Rev: b.panel.newest().Rev, Detail: "seen"})
}

// warnings are the names of those that stand for a thing.
func (b *bench) warnings(subject string) []string {
	var out []string
	for _, w := range b.health.List() {
		if w.Subject == subject {
			out = append(out, w.Name)
		}
	}
	return out
}

func (b *bench) presses(result string) float64 {
	n, err := testutil.GatherAndCount(b.metrics, "avanti_wired_presses_total")
	if err != nil || n == 0 {
		return 0
	}
	families, err := b.metrics.Gather()
	if err != nil {
		b.t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() != "avanti_wired_presses_total" {
			continue
		}
		for _, m := range f.GetMetric() {
			for _, l := range m.GetLabel() {
				if l.GetName() == "result" && l.GetValue() == result {
					return m.GetCounter().GetValue()
				}
			}
		}
	}
	return 0
}

type wiredPanel struct {
	mu    sync.Mutex
	shown []device.PanelContent
	at    []time.Time
}

func (p *wiredPanel) Show(c device.PanelContent) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.shown, p.at = append(p.shown, c), append(p.at, time.Now())
}

func (p *wiredPanel) newest() device.PanelContent {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.shown[len(p.shown)-1]
}

// gaps are the times between two contents.
func (p *wiredPanel) gaps() []time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []time.Duration
	for i := 1; i < len(p.at); i++ {
		out = append(out, p.at[i].Sub(p.at[i-1]))
	}
	return out
}

type wiredLamp struct {
	mu       sync.Mutex
	patterns []device.LampPattern // each change
}

func (l *wiredLamp) Show(p device.LampPattern) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if n := len(l.patterns); n == 0 || l.patterns[n-1] != p {
		l.patterns = append(l.patterns, p)
	}
}

func (l *wiredLamp) take() []device.LampPattern {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := l.patterns
	l.patterns = slices.Clone(out[len(out)-1:])
	return out
}

// TestWiredKeyCalls: a press calls one citizen, the panel gets the number, and the journal says by
// which press.
func TestWiredKeyCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		journal := &queuetest.Memory{}
		b := openBench(t, journal, morning(3)...)
		defer func() { b.stop() }()
		pass(time.Second)
		if got := b.panel.newest(); got.Number != "" || got.Rev != uint64(b.seen()) {
			t.Errorf("the free counter's panel gets %+v", got)
		}
		b.tell(device.ButtonPressed, 0)
		if got := b.panel.newest(); got.Number != number(1) || got.Rev != uint64(b.seen()) {
			t.Errorf("the panel gets %+v", got)
		}
		pass(time.Second)
		b.tell(device.ButtonHeld, 200*time.Millisecond)
		if ticket := b.engine.View().Ticket(1); b.calls() != 1 || b.presses("ok") != 2 {
			t.Errorf("%d calls, %v presses, ticket %+v: want one call and its recall", b.calls(), b.presses("ok"), ticket)
		}
		b.stop()
		b.conduct()
		pass(time.Second)
		b.seq = 0 // a new run of the key counts from 1
		b.tell(device.ButtonPressed, 0)
		if b.calls() != 2 {
			t.Errorf("%d calls after the office was started anew, want two", b.calls())
		}
		requests := map[queue.RequestID]bool{}
		for r, err := range journal.Records(t.Context(), 0) {
			if err != nil {
				t.Fatal(err)
			}
			if r.By.ID != "key" {
				continue
			}
			requests[r.By.Request] = true
			if r.By.Role != queue.RoleCounter || !strings.HasPrefix(string(r.By.Request), "key:key:") {
				t.Errorf("record by %+v", r.By)
			}
		}
		if len(requests) != 3 {
			t.Errorf("requests %v, want three", requests)
		}
	})
}

// TestRule2IntentOfWiredKeys: who presses within 300 ms of a change at the counter, or before it, meant
// what was there until then.
func TestRule2IntentOfWiredKeys(t *testing.T) {
	for _, test := range []struct {
		after, late time.Duration // the press after the change, and how late we hear of it
		calls       int
	}{
		{299 * time.Millisecond, 0, 1},
		{300 * time.Millisecond, 0, 2},
		{time.Second, 701 * time.Millisecond, 1},
		{time.Second, 700 * time.Millisecond, 2},
		{time.Second, 2 * time.Second, 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			b := openBench(t, &queuetest.Memory{}, morning(5)...)
			defer b.stop()
			pass(time.Second)
			b.do(queue.CallNext{Counter: "c1", Seen: b.seen()}) // by the page of the counter
			pass(test.after)
			b.tell(device.ButtonPressed, test.late)
			if n := b.calls(); n != test.calls {
				t.Errorf("pressed %v after the change, told %v later: %d calls, want %d", test.after-test.late, test.late, n, test.calls)
			}
			if conflicts := b.presses("conflict"); int(conflicts) != 2-test.calls {
				t.Errorf("%v conflicts", conflicts)
			}
		})
	}
}

// A nervous finger calls once.
func TestWiredKeyPressedTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := openBench(t, &queuetest.Memory{}, morning(20)...)
		defer b.stop()
		pass(time.Second)
		for range 5 {
			b.office.KeyEvent("key", device.ButtonEvent{Kind: device.ButtonPressed, At: time.Now()})
			pass(50 * time.Millisecond)
		}
		if n := b.calls(); n != 1 {
			t.Errorf("%d calls", n)
		}
	})
}

// TestRule3AgeOfWiredKeys: a press that was told too late calls nobody.
func TestRule3AgeOfWiredKeys(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := openBench(t, &queuetest.Memory{}, morning(5)...)
		defer b.stop()
		pass(10 * time.Second)
		b.tell(device.ButtonPressed, 5001*time.Millisecond)
		if b.calls() != 0 || b.presses("stale") != 1 {
			t.Errorf("%d calls, %v stale", b.calls(), b.presses("stale"))
		}
		b.tell(device.ButtonPressed, 4999*time.Millisecond)
		if b.calls() != 1 {
			t.Errorf("%d calls", b.calls())
		}
	})
}

// What a key says of itself is a warning, one at a time.
func TestWiredKeyWarnings(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := openBench(t, &queuetest.Memory{}, morning(1)...)
		defer b.stop()
		for _, step := range []struct {
			kind device.ButtonEventKind
			want []string
		}{
			{device.ButtonWell, nil},
			{device.ButtonStuck, []string{"key_stuck"}},
			{device.ButtonNoisy, []string{"key_noisy"}},
			{device.ButtonLost, []string{"key_lost"}},
			{device.ButtonWell, nil},
		} {
			b.tell(step.kind, 0)
			if diff := cmp.Diff(step.want, b.warnings("key")); diff != "" {
				t.Errorf("%s (-want +got):\n%s", step.kind, diff)
			}
		}
		b.office.KeyEvent("nobody", device.ButtonEvent{Kind: device.ButtonPressed, At: time.Now()})
		b.office.LampFault("lamp", errors.New("no such line"))
		if got := b.warnings("lamp"); !slices.Equal(got, []string{"lamp_lost"}) {
			t.Errorf("warnings %v", got)
		}
		b.office.LampFault("lamp", nil)
		if got := b.warnings("lamp"); got != nil {
			t.Errorf("warnings %v", got)
		}
	})
}

// A lamp says what a box's lamp would, and tells a press that came to nothing.
func TestWiredLamp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := openBench(t, &queuetest.Memory{}, morning(1)...)
		defer b.stop()
		check := func(what string, want ...device.LampPattern) {
			t.Helper()
			if diff := cmp.Diff(want, b.lamp.take()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", what, diff)
			}
		}
		pass(time.Second)
		check("somebody waits for the free counter", device.LampOn)
		b.tell(device.ButtonPressed, 0)
		check("pressed, then called", device.LampOn, device.LampFast, device.LampSlow)
		pass(time.Second)
		b.do(queue.Start{Counter: "c1", Seen: b.seen()})
		synctest.Wait()
		check("came", device.LampSlow, device.LampOff)
		b.do(queue.Finish{Counter: "c1", Seen: b.seen()})
		pass(time.Second)
		b.tell(device.ButtonPressed, 0)
		check("nobody waits", device.LampOff, device.LampFast)
		pass(2 * time.Second)
		check("a while later", device.LampFast, device.LampOff)
	})
}

// A wired lamp calls the clerk to somebody who comes to an empty queue, and says when somebody waits
// longer than is aimed at, as the lamp and the beep of a box do.
func TestWiredLampSignals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := openBench(t, &queuetest.Memory{}, morning(0)...)
		defer b.stop()
		check := func(what string, want ...device.LampPattern) {
			t.Helper()
			synctest.Wait()
			if diff := cmp.Diff(want, b.lamp.take()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", what, diff)
			}
		}
		pass(time.Second)
		check("nobody is here", device.LampOff)
		b.do(queue.IssueTicket{Service: "papers"})
		check("somebody comes to the empty queue", device.LampOff, device.LampBrisk)
		pass(4 * time.Second)
		check("a while later", device.LampBrisk, device.LampOn)
		b.do(queue.IssueTicket{Service: "papers"})
		check("the second one is no news", device.LampOn)
		pass(21 * time.Minute)
		check("they wait too long", device.LampOn, device.LampBrisk)
		b.do(queue.CallNext{Counter: "c1", Seen: b.seen()})
		check("the second one still does", device.LampBrisk)
		b.do(queue.CallNext{Counter: "c1", Seen: b.seen()})
		check("nobody does any more", device.LampBrisk, device.LampSlow)
	})
}

// TestRule7ReadBackOfWiredPanels: a panel that does not take its number within two seconds is a
// warning; one that cannot say whether it did is none.
func TestRule7ReadBackOfWiredPanels(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := openBench(t, &queuetest.Memory{}, morning(9)...)
		defer b.stop()
		check := func(what string, want ...string) {
			t.Helper()
			if diff := cmp.Diff(want, b.warnings("digits")); diff != "" {
				t.Errorf("%s (-want +got):\n%s", what, diff)
			}
		}
		next := func() { b.do(queue.CallNext{Counter: "c1", Seen: b.seen()}); synctest.Wait() }
		pass(1900 * time.Millisecond)
		check("nothing was heard yet")
		pass(time.Second)
		check("for long", "panel_unconfirmed")
		b.told(device.PanelUnverified)
		check("on its way")
		before := b.panel.newest()
		next()
		b.office.PanelShown("digits", device.PanelShown{State: device.PanelUnverified, Rev: before.Rev})
		pass(3 * time.Second)
		check("only the number before was taken", "panel_unconfirmed")
		b.told(device.PanelConfirmed)
		check("confirmed")
		b.told(device.PanelSilent)
		check("it falls silent")
		pass(3 * time.Second)
		check("and stays so", "panel_unconfirmed")
		b.told(device.PanelLost)
		check("the line is gone", "panel_lost")
		b.office.PanelShown("digits", device.PanelShown{State: device.PanelExpired})
		check("the line is back, with a blank that nobody wants", "panel_unconfirmed")
		b.told(device.PanelConfirmed)
		check("well")
		b.told(device.PanelUnfit)
		check("too long a number", "panel_unfit")
		next()
		check("another number: it is not known yet whether that fits")
		b.told(device.PanelConfirmed)
		check("it does")
		want := []office.PanelState{{ID: "digits", Counter: "c1", Wanted: number(2), State: device.PanelConfirmed}}
		if diff := cmp.Diff(want, b.office.PanelStates()); diff != "" {
			t.Errorf("states (-want +got):\n%s", diff)
		}
		if got := testutil.CollectAndCount(b.metrics, "avanti_wired_panel_state"); got != 6 {
			t.Errorf("%d series of states", got)
		}
		if longest := slices.Max(b.panel.gaps()); longest > time.Second {
			t.Errorf("the panel's content was said again only after %v", longest)
		}
		b.office.PanelShown("nobody", device.PanelShown{State: device.PanelLost})
		check("not its business")
	})
}
