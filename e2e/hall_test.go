// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/queue"
)

// call gives a number and lets a counter call it.
func (o *office) call(counter queue.CounterID, language string) (number string) {
	o.t.Helper()
	if c, _ := o.app.Office().View().Counter(counter); c.State != queue.CounterIsOpen {
		o.do(queue.OpenCounter{Counter: counter, Seen: o.seen(counter)})
	}
	o.do(queue.IssueTicket{Service: o.file.Settings().Services[0].ID, Language: language})
	for _, r := range o.do(queue.CallNext{Counter: counter, Seen: o.seen(counter)}) {
		if e, ok := r.Event.(queue.TicketCalled); ok {
			return o.app.Office().View().Ticket(e.Ticket).Number
		}
	}
	o.t.Fatal("nobody was called")
	return ""
}

// watch lets the page keep a diary of what stood on its stage and of the sounds that it began.
const watch = `(() => {
	window.staged = []; window.begun = []; window.cut = 0;
	const stage = document.getElementById("stage");
	new MutationObserver(() => { if (!stage.hidden) { const n = document.getElementById("stage-number").textContent; if (staged.at(-1) !== n) staged.push(n) } else staged.push("") })
		.observe(stage, { attributes: true, childList: true, subtree: true });
	const play = HTMLMediaElement.prototype.play; let busy = false;
	HTMLMediaElement.prototype.play = function () {
		if (busy) cut++;
		begun.push(new URL(this.src).pathname); busy = true;
		this.addEventListener("ended", () => { busy = false }, { once: true, capture: true }); // before the page hears of it
		return play.call(this);
	};
})()`

// live waits until the page is known to be true.
func (tb *tab) live() {
	tb.t.Helper()
	tb.until("the page is live", `document.body.dataset.state === "live"`)
}

// TestHallCall: a call fills the screen for some seconds, at the size that the farthest seat needs,
// and then stands in the list.
func TestHallCall(t *testing.T) {
	t.Parallel()
	o := startOffice(t, "small.yaml")
	tb := o.tab(t, "", "/hall?d=55&v=8")
	tb.size(1920, 1080)
	tb.live()
	number := o.call("c1", "it")
	tb.await("#stage-number", number)
	tb.await(".list", number)
	size := eval[map[string]float64](tb, `(() => { const s = document.getElementById("stage").getBoundingClientRect();
		const vh = (css) => parseFloat(getComputedStyle(document.querySelector(css)).fontSize) / innerHeight * 100;
		return { share: s.width * s.height / innerWidth / innerHeight, number: vh("#stage-number"), row: vh(".list li"), cut: document.getElementById("stage").scrollWidth - s.width } })()`)
	if size["share"] < 0.6 || size["number"] < 16.7 || size["row"] < 9.8 || size["cut"] > 0 {
		t.Errorf("share of the screen %.2f, font of the number %.1f vh, of a row %.1f vh, %.0f pixels cut off", size["share"], size["number"], size["row"], size["cut"])
	}
	tb.await("#stage-label", "1")
	tb.look()
	tb.untilIn(12*time.Second, "the stage is empty again", `document.getElementById("stage").hidden`)
	tb.await(".list", number)
	o.do(queue.Start{Counter: "c1", Seen: o.seen("c1")})
	tb.until("the list shows who is served", `document.querySelector(".list .is-serving")`)
}

