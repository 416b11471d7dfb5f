// SPDX-License-Identifier: EUPL-1.2

package broker_test

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/avanti-queue/avanti/internal/broker"
)

// drain reads what is there until the link ends.
func drain(c net.Conn) []byte {
	b, _ := io.ReadAll(c)
	return b
}

func TestPipe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := broker.NewPipe()
		// Both ends may write before either reads.
		for _, c := range []net.Conn{a, b} {
			if n, err := c.Write(bytes.Repeat([]byte("x"), 60000)); n != 60000 || err != nil {
				t.Fatalf("Write = %d, %v", n, err)
			}
		}
		// A full pipe waits for the reader.
		wrote := make(chan error, 1)
		go func() {
			_, err := a.Write(bytes.Repeat([]byte("y"), 100000))
			wrote <- err
			_ = a.Close()
		}()
		synctest.Wait()
		select {
		case err := <-wrote:
			t.Fatalf("160000 bytes fit: %v", err)
		default:
		}
		got := drain(b)
		if len(got) != 160000 || bytes.Count(got, []byte("y")) != 100000 {
			t.Errorf("read %d bytes", len(got))
		}
		if err := <-wrote; err != nil {
			t.Error(err)
		}
		if _, err := b.Write([]byte("x")); !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("Write to a closed end: %v", err)
		}
		if _, err := a.Read(make([]byte, 1)); !errors.Is(err, net.ErrClosed) {
			t.Errorf("Read after Close: %v", err)
		}
	})
}

func TestPipeDeadlines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := broker.NewPipe()
		defer b.Close()
		began := time.Now()
		if err := a.SetDeadline(began.Add(3 * time.Second)); err != nil {
			t.Fatal(err)
		}
		if _, err := a.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(began) != 3*time.Second {
			t.Errorf("Read: %v after %v", err, time.Since(began))
		}
		n, err := a.Write(make([]byte, 100000))
		if n != 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("Write = %d, %v", n, err)
		}
		// A deadline that moves moves a waiting call with it.
		if err := a.SetDeadline(time.Time{}); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() {
			_, err := a.Read(make([]byte, 1))
			ended <- err
		}()
		synctest.Wait()
		if err := a.SetReadDeadline(time.Now().Add(time.Second)); err != nil {
			t.Fatal(err)
		}
		if err := <-ended; !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(began) != 4*time.Second {
			t.Errorf("Read: %v after %v", err, time.Since(began))
		}
		// Close wakes everybody.
		if err := a.SetReadDeadline(time.Time{}); err != nil {
			t.Fatal(err)
		}
		go func() {
			_, err := a.Read(make([]byte, 1))
			ended <- err
		}()
		synctest.Wait()
		_ = a.Close()
		if err := <-ended; !errors.Is(err, net.ErrClosed) {
			t.Errorf("Read: %v", err)
		}
	})
}
