// SPDX-License-Identifier: EUPL-1.2

package hosts_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"github.com/avanti-queue/avanti/internal/sim/paper"
)

// client is where npm puts the program.
const client = "node_modules/receiptio/bin/cli.js"

// TestReceiptio prints a slip on each kind of printer in each state, and compares what the host says of it. All of it
// runs in real time, on printers that are fast; where the host waits in vain, it is made impatient.
func TestReceiptio(t *testing.T) {
	node := findNode(t)
	fine := func(*paper.Printer) {}
	address := 1
	for _, printer := range []struct {
		model    paper.Model
		language string // for receiptio; none: it finds out, though not on an Epson whose answers come byte by byte
		states   bool   // all of them; otherwise only success
	}{
		{paper.Epson, "epson", true},
		{paper.Star, "starline", true},
		{paper.Generic, "generic", true},
		{paper.EpsonT88, "escpos", false},
		{paper.Star, "", false},
	} {
		for _, test := range []struct {
			name   string
			o      paper.Options
			before func(*paper.Printer)
			ask    bool // only for the status
			hasty  bool
			said   string
			sheets int
		}{
			{name: "success", before: fine, said: "success", sheets: 1},
			{name: "asked", before: fine, ask: true, said: "online"},
			{name: "paper empty", before: func(p *paper.Printer) { p.PaperOut(0) }, said: "paperempty"},
			{name: "paper ends in the slip", before: func(p *paper.Printer) { p.PaperOut(100) }, said: "paperempty"},
			{name: "cover open", before: func(p *paper.Printer) { p.Cover(true) }, said: "coveropen"},
			{name: "cover opened in the slip", before: func(p *paper.Printer) {
				p.At(paper.Moved(100), func() { p.Cover(true) })
			}, said: "coveropen"},
			{name: "cutter", before: func(p *paper.Printer) { p.Jam(true) }, said: "error"},
			{name: "cutter, asked", before: func(p *paper.Printer) { p.Jam(true) }, ask: true, said: "error"},
			{name: "no answer", before: func(p *paper.Printer) { p.Silence(true) }, hasty: true, said: "offline"},
			{name: "no power", before: (*paper.Printer).PowerOff, hasty: true, said: "offline"},
			{name: "too slow", o: paper.Options{MMPerSecond: 2}, before: fine, said: "timeout"},
		} {
			if test.said != "success" && !printer.states {
				continue
			}
			address++
			host := fmt.Sprintf("127.0.91.%d", address)
			name := fmt.Sprintf("%s %s, %s", printer.model, printer.language, test.name)
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				o := test.o
				o.Model, o.Baud = printer.model, 921600
				if o.MMPerSecond == 0 {
					o.MMPerSecond = 2000
				}
				far := serve(t, host, o)
				test.before(far.printer)
				args := []string{client, "-d", host, "-l", "it"}
				if test.hasty {
					args = append([]string{"--require", "./hasty.cjs"}, args...)
				}
				if test.said == "timeout" {
					args = append(args, "-t", "1")
				}
				if printer.language != "" {
					args = append(args, "-p", printer.language)
				}
				if test.ask {
					args = append(args, "-q")
				} else {
					args = append(args, "slip.receipt")
				}
				if said := run(t, node, args...); said != test.said {
					t.Errorf("receiptio says %q, want %q", said, test.said)
				}
				far.stop()
				if c := far.printer.Counters(); c.Sheets != test.sheets {
					t.Errorf("%d sheets, want %d", c.Sheets, test.sheets)
				}
				if test.sheets == 1 && !t.Failed() {
					far.read(t)
				}
			})
		}
	}
	t.Run("nobody there", func(t *testing.T) {
		t.Parallel()
		if said := run(t, node, client, "-d", "127.0.91.1", "-p", "escpos", "slip.receipt"); said != "disconnect" {
			t.Errorf("receiptio says %q, want disconnect", said)
		}
	})
}

func findNode(t *testing.T) string {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Fatalf("the host that others wrote runs on Node.js: install nodejs and npm (make setup does): %v", err)
	}
	if _, err := os.Stat(client); err != nil {
		dir, _ := filepath.Abs(".")
		t.Fatalf("receiptio is not installed: run npm ci in %s (make setup does): %v", dir, err)
	}
	return node
}

// run runs receiptio and returns the word that it prints.
func run(t *testing.T, node string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, node, args...)
	var said bytes.Buffer
	cmd.Stderr = &said
	err := cmd.Run()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatalf("node: %v", err)
	}
	return strings.TrimSpace(said.String())
}

// farEnd is a printer behind a network socket.
type farEnd struct {
	printer *paper.Printer
	stop    func()

	mu     sync.Mutex
	sheets []paper.Sheet
}

// serve puts a printer at port 9100 of an address, as receiptio wants it. Stop ends it and waits for it.
func serve(t *testing.T, host string, o paper.Options) *farEnd {
	t.Helper()
	f := &farEnd{}
	o.Out = func(s paper.Sheet) {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.sheets = append(f.sheets, s)
	}
	f.printer = paper.New(o)
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", net.JoinHostPort(host, "9100"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_ = f.printer.Serve(ctx, conn) // it ends as the host does, and that is compared
		}
	})
	f.stop = sync.OnceFunc(func() {
		_ = listener.Close()
		cancel()
		wg.Wait()
	})
	t.Cleanup(f.stop)
	return f
}

// read looks at the only sheet as a citizen would.
func (f *farEnd) read(t *testing.T) {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.sheets[0]
	lines := strings.Split(s.Text, "\n")
	if len(lines) != 4 || lines[0] != "Comune di Piacenza" || lines[1] != "Città: Anagrafe" || lines[2] != "A017" {
		t.Errorf("the sheet says %q", s.Text)
	}
	if s.Number != "A017" {
		t.Errorf("the number is %q, want A017", s.Number)
	}
	bmp, err := gozxing.NewBinaryBitmapFromImage(s.Image())
	if err != nil {
		t.Fatal(err)
	}
	if r, err := qrcode.NewQRCodeReader().Decode(bmp, nil); err != nil || r.GetText() != "9781234567" {
		t.Errorf("the QR code reads %v, %v; want 9781234567", r, err)
	}
	if c := f.printer.Counters(); len(c.Ignored) > 0 {
		t.Logf("commands without effect: %v", c.Ignored)
	}
}