// TestHallSpeaks: chime, then the words in the office's and the citizen's language, one call after the
// other, none interrupted.
func TestHallSpeaks(t *testing.T) {
	t.Parallel()
	o := startOffice(t, "small.yaml", func(f *config.File) { f.Sound.Repeat = 0 })
	tb := o.tab(t, "", "/hall")
	tb.live()
	tb.await("#unmute", "Toccate") // nobody has touched this screen yet
	tb.click("#unmute")
	tb.gone("#unmute")
	tb.do("diary", chromedp.Evaluate[chromedp.Void](watch))
	tb.do("haste", chromedp.Evaluate[chromedp.Void](`{ const wait = setTimeout; window.setTimeout = (f, ms) => wait(f, ms / 3) }`))
	first := o.call("c1", "ro")
	second := o.call("c2", "it")
	tb.untilIn(30*time.Second, "both are announced", `staged.filter(Boolean).length === 2 && begun.length === 5`)
	if got, want := eval[[]string](tb, `staged.filter(Boolean)`), []string{first, second}; !slices.Equal(got, want) {
		t.Errorf("on the stage %v, want %v", got, want)
	}
	begun := eval[[]string](tb, `begun`)
	if begun[0] != begun[3] || begun[1] == begun[2] || begun[0] == begun[1] {
		t.Errorf("played %v, want chime, it, ro, chime, it", begun)
	}
	if cut := eval[int](tb, `cut`); cut != 0 {
		t.Errorf("%d sounds were interrupted", cut)
	}
	o.do(queue.Recall{Counter: "c1", Seen: o.seen("c1")})
	tb.untilIn(30*time.Second, "the second call of the first one is announced", `staged.filter(Boolean).length === 3 && begun.length === 8`)
	if got := eval[string](tb, `staged.filter(Boolean).at(-1)`); got != first {
		t.Errorf("called again: %s on the stage, want %s", got, first)
	}
	tb.await("#stage-again", "di nuovo")
}

// TestAnnouncementsInOrder tries the rules of the queue, with the page's own script and a clock that
// the test winds.
func TestAnnouncementsInOrder(t *testing.T) {
	t.Parallel()
	o := startOffice(t, "small.yaml")
	tb := o.tab(t, "", "/hall")
	got := eval[map[string][]string](tb, `(async () => {
		const script = document.querySelector("script[type=module]").src.replace("hall.js", "announce.js");
		const { announcer } = await import(script);
		const wait = setTimeout, clock = performance.now.bind(performance);
		let wound = 0;
		performance.now = () => clock() + wound;
		window.setTimeout = (f, ms) => wait(f, ms / 100);
		const run = async (add) => {
			const out = [];
			let over;
			const done = new Promise((f) => { over = f });
			const a = announcer({
				stands: (c) => !c.gone, show: (c) => out.push("show " + c.key), hide: () => { out.push("hide"); over() },
				play: async (s) => { for (const x of s) { out.push("begin " + x); await new Promise((f) => wait(f, 5)); out.push("end " + x) } },
			});
			add(a);
			await done;
			return out.filter((x) => !x.startsWith("end") || x === "end c-b1");
		};
		let n = 0;
		const call = (key, more) => ({ key, ticket: ++n, sounds: ["c-" + key, "w-" + key], ...more });
		const all = {
			order: await run((a) => { for (const k of ["a1", "a2", "a3"]) a.add(call(k)) }),
			twice: await run((a) => { const c = call("b1"); a.add(c); a.add(c); a.add({ ...c }) }),
			many: await run((a) => { for (const k of ["c1", "c2", "c3", "c4", "c5", "c6"]) a.add(call(k)) }),
			old: await run((a) => { a.add(call("d1")); a.add(call("d2")); wound += 61000; a.add(call("d3")) }),
			gone: await run((a) => { a.add(call("e1")); const c = call("e2"); a.add(c); c.gone = true }),
			recalled: await run((a) => { a.add(call("f1")); const c = call("f2"); a.add(c); a.add(call("f3")); a.add({ ...c, key: "f4", sounds: [] }) }),
			cleared: await run((a) => { a.add(call("g1")); a.add(call("g2")); a.clear() }),
			undone: await run((a) => { a.add(call("h1")); const c = call("h2"); a.add(c); a.add(call("h3")); a.drop(c.ticket) }),
		};
		window.setTimeout = wait;
		return all;
	})()`)
	spoken := func(keys ...string) (out []string) {
		for _, k := range keys {
			out = append(out, "show "+k, "begin c-"+k, "begin w-"+k)
		}
		return out
	}
	chime := func(keys ...string) (out []string) {
		for _, k := range keys {
			out = append(out, "show "+k, "begin c-"+k)
		}
		return out
	}
	for name, want := range map[string][]string{
		"order":    spoken("a1", "a2", "a3"),
		"twice":    {"show b1", "begin c-b1", "end c-b1", "begin w-b1"},
		"many":     slices.Concat(spoken("c1"), chime("c2"), spoken("c3", "c4", "c5", "c6")),
		"old":      spoken("d1", "d3"),
		"gone":     spoken("e1"),
		"recalled": append(spoken("f1", "f3"), "show f4"),
		"cleared":  spoken("g1"),
		"undone":   spoken("h1", "h3"),
	} {
		if want = append(want, "hide"); !slices.Equal(got[name], want) {
			t.Errorf("%s: %v, want %v", name, got[name], want)
		}
	}
}

