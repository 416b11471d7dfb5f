// SPDX-License-Identifier: EUPL-1.2

package serialport_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"

	"github.com/avanti-queue/avanti/device/serialport"
)

// held returns a port with a writer that nobody reads from, and what the writer ends with.
func held(t *testing.T, c serialport.Config) (port io.Closer, ended <-chan error) {
	t.Helper()
	line := open(t, c)
	if err := line.SetWriteDeadline(time.Now().Add(20 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if _, err := line.Write(make([]byte, 1<<20)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatal(err)
	}
	if err := line.SetWriteDeadline(time.Time{}); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		_, err := line.Write(bytes.Repeat([]byte("slip"), 1<<18))
		done <- err
	}()
	return line, done
}

// A printer holds the line for good: closing does not wait for it, the writer comes out, and
// neither the printer nor another file gets a byte of the rest.
func TestCloseLeavesNothingBehind(t *testing.T) {
	for range 20 { // the writer is caught at different places
		far, near, err := pty.Open()
		if err != nil {
			t.Fatal(err)
		}
		port, ended := held(t, serialport.Config{Path: near.Name(), Baud: 9600})
		start := time.Now()
		if err := port.Close(); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took > 500*time.Millisecond {
			t.Errorf("Close took %s", took)
		}
		other, err := os.Create(filepath.Join(t.TempDir(), "other")) // takes the descriptor's number
		if err != nil {
			t.Fatal(err)
		}
		if err := <-ended; !errors.Is(err, os.ErrClosed) {
			t.Errorf("the writer got %v", err)
		}
		if info, err := other.Stat(); err != nil || info.Size() != 0 {
			t.Errorf("%d bytes went into another file, %v", info.Size(), err)
		}
		wrote := make(chan error, 1)
		go func() {
			_, err := near.WriteString("end")
			wrote <- err
		}()
		// The far end has taken a buffer full of the first write's zeros before; what was on its way is lost.
		got := make([]byte, 0, 1<<16)
		for !bytes.HasSuffix(got, []byte("end")) {
			n, err := far.Read(got[len(got):cap(got)])
			if err != nil {
				t.Fatal(err)
			}
			got = got[:len(got)+n]
		}
		if rest := bytes.TrimLeft(got, "\x00"); string(rest) != "end" || len(got) > 4096+len(rest) {
			t.Errorf("after Close come %d bytes, %.40q behind the zeros", len(got), rest)
		}
		if err := <-wrote; err != nil {
			t.Error(err)
		}
		for _, f := range []*os.File{other, far, near} {
			f.Close()
		}
	}
}

func TestCloseKeepsNobodyElseOut(t *testing.T) {
	_, near, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer near.Close()
	exclusive := func() int {
		up, err := unix.IoctlGetInt(int(near.Fd()), unix.TIOCGEXCL)
		if err != nil {
			t.Fatal(err)
		}
		return up
	}
	port := open(t, serialport.Config{Path: near.Name(), Baud: 9600})
	if exclusive() == 0 {
		t.Error("the open line can be opened again")
	}
	if err := port.Close(); err != nil {
		t.Fatal(err)
	}
	if exclusive() != 0 {
		t.Error("the closed line cannot be opened")
	}
	// A refused mode gives the line back as well.
	if _, err := serialport.Open(t.Context(), serialport.Config{Path: near.Name(), Baud: 9600, Parity: serialport.ParityOdd}); err == nil {
		t.Fatal("opened")
	}
	if exclusive() != 0 {
		t.Error("after a refusal the line cannot be opened")
	}
}

func TestAClosedPortTakesNoDeadline(t *testing.T) {
	_, path := pair(t)
	port := open(t, serialport.Config{Path: path, Baud: 9600})
	if err := port.Close(); err != nil {
		t.Fatal(err)
	}
	for _, set := range []func(time.Time) error{port.SetReadDeadline, port.SetWriteDeadline} {
		if err := set(time.Time{}); !errors.Is(err, os.ErrClosed) {
			t.Errorf("%v", err)
		}
	}
	if n, err := port.Read(make([]byte, 1)); n != 0 || !errors.Is(err, os.ErrClosed) {
		t.Errorf("read: %d, %v", n, err)
	}
}

func TestClosingIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		draining := make(chan error)
		start := time.Now()
		err := serialport.Within(time.Second, func() error { return <-draining })
		if !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(start) != time.Second {
			t.Errorf("after %s: %v", time.Since(start), err)
		}
		close(draining) // the system gives up
		synctest.Wait()
		want := errors.New("no such thing")
		if err := serialport.Within(time.Second, func() error { return want }); !errors.Is(err, want) {
			t.Errorf("%v", err)
		}
	})
}

