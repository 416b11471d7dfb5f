// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"periph.io/x/conn/v3/gpio"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/internal/app"
	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/sim/rs485"
	"github.com/avanti-queue/avanti/queue"
)

// boardOffice has everything on the board's own wires, and on two serial lines panels that answer and
// panels that do not. Of the SPI port and one GPIO line there is nothing.
const boardOffice = `
office: {id: board, name: {it: Scheda}, zone: Europe/Rome, languages: [it]}
hours: {mon: ["08:00-12:00"]}
groups: [{id: all, name: {it: Servizi}}]
series: [{id: a, prefix: A}]
services: [{id: desk, group: all, series: a, name: {it: Sportello}}]
counters:
  - {id: c1, label: "1", preferred: [desk]}
  - {id: c2, label: "2", preferred: [desk]}
finish_on_next: true
access: [{id: manager, role: manager}]
board:
  buttons:
    - {id: key-1, counter: c1, key: next, line: GPIO17}
    - {id: key-2, counter: c2, key: next, line: GPIO18, long_key: recall}
    - {id: key-3, counter: c2, key: start, line: GPIO99}
  lamps: [{id: lamp-1, counter: c1, line: GPIO23}]
  panels:
    - path: /dev/answers
      driver: modbus
      panels: [{id: wall-1, counter: c1, address: 1, places: 4}, {id: wall-2, counter: c2, address: 2, places: 4}]
    - path: /dev/silent
      driver: edi
      panels: [{id: desk-1, counter: c1, address: 1, places: 4, drop_prefix: true}]
    - spi: /dev/spidev9.9
      driver: max7219
      panels: [{id: digits, counter: c2, places: 4}]
`

// contact is a GPIO line. It has no edges: its level is all there is.
type contact struct {
	gpio.PinIO // nothing else is called

	mu    sync.Mutex
	level gpio.Level
}

func (c *contact) Name() string { return "contact" }

func (c *contact) In(_ gpio.Pull, edge gpio.Edge) error {
	if edge != gpio.NoEdge {
		return errors.New("no interrupt for this line")
	}
	return nil
}

func (c *contact) Read() gpio.Level {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.level
}

func (c *contact) Out(l gpio.Level) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.level = l
	return nil
}

// cabinet is a board with what hangs on its wires, in a bubble, and the daemon on it.
type cabinet struct {
	t     *testing.T
	file  *config.File
	buses map[string]*rs485.Bus // by path
	on    map[string]string     // "wall-1" -> the path of its line
	place map[string]int        // and its place there

	far sync.WaitGroup

	mu       sync.Mutex
	contacts map[string]*contact // by name
	ports    map[string]net.Conn // that are open, by path
	pulled   map[string]bool     // adapters that are not there

	app      *app.App
	listener *pipes
	stop     func()
}

func openCabinet(t *testing.T, dir string) *cabinet {
	t.Helper()
	file, err := config.Parse("board.yaml", []byte(boardOffice), app.CheckConfig)
	if err != nil {
		t.Fatal(err)
	}
	file.DataDir = dir
	file.Access[0].Token = hash("manager")
	c := &cabinet{
		t: t, file: file, buses: map[string]*rs485.Bus{}, on: map[string]string{}, place: map[string]int{},
		contacts: map[string]*contact{"GPIO17": {level: gpio.High}, "GPIO18": {level: gpio.High}, "GPIO23": {}},
		ports:    map[string]net.Conn{}, pulled: map[string]bool{},
	}
	for _, l := range file.Board.Panels {
		if l.Wire != config.WireSerial {
			continue
		}
		o := rs485.Options{Protocol: l.Driver, Places: 4, Turn: 5 * time.Millisecond, Seed: 7}
		for i, p := range l.Panels {
			o.Panels = append(o.Panels, p.Address)
			c.on[p.ID], c.place[p.ID] = l.Path, i
		}
		if c.buses[l.Path], err = rs485.New(o); err != nil {
			t.Fatal(err)
		}
	}
	pass(time.Until(at(8, 0)))
	c.start()
	t.Cleanup(func() { c.stop(); c.far.Wait() })
	return c
}

// start starts the daemon, and lets it find its wires.
func (c *cabinet) start() {
	c.t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	c.listener = newPipes()
	o := app.Options{
		Config: c.file, Listener: c.listener, Lines: c.line, Ports: map[string]func(context.Context) (device.Port, error){},
		Log: slog.New(slog.NewTextHandler(c.t.Output(), &slog.HandlerOptions{Level: slog.LevelError})),
	}
	for path := range c.buses {
		o.Ports[path] = func(context.Context) (device.Port, error) { return c.port(path) }
	}
	a, err := app.New(ctx, o)
	if err != nil {
		stop()
		c.t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx) }()
	c.app = a
	c.stop = sync.OnceFunc(func() {
		stop()
		if err := <-ended; err != nil {
			c.t.Errorf("the daemon stops with: %v", err)
		}
	})
	c.watch(2 * time.Second)
}