// outage is a proxy before the office that can answer 502 to everything, as one does whose server starts,
// and keep streams open through which nothing comes, as a network does that has forgotten them.
type outage struct {
	*httptest.Server
	out, mute atomic.Bool
}

// mutable is a stream through an outage.
type mutable struct {
	http.ResponseWriter
	mute *atomic.Bool
}

func (m mutable) Write(b []byte) (int, error) {
	if m.mute.Load() {
		return len(b), nil
	}
	return m.ResponseWriter.Write(b)
}

func (m mutable) Unwrap() http.ResponseWriter { return m.ResponseWriter }

func (o *office) outage() *outage {
	target, err := url.Parse(o.url(""))
	if err != nil {
		o.t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.FlushInterval = -1
	proxy.ErrorHandler = func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) }
	p := &outage{}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p.out.Load() {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		if r.URL.Path == "/api/v1/events" {
			w = mutable{w, &p.mute}
		}
		proxy.ServeHTTP(w, r)
	}))
	o.t.Cleanup(func() { p.CloseClientConnections(); p.Close() })
	return p
}

// later moves the page's clock, so that a story need not wait for half a minute.
func (tb *tab) later(d time.Duration) {
	tb.t.Helper()
	tb.do("later", chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`{ const at = performance.now.bind(performance); performance.now = () => at() + %d }`, d.Milliseconds())))
}

// TestHallThroughAnOutage: a wall that nobody reloads says when it does not know, never goes
// white, comes back by itself after a 502 and after a restart, and announces nothing that
// was called meanwhile.
func TestHallThroughAnOutage(t *testing.T) {
	t.Parallel()
	o := startOffice(t, "small.yaml")
	proxy := o.outage()
	tb := o.tabAt(t, proxy.URL, "", "/hall")
	tb.size(1920, 1080)
	tb.allow("502", "ERR_", "Failed to fetch", "Failed to load resource")
	tb.live()
	shown := o.call("c1", "it")
	tb.await("#stage-number", shown)
	o.do(queue.IssueTicket{Service: o.file.Settings().Services[0].ID})
	tb.do("diary", chromedp.Evaluate[chromedp.Void](watch))

	proxy.out.Store(true)
	proxy.CloseClientConnections()
	tb.until("the page reconnects", `document.body.dataset.state === "reconnecting"`)
	if tb.count(".stale-banner") != 0 {
		t.Error("the page gives up at once")
	}
	missed := o.call("c2", "it")
	tb.later(31 * time.Second)
	tb.await(".stale-banner", "Non aggiornato dalle 1")
	tb.await(".list", shown)
	if n := eval[int](tb, `[...document.querySelectorAll(".wait, .count, .pane h2, #stage")].filter((e) => e.checkVisibility({ visibilityProperty: true })).length`); n != 0 {
		t.Errorf("%d things are told that nobody knows", n)
	}
	tb.until("the numbers are dim", `getComputedStyle(document.getElementById("board")).opacity < 0.6`)
	tb.look()

	proxy.out.Store(false)
	tb.untilIn(20*time.Second, "the page is live after the 502", `document.body.dataset.state === "live"`)
	tb.await(".list", missed)
	tb.gone(".stale-banner")
	if staged := eval[[]string](tb, `staged`); slices.Contains(staged, missed) {
		t.Errorf("announced after the outage: %v", staged)
	}

	o.stop()
	tb.until("the page reconnects", `document.body.dataset.state === "reconnecting"`)
	o.start()
	tb.untilIn(20*time.Second, "the page is live after the restart", `document.body.dataset.state === "live"`)
	tb.await(".list", missed)
	o.do(queue.Recall{Counter: "c1", Seen: o.seen("c1")})
	tb.await("#stage-number", shown)
	tb.await("#stage-again", "di nuovo")
}