// The device goes away while a read and a write wait for it, and while nobody does.
func TestUnplugIsAnErrorForAll(t *testing.T) {
	far, near, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	path := near.Name()
	near.Close()
	port := open(t, serialport.Config{Path: path, Baud: 9600})
	ended := make(chan error, 2)
	began := make(chan struct{}, 2)
	go func() {
		began <- struct{}{}
		_, err := port.Read(make([]byte, 1))
		ended <- err
	}()
	go func() {
		began <- struct{}{}
		_, err := port.Write(make([]byte, 1<<20))
		ended <- err
	}()
	<-began
	<-began
	far.Close()
	for range 2 {
		if err := <-ended; err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "the device is gone") {
			t.Errorf("%v; want the path and what happened", err)
		}
	}
	if n, err := port.Read(make([]byte, 1)); n != 0 || err == nil {
		t.Errorf("a later read: %d, %v", n, err)
	}
	if n, err := port.Write([]byte("x")); n != 0 || err == nil {
		t.Errorf("a later write: %d, %v", n, err)
	}
	if err := port.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
}

// An adapter comes back under another number; its stable name is a link that follows it.
func TestReturnUnderAnotherNumber(t *testing.T) {
	name := filepath.Join(t.TempDir(), "usb-printer")
	for _, greeting := range []string{"first", "second"} {
		far, path := pair(t)
		if err := os.Symlink(path, name); err != nil {
			t.Fatal(err)
		}
		port := open(t, serialport.Config{Path: name, Baud: 9600})
		if _, err := port.Write([]byte(greeting)); err != nil {
			t.Fatal(err)
		}
		got := make([]byte, len(greeting))
		if _, err := io.ReadFull(far, got); err != nil || string(got) != greeting {
			t.Errorf("%q, %v", got, err)
		}
		far.Close()
		if _, err := port.Read(got); err == nil {
			t.Error("the device is gone, and the port still reads")
		}
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
		if gone, err := serialport.Open(t.Context(), serialport.Config{Path: name, Baud: 9600}); err == nil {
			gone.Close()
			t.Error("opened without a device")
		}
		if err := port.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestNothingGoesOnAfterClose(t *testing.T) {
	_, path := pair(t)
	for range 10 {
		port, ended := held(t, serialport.Config{Path: path, Baud: 9600})
		if err := port.Close(); err != nil {
			t.Fatal(err)
		}
		<-ended
	}
	stacks := make([]byte, 1<<20)
	for range 1000 { // a goroutine that has sent its result may not have ended yet
		runtime.Gosched()
		if !bytes.Contains(stacks[:runtime.Stack(stacks, true)], []byte("serialport.(*port)")) {
			break
		}
	}
	own := 0
	for _, stack := range bytes.Split(stacks[:runtime.Stack(stacks, true)], []byte("\n\n")) {
		if bytes.Contains(stack, []byte("serialport.(*port)")) || bytes.Contains(stack, []byte("serialport.within")) {
			own++
			t.Logf("%s", stack)
		}
	}
	if own > 0 {
		t.Errorf("%d goroutines are left", own)
	}
}
