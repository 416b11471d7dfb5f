// SPDX-License-Identifier: EUPL-1.2

package thermal_test

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/escpos"
	"github.com/avanti-queue/avanti/device/serialport"
	"github.com/avanti-queue/avanti/device/thermal"
)

// plugIn connects the printer to a new pseudo-terminal and makes name a link to it, as the
// system does for an adapter.
func plugIn(t *testing.T, f *farEnd, name string) {
	t.Helper()
	far, near, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	path := near.Name()
	// A descriptor of our own in the poller's care: closing it wakes its reader.
	fd, err := unix.Dup(int(far.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.SetNonblock(fd, true); err != nil {
		t.Fatal(err)
	}
	far.Close()
	t.Cleanup(func() { near.Close() })
	if err := os.Remove(name); err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	if err := os.Symlink(path, name); err != nil {
		t.Fatal(err)
	}
	f.mu.Lock()
	f.connect(os.NewFile(uintptr(fd), "printer"))
	f.mu.Unlock()
}

// expect waits until the faults are those, by code, "" for none.
func expect(t *testing.T, faults <-chan []device.Fault, code device.FaultCode) {
	t.Helper()
	deadline := time.After(15 * time.Second)
	for {
		select {
		case now := <-faults:
			if len(now) == 0 && code == "" || len(now) > 0 && now[0].Code == code {
				return
			}
		case <-deadline:
			t.Fatalf("the printer did not become %q", code)
		}
	}
}

// An adapter that is pulled out while the printer is idle and in the middle of a slip, and that
// comes back under another number: the driver finds it again, and not a byte goes to the file
// that has taken over the descriptor.
func TestRealTerminalComesAndGoes(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "usb-printer")
	f := newFarEnd("epson-tm-t20iii")
	f.prints = 50 * time.Millisecond
	profile, err := escpos.Lookup(f.model)
	if err != nil {
		t.Fatal(err)
	}
	faults := make(chan []device.Fault, 64)
	p := thermal.New(thermal.Options{
		Open: func(ctx context.Context) (device.Port, error) {
			return serialport.Open(ctx, serialport.Config{Path: name, Baud: 38400})
		},
		Profile: profile, Baud: 38400, Log: slog.New(slog.DiscardHandler),
		OnFault: func(now []device.Fault) { faults <- now },
	})
	plugIn(t, f, name)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	expect(t, faults, "")
	if got := p.Print(t.Context(), slipJob("0001", "A001")); got.Result != device.ResultPrinted || got.Level != device.LevelConfirmed {
		t.Fatalf("%s, %v", got.Result, got.Fault)
	}

	f.plug(false)
	expect(t, faults, device.FaultLine)
	other, err := os.Create(filepath.Join(dir, "other")) // takes the lowest free descriptor
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if got := p.Print(t.Context(), slipJob("0002", "A002")); got.Result != device.ResultFailed || got.Fault.Code != device.FaultLine {
		t.Errorf("without a port: %s, %v", got.Result, got.Fault)
	}
	plugIn(t, f, name)
	expect(t, faults, "")

	f.turn(func() {
		f.atCut = func() {
			f.conn.Close()
			f.conn = nil
		}
	})
	proven := make(chan device.Outcome, 1)
	go func() { proven <- p.Print(t.Context(), slipJob("0003", "A003")) }()
	expect(t, faults, device.FaultLine)
	plugIn(t, f, name)
	expect(t, faults, "")
	if got := <-proven; got.Result != device.ResultPrinted || got.Level != device.LevelConfirmed {
		t.Errorf("pulled out at the cut, and named when it was back: %s, %v", got.Result, got.Fault)
	}
	if got := p.Print(t.Context(), slipJob("0004", "A004")); got.Result != device.ResultPrinted {
		t.Errorf("%s, %v", got.Result, got.Fault)
	}

	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if content, err := os.ReadFile(other.Name()); err != nil || len(bytes.TrimSpace(content)) != 0 {
		t.Errorf("%d bytes went to another file, %v", len(content), err)
	}
}
