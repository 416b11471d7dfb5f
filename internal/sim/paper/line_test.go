// SPDX-License-Identifier: EUPL-1.2

package paper_test

import (
	"bytes"
	"testing"
	"testing/synctest"
	"time"

	"github.com/avanti-queue/avanti/internal/sim/paper"
)

// until returns how long it takes until the printer has said something.
func (b *bench) until() time.Duration {
	b.t.Helper()
	start := time.Now()
	for {
		pass(time.Millisecond)
		synctest.Wait()
		if b.answers() != "" {
			return time.Since(start)
		}
		if time.Since(start) > time.Minute {
			b.t.Fatal("the printer says nothing")
		}
	}
}

// TestTiming: the line and the paper both take their time, and overlap.
func TestTiming(t *testing.T) {
	for _, test := range []struct {
		name   string
		o      paper.Options
		stream []byte
		want   time.Duration
	}{
		{"960 bytes at 9600 baud", paper.Options{Baud: 9600}, make([]byte, 960-3), time.Second},
		{"the same at 38400 baud", paper.Options{Baud: 38400}, make([]byte, 960-3), 250 * time.Millisecond},
		{"300 mm at 150 mm/s", paper.Options{Baud: 115200}, job("1B 33 F0 1B 64 0A"), 2 * time.Second},
		{"300 mm at 75 mm/s", paper.Options{Baud: 115200, MMPerSecond: 75}, job("1B 33 F0 1B 64 0A"), 4 * time.Second},
		{"a cut", paper.Options{Baud: 115200}, job("1D 56 00"), 350 * time.Millisecond},
		{
			"960 bytes at 9600 baud while 100 mm move",
			paper.Options{Baud: 9600, MMPerSecond: 100},
			job("1B 33 50 1B 64 0A", make([]byte, 960-9)), time.Second,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				b := newBench(t, test.o)
				go b.host.Write(job(test.stream, "1D 72 01"))
				if got := b.until(); got < test.want || got > test.want+20*time.Millisecond {
					t.Errorf("took %v, want %v", got, test.want)
				}
			})
		})
	}
}

// TestHold: a stopped printer takes what its buffer holds, less the slack, and then no more until there is room again.
func TestHold(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{Baud: 115200})
		b.Cover(true)
		done := make(chan int, 1)
		go func() {
			n, _ := b.host.Write(append(bytes.Repeat(job("0A"), 6000), job("1D 72 01")...))
			done <- n
		}()
		settle()
		if c := b.Counters(); c.Bytes < 4096-128 || c.Bytes > 4096 || c.Lost != 0 {
			t.Errorf("a full buffer of 4096 took %d bytes and lost %d", c.Bytes, c.Lost)
		}
		b.Cover(false)
		pass(5 * time.Minute)
		if n := <-done; n != 6003 {
			t.Errorf("%d bytes written, want 6003", n)
		}
		b.wantAnswers("00")
	})
}

// TestBusyOffline: with this switch a stopped printer does not even hear the question.
func TestBusyOffline(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{BusyOffline: true})
		b.Cover(true)
		settle()
		go b.host.Write(job(bytes.Repeat(job("00"), 200), askOffline))
		settle()
		b.wantAnswers("")
		b.Cover(false)
		settle()
		b.wantAnswers("12")
	})
}

func TestXonXoff(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{Flow: paper.XonXoff, Buffer: 512, Baud: 115200})
		b.Cover(true)
		b.send(bytes.Repeat(job("0A"), 512-16), askOffline)
		settle()
		b.wantAnswers("13 16") // XOFF is first in line
		b.send(bytes.Repeat(job("0A"), 20))
		settle()
		if c := b.Counters(); c.Lost != 7 {
			t.Errorf("%d bytes lost, want 7", c.Lost)
		}
		b.Cover(false)
		settle()
		pass(time.Minute)
		b.wantAnswers("11")
	})
}

// TestBusyFallsLater: BUSY rises with 16 bytes left and falls with 32, not before.
func TestBusyFallsLater(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{Flow: paper.XonXoff, Buffer: 512, Baud: 115200, MMPerSecond: 1})
		b.Cover(true)
		b.send(bytes.Repeat(job("0A"), 512-16)) // 3.75 s each
		settle()
		b.wantAnswers("13")
		b.Cover(false)
		pass(50 * time.Second)
		b.wantAnswers("")
		pass(15 * time.Second)
		b.wantAnswers("11")
	})
}

// TestNoFlow loses what does not fit, but hears real-time commands.
func TestNoFlow(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{Flow: paper.NoFlow, Buffer: 64, Baud: 115200})
		b.PaperOut(0)
		b.send(bytes.Repeat([]byte("x"), 100), askOffline)
		settle()
		b.wantAnswers("32")
		if c := b.Counters(); c.Bytes != 103 || c.Lost != 39 {
			t.Errorf("counters %+v, want 103 bytes of which 39 lost", c)
		}
	})
}
