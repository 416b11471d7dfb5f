// SPDX-License-Identifier: EUPL-1.2

package serialport_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/serialport"
)

// pair returns the far end of a pseudo-terminal and the path of ours.
func pair(t *testing.T) (far *os.File, path string) {
	t.Helper()
	far, near, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	path = near.Name()
	t.Cleanup(func() {
		far.Close() // a test may have done so
		near.Close()
	})
	return far, path
}

func open(t *testing.T, c serialport.Config) device.Port {
	t.Helper()
	port, err := serialport.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { port.Close() })
	return port
}

func TestBytesPassUnchanged(t *testing.T) {
	far, path := pair(t)
	port := open(t, serialport.Config{Path: path, Baud: 19200})
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	for name, way := range map[string]struct {
		from io.Writer
		to   io.Reader
	}{"to the device": {port, far}, "from the device": {far, port}} {
		if _, err := way.from.Write(all); err != nil {
			t.Fatal(err)
		}
		got := make([]byte, len(all))
		if _, err := io.ReadFull(way.to, got); err != nil || !bytes.Equal(got, all) {
			t.Errorf("%s: %v, % X", name, err, got)
		}
	}
}

func TestModeIsSet(t *testing.T) {
	for _, baud := range []int{1200, 9600, 38400, 115200, 74880} {
		far, path := pair(t)
		open(t, serialport.Config{Path: path, Baud: baud, FlowControl: serialport.FlowRTSCTS})
		mode, err := unix.IoctlGetTermios(int(far.Fd()), unix.TCGETS2)
		if err != nil {
			t.Fatal(err)
		}
		if int(mode.Ospeed) != baud || mode.Cflag&unix.CRTSCTS == 0 || mode.Cflag&unix.CSIZE != unix.CS8 {
			t.Errorf("%d baud: speed %d, cflag %o", baud, mode.Ospeed, mode.Cflag)
		}
	}
}

func TestOldInputIsThrownAway(t *testing.T) {
	far, path := pair(t)
	if _, err := far.WriteString("old\n"); err != nil {
		t.Fatal(err)
	}
	port := open(t, serialport.Config{Path: path, Baud: 9600})
	if _, err := far.WriteString("new"); err != nil {
		t.Fatal(err)
	}
	got := make([]byte, 16)
	if n, err := port.Read(got); err != nil || string(got[:n]) != "new" {
		t.Errorf("%q, %v", got[:n], err)
	}
}

