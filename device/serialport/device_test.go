// SPDX-License-Identifier: EUPL-1.2

package serialport_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"github.com/avanti-queue/avanti/device/serialport"
)

// A printer on USB hands out empty packets between its answers. A packet socket does too.
func TestEmptyPacketsAreNoEnd(t *testing.T) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	printer := os.NewFile(uintptr(fds[1]), "printer")
	defer printer.Close()
	port := serialport.PortOf(os.NewFile(uintptr(fds[0]), "lp0"))
	defer port.Close()
	for _, packet := range []string{"", "", "\x12", ""} {
		if err := unix.Send(fds[1], []byte(packet), 0); err != nil {
			t.Fatal(err)
		}
	}
	got := make([]byte, 8)
	if n, err := port.Read(got); err != nil || string(got[:n]) != "\x12" {
		t.Fatalf("%q, %v", got[:n], err)
	}
	if err := port.SetReadDeadline(time.Now().Add(20 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if n, err := port.Read(got); n != 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("nothing more is there: %d, %v", n, err)
	}
}

// A printer without a way back refuses to be read, with EINVAL; an event counter does that to
// a short read. It is silent, until the port is closed.
func TestOneWayPrinterIsSilent(t *testing.T) {
	fd, err := unix.Eventfd(1, unix.EFD_NONBLOCK|unix.EFD_CLOEXEC)
	if err != nil {
		t.Fatal(err)
	}
	port := serialport.PortOf(os.NewFile(uintptr(fd), "lp0"))
	defer port.Close() // a second time, unless the test has failed
	began, ended := make(chan struct{}), make(chan error, 1)
	go func() {
		close(began)
		_, err := port.Read(make([]byte, 1))
		ended <- err
	}()
	<-began
	select {
	case err := <-ended:
		t.Fatalf("the read ended with %v", err)
	case <-time.After(120 * time.Millisecond):
	}
	if err := port.Close(); err != nil {
		t.Error(err)
	}
	if err := <-ended; !errors.Is(err, os.ErrClosed) {
		t.Errorf("%v", err)
	}
}

func TestRefusalSaysWhatToDo(t *testing.T) {
	open := func(cause error) error { return &os.PathError{Op: "open", Path: "/dev/ttyUSB9", Err: cause} }
	tests := []struct {
		name string
		err  error
		want []string
	}{
		{"taken by a program that knows no lock", open(unix.EBUSY), []string{"another program has it", "ModemManager", "avantid"}},
		{"locked", serialport.ErrTaken, []string{"another program has it", "ModemManager"}},
		{"forbidden", open(unix.EACCES), []string{"permission denied", "group"}},
		{"no device behind the name", open(unix.ENXIO), []string{"no device behind it", "cable"}},
		{"no name", open(unix.ENOENT), []string{"no such file", ": "}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := serialport.Refusal("/dev/ttyUSB9", tt.err)
			for _, want := range append(tt.want, "serial port /dev/ttyUSB9: ") {
				if strings.Count(err.Error(), want) == 0 {
					t.Errorf("%v; want %q", err, want)
				}
			}
			if strings.Count(err.Error(), "/dev/ttyUSB9") != 1 {
				t.Errorf("%v: the path stands there twice", err)
			}
		})
	}
	if !errors.Is(serialport.Refusal("x", open(unix.EBUSY)), serialport.ErrTaken) {
		t.Error("a busy line is no ErrTaken")
	}
	file := filepath.Join(t.TempDir(), "lp0")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	// The file is the group's that this process runs as.
	if err := serialport.Refusal(file, open(unix.EACCES)); strings.Contains(err.Error(), "dialout") && os.Getegid() != 20 {
		t.Errorf("%v; want the file's own group", err)
	}
}

func TestStableNamesComeFirst(t *testing.T) {
	dev := t.TempDir()
	for _, name := range []string{"ttyAMA0", "usb/lp0", "serial/by-path/pci-0", "serial/by-id/usb-FTDI", "avanti/hall", "ttyS0", "ttyUSB0", "serial0"} {
		path := filepath.Join(dev, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for _, path := range serialport.DevicesIn(dev) {
		got = append(got, strings.TrimPrefix(path, dev+"/"))
	}
	want := []string{"avanti/hall", "serial/by-id/usb-FTDI", "serial/by-path/pci-0", "usb/lp0", "serial0", "ttyAMA0"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestNoWiresWhereThereAreNone(t *testing.T) {
	_, path := pair(t)
	if wires, ok := serialport.ReadWires(open(t, serialport.Config{Path: path, Baud: 9600})); ok {
		t.Errorf("a pseudo-terminal has %+v", wires)
	}
	fifo := filepath.Join(t.TempDir(), "lp0")
	if err := unix.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	port := open(t, serialport.Config{Path: fifo})
	if wires, ok := serialport.ReadWires(port); ok {
		t.Errorf("a device file has %+v", wires)
	}
	if _, err := io.WriteString(port, "slip"); err != nil {
		t.Error(err)
	}
}