// TestHallWithDeadStream: a stream that died without a word is believed for some seconds. Who was called
// in them is announced all the same, as soon as the page asks.
func TestHallWithDeadStream(t *testing.T) {
	t.Parallel()
	o := startOffice(t, "small.yaml")
	proxy := o.outage()
	tb := o.tabAt(t, proxy.URL, "", "/hall?sound=off")
	tb.live()

	proxy.mute.Store(true)
	missed := o.call("c1", "it")
	tb.later(13 * time.Second)
	eval[bool](tb, `new Promise((f) => setTimeout(f, 1100, true))`) // the page looks at its clock every second
	if state := eval[string](tb, `document.body.dataset.state`); state != "live" {
		t.Fatalf("the page is %s: it does not believe the dead stream", state)
	}
	tb.later(13 * time.Second)
	tb.await(".list", missed)
	tb.await("#stage-number", missed)
}

// beside opens a page in another tab of the same browser.
func (tb *tab) beside(path string) *tab {
	tb.t.Helper()
	ctx, cancel := chromedp.NewContext(tb.ctx)
	tb.t.Cleanup(cancel)
	out := &tab{t: tb.t, office: tb.office, ctx: ctx}
	out.open(path)
	return out
}

// streams is how many pages keep a connection for the stream.
func (o *office) streams() string {
	o.t.Helper()
	ctx, cancel := context.WithTimeout(o.t.Context(), 5*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, o.url("/metrics"), nil)
	if err != nil {
		o.t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		o.t.Fatal(err)
	}
	text, err := io.ReadAll(answer.Body)
	_ = answer.Body.Close()
	if err != nil {
		o.t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "\navanti_web_streams ")
	n, _, _ := strings.Cut(rest, "\n")
	return n
}

// TestSevenTabs: a browser has six connections to the office; a seventh page loads all the same, and
// all of them show what happens.
func TestSevenTabs(t *testing.T) {
	t.Parallel()
	o := startOffice(t, "small.yaml")
	first := o.tab(t, "", "/hall?sound=off")
	first.live()
	tabs := []*tab{first}
	for range 6 {
		tabs = append(tabs, first.beside("/hall?sound=off"))
	}
	for _, tb := range tabs[1:4] {
		tb.live()
	}
	for _, tb := range tabs[4:] {
		tb.fresh()
	}
	number := o.call("c1", "it")
	for _, tb := range tabs {
		tb.await(".list", number)
	}
	if n := o.streams(); n != "4" {
		t.Errorf("%s streams of one browser, want 4", n)
	}
	// Who had a stream leaves; another page takes its place.
	first.open("/")
	tabs[1].open("/")
	tabs[6].until("a page without a stream gets one", `Object.keys(localStorage).filter((k) => k.startsWith("avanti.stream.")).length === 5`)
	second := o.call("c2", "it")
	for _, tb := range tabs[2:] {
		tb.await(".list", second)
	}
}

// TestHallAtNight: dark, but plainly not dead.
func TestHallAtNight(t *testing.T) {
	t.Parallel()
	o := startOffice(t, "small.yaml")
	o.do(queue.CloseDay{})
	tb := o.tab(t, "", "/hall")
	tb.size(1920, 1080)
	tb.live()
	tb.await(".night", "Ufficio chiuso")
	tb.until("the ground is black", `getComputedStyle(document.body).backgroundColor === "rgb(0, 0, 0)"`)
	tb.await("#clock", ":")
	tb.look()
}
