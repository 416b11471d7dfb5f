// SPDX-License-Identifier: EUPL-1.2

package paper_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/avanti-queue/avanti/internal/sim/paper"
)

// raw is bytes for the line as they are; a string is hexadecimal.
type raw string

// job puts a stream together by hand: "1B 40" is two bytes, raw("Hi") two others.
func job(parts ...any) []byte {
	var b []byte
	for _, p := range parts {
		switch p := p.(type) {
		case raw:
			b = append(b, p...)
		case []byte:
			b = append(b, p...)
		case string:
			h, err := hex.DecodeString(strings.ReplaceAll(p, " ", ""))
			if err != nil {
				panic(fmt.Sprintf("%q: %v", p, err))
			}
			b = append(b, h...)
		}
	}
	return b
}

// bench is a printer with a host on the other end of its line.
type bench struct {
	*paper.Printer
	t      *testing.T
	cancel context.CancelFunc
	ended  chan error
	host   net.Conn

	mu     sync.Mutex
	sheets []paper.Sheet
	heard  bytes.Buffer
}

// newBench connects a printer, in a bubble; everything ends with the test.
func newBench(t *testing.T, o paper.Options) *bench {
	t.Helper()
	b := &bench{t: t}
	o.Out = func(s paper.Sheet) {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.sheets = append(b.sheets, s)
	}
	b.Printer = paper.New(o)
	b.plug(true)
	return b
}

// plug connects a new cable; listening says that the host reads what comes.
func (b *bench) plug(listening bool) {
	host, conn := net.Pipe()
	ctx, cancel := context.WithCancel(b.t.Context())
	b.host, b.cancel, b.ended = host, cancel, make(chan error, 1)
	ended := b.ended
	var wg sync.WaitGroup
	wg.Go(func() { ended <- b.Serve(ctx, conn) })
	if listening {
		wg.Go(func() { b.listen(host) })
	}
	b.t.Cleanup(func() {
		cancel()
		host.Close()
		wg.Wait()
	})
	synctest.Wait()
}

func (b *bench) listen(host net.Conn) {
	buf := make([]byte, 64)
	for {
		n, err := host.Read(buf)
		b.mu.Lock()
		b.heard.Write(buf[:n])
		b.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// send writes a stream, and fails the test if the line is gone.
func (b *bench) send(parts ...any) {
	b.t.Helper()
	if _, err := b.host.Write(job(parts...)); err != nil {
		b.t.Fatalf("write to the printer: %v", err)
	}
}

// answers returns what the printer has said since the last call, in hexadecimal.
func (b *bench) answers() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := fmt.Sprintf("% X", b.heard.Bytes())
	b.heard.Reset()
	return s
}

func (b *bench) wantAnswers(want string) {
	b.t.Helper()
	if got := b.answers(); got != want {
		b.t.Errorf("the printer said %q, want %q", got, want)
	}
}

// out returns the sheets that have come out since the last call.
func (b *bench) out() []paper.Sheet {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := b.sheets
	b.sheets = nil
	return s
}

// wantTexts compares the sheets since the last call; a torn one is marked with a leading "~".
func (b *bench) wantTexts(want ...string) {
	b.t.Helper()
	var got []string
	for _, s := range b.out() {
		if s.Torn {
			s.Text = "~" + s.Text
		}
		got = append(got, s.Text)
	}
	if !slices.Equal(got, want) {
		b.t.Errorf("sheets %q, want %q", got, want)
	}
}

// bubble runs a test with a clock of its own.
func bubble(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, f)
}