func (c *cabinet) line(name string) (gpio.PinIO, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if l, ok := c.contacts[name]; ok {
		return l, nil
	}
	return nil, fmt.Errorf("GPIO line %s: no such line", name)
}

// port is a serial line; its other end is the bus until it is closed.
func (c *cabinet) port(path string) (device.Port, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pulled[path] {
		return nil, errors.New("no such file")
	}
	near, end := net.Pipe()
	c.ports[path] = near
	c.far.Go(func() { _ = c.buses[path].Serve(context.Background(), end) })
	return near, nil
}

// pull takes an adapter out, or puts it in again.
func (c *cabinet) pull(path string, out bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pulled[path] = out
	if out {
		_ = c.ports[path].Close()
	}
}

// press holds a key down for a time.
func (c *cabinet) press(name string, long time.Duration) {
	c.mu.Lock()
	key := c.contacts[name]
	c.mu.Unlock()
	_ = key.Out(gpio.Low)
	c.watch(long)
	_ = key.Out(gpio.High)
	c.watch(700 * time.Millisecond)
}

func (c *cabinet) text(id string) string { return c.buses[c.on[id]].Text(c.place[id]) }

// watch lets time pass and holds the panels against I8: one that is said to show what it should, does.
func (c *cabinet) watch(d time.Duration) {
	c.t.Helper()
	for end := time.Now().Add(d); time.Now().Before(end); {
		pass(min(50*time.Millisecond, time.Until(end)))
		synctest.Wait()
		for _, p := range c.app.Office().PanelStates() {
			if _, ok := c.on[p.ID]; ok && p.State == device.PanelConfirmed && c.text(p.ID) != p.Wanted {
				c.t.Errorf("I8: %s shows %q, and has confirmed %q", p.ID, c.text(p.ID), p.Wanted)
			}
		}
	}
}

func (c *cabinet) do(command queue.Command) {
	c.t.Helper()
	if _, err := c.app.Office().Do(c.t.Context(), queue.Actor{Role: queue.RoleManager, ID: "test"}, command); err != nil {
		c.t.Fatalf("%T: %v", command, err)
	}
}

func (c *cabinet) seen(id queue.CounterID) queue.Revision {
	status, _ := c.app.Office().View().Counter(id)
	return status.Seen
}

// open opens both counters and lets people in.
func (c *cabinet) open(people int) {
	c.t.Helper()
	for _, id := range []queue.CounterID{"c1", "c2"} {
		c.do(queue.OpenCounter{Counter: id, Seen: c.seen(id)})
	}
	for range people {
		c.do(queue.IssueTicket{Service: "desk", Channel: queue.ChannelKiosk})
	}
	c.watch(time.Second)
}

// wants holds the number that each of the panels shows against what it should.
func (c *cabinet) wants(want map[string]string) {
	c.t.Helper()
	for id, text := range want {
		if got := c.text(id); got != text {
			c.t.Errorf("%v: %s shows %q, want %q", time.Now().Format(time.TimeOnly), id, got, text)
		}
	}
}

// fetch returns a page as the manager sees it.
func (c *cabinet) fetch(path string) string {
	c.t.Helper()
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return c.listener.dial(ctx) }}
	defer transport.CloseIdleConnections()
	req, err := http.NewRequestWithContext(c.t.Context(), http.MethodGet, "http://localhost:8080"+path, http.NoBody)
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+secret("manager"))
	resp, err := (&http.Client{Transport: transport}).Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return string(text)
}