func TestLockKeepsASecondOneOut(t *testing.T) {
	_, path := pair(t)
	first, err := serialport.Open(t.Context(), serialport.Config{Path: path, Baud: 9600})
	if err != nil {
		t.Fatal(err)
	}
	if second, err := serialport.Open(t.Context(), serialport.Config{Path: path, Baud: 9600}); err == nil {
		second.Close()
		t.Error("opened twice")
	} else if !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "another program") {
		t.Errorf("the error does not say what is wrong: %v", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	open(t, serialport.Config{Path: path, Baud: 9600})
}

func TestWriteDeadlineSaysWhatWasTaken(t *testing.T) {
	far, path := pair(t)
	port := open(t, serialport.Config{Path: path, Baud: 9600})
	if err := port.SetWriteDeadline(time.Now().Add(50 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	taken, err := port.Write(make([]byte, 1<<20)) // nobody reads
	if !errors.Is(err, os.ErrDeadlineExceeded) || taken == 0 || taken == 1<<20 {
		t.Fatalf("%d bytes, %v; want some and a deadline", taken, err)
	}
	all := make([]byte, taken+3)
	if _, err := io.ReadFull(far, all[:taken]); err != nil {
		t.Fatal(err)
	}
	if err := port.SetWriteDeadline(time.Time{}); err != nil {
		t.Fatal(err)
	}
	if _, err := port.Write([]byte("end")); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(far, all[taken:]); err != nil || string(all[taken:]) != "end" {
		t.Errorf("behind the %d bytes that were told to be taken comes %q, %v", taken, all[taken:], err)
	}
}

func TestReadDeadline(t *testing.T) {
	_, path := pair(t)
	port := open(t, serialport.Config{Path: path, Baud: 9600})
	if err := port.SetReadDeadline(time.Now().Add(10 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if _, err := port.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("%v", err)
	}
}

func TestXoffHoldsAndXonReleases(t *testing.T) {
	far, path := pair(t)
	port := open(t, serialport.Config{Path: path, Baud: 9600, FlowControl: serialport.FlowXonXoff})
	if _, err := far.Write([]byte{0x13, 'x'}); err != nil {
		t.Fatal(err)
	}
	// What follows the XOFF has come through, so the XOFF has been obeyed.
	if n, err := port.Read(make([]byte, 8)); n != 1 || err != nil {
		t.Fatalf("%d bytes, %v; want the one behind XOFF", n, err)
	}
	if err := port.SetWriteDeadline(time.Now().Add(50 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if n, err := port.Write([]byte("held")); n != 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatalf("after XOFF: %d bytes, %v; want none and a deadline", n, err)
	}
	if _, err := far.Write([]byte{0x11}); err != nil {
		t.Fatal(err)
	}
	if err := port.SetWriteDeadline(time.Time{}); err != nil {
		t.Fatal(err)
	}
	if _, err := port.Write([]byte("sent")); err != nil {
		t.Fatal(err)
	}
	got := make([]byte, 4)
	if _, err := io.ReadFull(far, got); err != nil || string(got) != "sent" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestCloseWakesReaderAndEndsWriting(t *testing.T) {
	_, path := pair(t)
	port := open(t, serialport.Config{Path: path, Baud: 9600})
	began, woken := make(chan struct{}), make(chan error, 1)
	go func() {
		close(began)
		_, err := port.Read(make([]byte, 1))
		woken <- err
	}()
	<-began
	if err := port.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-woken; !errors.Is(err, os.ErrClosed) {
		t.Errorf("the reader got %v", err)
	}
	// The descriptor's number may be another file's by now.
	if n, err := port.Write([]byte("stray")); n != 0 || !errors.Is(err, os.ErrClosed) {
		t.Errorf("%d bytes went out after Close, %v", n, err)
	}
	if err := port.Close(); !errors.Is(err, os.ErrClosed) {
		t.Errorf("a second Close: %v", err)
	}
}

// A printer's device file is no terminal; a fifo is the nearest thing that every machine has.
func TestDeviceFileWithoutMode(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lp0")
	if err := unix.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	port := open(t, serialport.Config{Path: path})
	if _, err := port.Write([]byte("slip")); err != nil {
		t.Fatal(err)
	}
	got := make([]byte, 8)
	if n, err := port.Read(got); err != nil || string(got[:n]) != "slip" {
		t.Errorf("%q, %v", got[:n], err)
	}
	if err := port.SetReadDeadline(time.Now().Add(10 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if _, err := port.Read(got); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("%v", err)
	}
}

func TestOpenRefuses(t *testing.T) {
	_, path := pair(t)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	tests := []struct {
		name string
		ctx  context.Context
		c    serialport.Config
		want string
	}{
		{"no path", t.Context(), serialport.Config{Baud: 9600}, "no path"},
		{"no such file", t.Context(), serialport.Config{Path: path + "x", Baud: 9600}, path + "x"},
		{"ordinary file", t.Context(), serialport.Config{Path: file, Baud: 9600}, "no device"},
		{"terminal without speed", t.Context(), serialport.Config{Path: path}, "no baud rate"},
		{"negative speed", t.Context(), serialport.Config{Path: path, Baud: -1}, "-1 baud"},
		{"data bits", t.Context(), serialport.Config{Path: path, Baud: 9600, DataBits: 5}, "5 data bits"},
		{"parity", t.Context(), serialport.Config{Path: path, Baud: 9600, Parity: "mark"}, `parity "mark"`},
		{"flow", t.Context(), serialport.Config{Path: path, Baud: 9600, FlowControl: "dtrdsr"}, `flow control "dtrdsr"`},
		{"mode that the line refuses", t.Context(), serialport.Config{Path: path, Baud: 9600, Parity: serialport.ParityEven}, "refuses 8 data bits"},
		{"ended context", ended, serialport.Config{Path: path, Baud: 9600}, "canceled"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			port, err := serialport.Open(tt.ctx, tt.c)
			if err == nil {
				port.Close()
				t.Fatal("opened")
			}
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v; want %q", err, tt.want)
			}
		})
	}
	open(t, serialport.Config{Path: path, Baud: 9600}) // none of them has kept the lock
}
