// SPDX-License-Identifier: EUPL-1.2

package devicetest

import (
	"bytes"
	"io"
	"net"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/capture"
)

// Replay returns a port at whose other end a recorded device plays its part: it reads what the host
// of the capture said, byte by byte, and says what the device said, as long after that as it did. A
// host that says anything else fails the test. When the capture is over the port is too. It may be
// called in a bubble, which it leaves clean.
func Replay(t testing.TB, file string) device.Port {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	c, err := capture.Read(bytes.NewReader(text))
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	host, far := net.Pipe()
	over := make(chan struct{})
	var playing sync.WaitGroup
	playing.Go(func() { play(t, c, far, over) })
	t.Cleanup(func() {
		close(over)
		_ = far.Close()
		playing.Wait()
	})
	return host
}

// play is the device.
func play(t testing.TB, c *capture.Capture, far net.Conn, over <-chan struct{}) {
	defer func() { _ = far.Close() }() // a pipe's never fails
	for i, e := range c.Events {
		if e.From == capture.Host {
			got := make([]byte, len(e.Data))
			if n, err := io.ReadFull(far, got); err != nil {
				return // the host has gone
			} else if !bytes.Equal(got[:n], e.Data) {
				t.Errorf("event %d of the capture: the host says % X; recorded is % X", i+1, got, e.Data)
				return
			}
			continue
		}
		select {
		case <-time.After(e.After):
		case <-over:
			return
		}
		if _, err := far.Write(e.Data); err != nil {
			return
		}
	}
}