// warned holds the warnings that stand against those that should.
func (c *cabinet) warned(want ...string) {
	c.t.Helper()
	var got []string
	for line := range strings.Lines(c.fetch("/metrics")) {
		if name, ok := strings.CutPrefix(line, `avanti_warning{name="`); ok {
			name, _, _ = strings.Cut(name, `"`)
			count, err := strconv.Atoi(strings.TrimSpace(line[strings.LastIndex(line, " "):]))
			if err != nil {
				c.t.Fatal(err)
			}
			got = append(got, slices.Repeat([]string{name}, count)...)
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		c.t.Errorf("warnings %v, want %v", got, want)
	}
}

// TestBoardCallsAndShows: keys on the board call, panels on its wires show it, through noise, a pulled
// adapter and a new start; what is not there is a warning and no more.
func TestBoardCallsAndShows(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		c := openCabinet(t, dir)
		c.open(40)
		c.warned("key_lost", "panel_lost")
		c.wants(map[string]string{"wall-1": "", "wall-2": "", "desk-1": ""})
		if c.contacts["GPIO23"].Read() != gpio.High {
			t.Error("the lamp is dark, and somebody waits for the free counter")
		}

		c.press("GPIO17", 100*time.Millisecond)
		c.press("GPIO18", 100*time.Millisecond)
		c.wants(map[string]string{"wall-1": "A001", "wall-2": "A002", "desk-1": "1"})
		c.press("GPIO18", 2*time.Second) // long: called again
		c.wants(map[string]string{"wall-2": "A002"})
		if got := ticketOf(t, c, "c2"); got.Calls != 2 || got.Number != "A002" {
			t.Errorf("%s was called %d times, want twice", got.Number, got.Calls)
		}
		if page := c.fetch("/manager"); !strings.Contains(page, "Confermato") || !strings.Contains(page, "Inviato, non verificabile") || !strings.Contains(page, "Un pannello numerico non è collegato") {
			t.Errorf("the manager does not see the panels:\n%s", page)
		}

		for _, bus := range c.buses {
			bus.SetNoise(rs485.Noise{Flip: 0.01, Drop: 0.005, Extra: 0.005})
		}
		for range 10 {
			c.press("GPIO17", 80*time.Millisecond)
			c.watch(time.Second)
		}
		for _, bus := range c.buses {
			bus.SetNoise(rs485.Noise{})
		}
		c.watch(7 * time.Second)
		c.wants(map[string]string{"wall-1": "A012", "wall-2": "A002", "desk-1": "12"})
		for id := range c.on {
			for _, text := range c.buses[c.on[id]].Seen(c.place[id]) {
				if strings.HasPrefix(id, "wall") && text != "" && (len(text) != 4 || text > "A012") {
					t.Errorf("I8: %s has shown %q, which was never called", id, text)
				}
			}
		}

		c.pull("/dev/answers", true)
		c.watch(3 * time.Second)
		c.warned("key_lost", "panel_lost", "panel_lost", "panel_lost")
		c.press("GPIO17", 80*time.Millisecond)
		c.pull("/dev/answers", false)
		c.watch(3 * time.Second)
		c.wants(map[string]string{"wall-1": "A013", "wall-2": "A002", "desk-1": "13"})
		c.warned("key_lost", "panel_lost")

		c.stop()
		c.wants(map[string]string{"wall-1": "", "wall-2": "", "desk-1": ""})
		_ = c.contacts["GPIO17"].Out(gpio.Low) // held down over the start: no press
		c.start()
		_ = c.contacts["GPIO17"].Out(gpio.High)
		c.watch(time.Second)
		c.wants(map[string]string{"wall-1": "A013", "wall-2": "A002", "desk-1": "13"})
		c.press("GPIO17", 80*time.Millisecond)
		c.wants(map[string]string{"wall-1": "A014", "desk-1": "14"})

		c.mu.Lock()
		c.contacts["GPIO99"] = &contact{level: gpio.High} // somebody has put the plug in
		c.mu.Unlock()
		c.watch(6 * time.Second)
		c.warned("panel_lost")
		if metrics := c.fetch("/metrics"); !strings.Contains(metrics, `avanti_wired_panel_state{panel="wall-1",state="confirmed"} 1`) ||
			!strings.Contains(metrics, `avanti_wired_presses_total{key="key-1",result="ok"} 1`) {
			t.Error("the panels and keys are not in /metrics")
		}
	})
	checkJournal(t, dir)
}

func ticketOf(t *testing.T, c *cabinet, id queue.CounterID) *queue.Ticket {
	t.Helper()
	v := c.app.Office().View()
	status, _ := v.Counter(id)
	ticket := v.Ticket(status.Ticket)
	if ticket == nil {
		t.Fatalf("nobody is at counter %s", id)
	}
	return ticket
}

// TestBoardPanelThatIsSwitchedOff: a panel that answers no more is a warning after two seconds, and the
// others on its line go on.
func TestBoardPanelThatIsSwitchedOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := openCabinet(t, t.TempDir())
		c.open(5)
		c.buses["/dev/answers"].Power(0, false)
		c.watch(5 * time.Second)
		c.warned("key_lost", "panel_lost", "panel_unconfirmed")
		c.press("GPIO18", 100*time.Millisecond)
		c.press("GPIO17", 100*time.Millisecond)
		c.wants(map[string]string{"wall-1": "", "wall-2": "A001", "desk-1": "2"})
		c.buses["/dev/answers"].Power(0, true)
		c.watch(6 * time.Second)
		c.wants(map[string]string{"wall-1": "A002", "wall-2": "A001"})
		c.warned("key_lost", "panel_lost")
	})
}
