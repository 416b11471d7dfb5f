// SPDX-License-Identifier: EUPL-1.2

package wire_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/avanti-queue/avanti/internal/sim/wire"
)

// far is the other end of a network: what arrives there, and when.
type far struct {
	conns    chan net.Conn
	arrivals chan arrival
}

type arrival struct {
	bytes []byte
	after time.Duration
}

func newFar() *far { return &far{make(chan net.Conn, 9), make(chan arrival, 999)} }

func (f *far) dial(context.Context) (net.Conn, error) {
	near, end := net.Pipe()
	begin := time.Now()
	go func() {
		buf := make([]byte, 1000)
		for {
			n, err := end.Read(buf)
			if err != nil {
				f.arrivals <- arrival{nil, time.Since(begin)}
				return
			}
			f.arrivals <- arrival{bytes.Clone(buf[:n]), time.Since(begin)}
		}
	}()
	f.conns <- end
	return near, nil
}

// through runs a test with a connection through a network, in a bubble.
func through(t *testing.T, o wire.Options, test func(t *testing.T, n *wire.Network, dial func(context.Context) (net.Conn, error), f *far)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		n, f := wire.New(o), newFar()
		defer n.Close()
		test(t, n, n.Dial(f.dial), f)
	})
}

func connect(t *testing.T, dial func(context.Context) (net.Conn, error)) net.Conn {
	t.Helper()
	c, err := dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func write(t *testing.T, c net.Conn, s string) {
	t.Helper()
	if _, err := io.WriteString(c, s); err != nil {
		t.Fatal(err)
	}
}

// Bytes come later, in their order, and come back later too.
func TestDelay(t *testing.T) {
	through(t, wire.Options{Delay: time.Second}, func(t *testing.T, _ *wire.Network, dial func(context.Context) (net.Conn, error), f *far) {
		begin := time.Now()
		c := connect(t, dial)
		if got := time.Since(begin); got != 2*time.Second {
			t.Errorf("connected after %v", got)
		}
		write(t, c, "one")
		write(t, c, "two")
		for _, want := range []string{"one", "two"} {
			if a := <-f.arrivals; string(a.bytes) != want || a.after != time.Second {
				t.Errorf("%q after %v", a.bytes, a.after)
			}
		}
		end := <-f.conns
		write(t, end, "back")
		buf := make([]byte, 9)
		if k, err := c.Read(buf); string(buf[:k]) != "back" || err != nil || time.Since(begin) != 4*time.Second {
			t.Errorf("%q, %v after %v", buf[:k], err, time.Since(begin))
		}
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
		if a := <-f.arrivals; a.bytes != nil || a.after != 3*time.Second {
			t.Errorf("%q after %v, want the end after another second", a.bytes, a.after)
		}
	})
}

// What was held up comes one by one.
func TestEach(t *testing.T) {
	through(t, wire.Options{Each: time.Second}, func(t *testing.T, _ *wire.Network, dial func(context.Context) (net.Conn, error), f *far) {
		c := connect(t, dial)
		for range 3 {
			write(t, c, "x")
		}
		for i := range 3 {
			if a := <-f.arrivals; a.after != time.Duration(i)*time.Second {
				t.Errorf("write %d arrives after %v", i, a.after)
			}
		}
	})
}

// With loss and jitter everything arrives, in order, and some of it late.
func TestLoss(t *testing.T) {
	o := wire.Options{Seed: 1, Delay: 10 * time.Millisecond, Jitter: 50 * time.Millisecond, Loss: 0.2}
	through(t, o, func(t *testing.T, n *wire.Network, dial func(context.Context) (net.Conn, error), f *far) {
		c := connect(t, dial)
		late := 0
		for i := range 200 {
			write(t, c, string(rune(i+1)))
			<-time.After(20 * time.Millisecond)
		}
		for i := range 200 {
			a := <-f.arrivals
			if string(a.bytes) != string(rune(i+1)) {
				t.Fatalf("byte %d is %q", i, a.bytes)
			}
			if a.after > time.Duration(i)*20*time.Millisecond+200*time.Millisecond {
				late++
			}
		}
		if late == 0 || n.Counters().Lost == 0 {
			t.Errorf("%d late, %+v", late, n.Counters())
		}
	})
}

// A cut tells nobody, and what was written in it arrives when it is over, even from a
// sender that has hung up. A minute after that its system would give up.
func TestCut(t *testing.T) {
	for _, c := range []struct {
		hangUp  bool
		cut     time.Duration
		arrives bool
	}{{false, 2 * time.Minute, true}, {true, 30 * time.Second, true}, {true, 2 * time.Minute, false}} {
		through(t, wire.Options{}, func(t *testing.T, n *wire.Network, dial func(context.Context) (net.Conn, error), f *far) {
			conn := connect(t, dial)
			n.Cut()
			write(t, conn, "late")
			if c.hangUp {
				_ = conn.Close()
			}
			<-time.After(c.cut)
			select {
			case a := <-f.arrivals:
				if a.bytes != nil || c.arrives {
					t.Fatalf("%q arrives during the cut", a.bytes)
				}
			default:
			}
			n.Mend()
			<-time.After(c.cut + time.Second)
			if !c.arrives {
				return
			}
			if a := <-f.arrivals; string(a.bytes) != "late" || a.after < c.cut {
				t.Errorf("%q after %v", a.bytes, a.after)
			}
		})
	}
}

// Nobody connects during a cut; who waits long enough does behind it.
func TestDialInCut(t *testing.T) {
	through(t, wire.Options{}, func(t *testing.T, n *wire.Network, dial func(context.Context) (net.Conn, error), _ *far) {
		n.Cut()
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		if _, err := dial(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("connected in a cut: %v", err)
		}
		go func() { <-time.After(4 * time.Second); n.Mend() }()
		connect(t, dial)
		n.Close()
		if _, err := dial(t.Context()); !errors.Is(err, wire.ErrClosed) {
			t.Errorf("connected to a network that is closed: %v", err)
		}
	})
}

// A break ends both ends.
func TestBreak(t *testing.T) {
	through(t, wire.Options{Break: 1}, func(t *testing.T, n *wire.Network, dial func(context.Context) (net.Conn, error), f *far) {
		c := connect(t, dial)
		write(t, c, "x")
		if a := <-f.arrivals; a.bytes != nil {
			t.Errorf("%q arrives", a.bytes)
		}
		if _, err := c.Read(make([]byte, 1)); err == nil {
			t.Error("the near end goes on")
		}
		if n.Counters().Broken != 1 {
			t.Errorf("%+v", n.Counters())
		}
	})
}

// Messages of QoS 1 are sent again, whole and marked, on this connection or the next;
// nothing else is.
func TestAgain(t *testing.T) {
	subscribe := "\x82\x06\x00\x01\x00\x01a\x01"
	message := "\x32\x06\x00\x01a\x00\x07x"
	again := "\x3a\x06\x00\x01a\x00\x07x"
	seen := wire.Counters{}
	for seed := range uint64(20) {
		through(t, wire.Options{Seed: seed, Again: 1}, func(t *testing.T, n *wire.Network, dial func(context.Context) (net.Conn, error), f *far) {
			want := map[string]int{subscribe: 2, message: 1, "\x30\x04\x00\x01ax": 1, "\xc0\x00": 3}
			for range 2 {
				c := connect(t, dial)
				write(t, c, subscribe)
				if n.Counters().Connections == 1 {
					write(t, c, message[:3])
					write(t, c, message[3:])
					write(t, c, "\x30\x04\x00\x01ax")
					for range 3 {
						write(t, c, "\xc0\x00")
					}
				}
				synctest.Wait()
				_ = c.Close()
				synctest.Wait()
			}
			seen.Again += n.Counters().Again
			seen.Replayed += n.Counters().Replayed
			want[again] = 1
			var got []byte
			for len(f.arrivals) > 0 {
				got = append(got, (<-f.arrivals).bytes...)
			}
			for packet, times := range want {
				if bytes.Count(got, []byte(packet)) != times {
					t.Errorf("seed %d: %q is not there %d times in %q", seed, packet, times, got)
				}
				got = slices.Concat(bytes.Split(got, []byte(packet))...)
			}
			if len(got) > 0 {
				t.Errorf("seed %d: %q too much", seed, got)
			}
		})
	}
	if seen.Again == 0 || seen.Replayed == 0 {
		t.Errorf("sent again %d times on the same connection and %d times on the next", seen.Again, seen.Replayed)
	}
}

// The same through sockets.
func TestProxy(t *testing.T) {
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	n, f := wire.New(wire.Options{Delay: time.Millisecond}), newFar()
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- n.Serve(ctx, l, f.dial) }()
	c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	write(t, c, "hello")
	if a := <-f.arrivals; string(a.bytes) != "hello" {
		t.Errorf("%q arrives", a.bytes)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if a := <-f.arrivals; a.bytes != nil {
		t.Errorf("%q arrives", a.bytes)
	}
	stop()
	if err := <-served; err != nil {
		t.Error(err)
	}
	n.Close()
}
