// SPDX-License-Identifier: EUPL-1.2

package thermal_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/escpos"
	"github.com/avanti-queue/avanti/device/thermal"
)

// A pipe that nobody reads is a line that flow control holds.
func TestHeldLineIsToldAndDoesNotHoldTheDriver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		profile, _ := escpos.Lookup("epson-tm-t20iii")
		h := &history{}
		p := thermal.New(thermal.Options{
			Open: func(context.Context) (device.Port, error) {
				host, far := net.Pipe()
				t.Cleanup(func() { far.Close() })
				return host, nil
			},
			Profile: profile, Baud: 9600, Log: slog.New(slog.DiscardHandler), OnFault: h.note,
		})
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- p.Run(ctx) }()
		before := time.Now()
		fault, ok := errors.AsType[*device.Fault](p.Ready(t.Context()))
		if !ok || !fault.Stops() {
			t.Errorf("Ready: %v", fault)
		}
		if took := time.Since(before); took > 5*time.Second {
			t.Errorf("the fault was told after %s", took)
		}
		<-time.After(10*time.Second + 500*time.Millisecond)
		before = time.Now()
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if took := time.Since(before); took > 2*time.Second {
			t.Errorf("the driver ended after %s", took)
		}
		if got := p.Print(t.Context(), slipJob("0001", "A001")); got.Result != device.ResultFailed || got.Fault.Code != device.FaultLine {
			t.Errorf("after Run: %s, %v", got.Result, got.Fault)
		}
	})
}

// meddler is a port at which somebody does something behind the next first status question.
type meddler struct {
	device.Port
	meddle atomic.Pointer[func()]
}

func (m *meddler) Write(b []byte) (int, error) {
	n, err := m.Port.Write(b)
	if bytes.Equal(b, []byte{0x10, 0x04, 1}) {
		if meddle := m.meddle.Swap(nil); meddle != nil {
			(*meddle)()
		}
	}
	return n, err
}

// Paper that is loaded between two answers does not make the printer off line for no reason.
func TestChangeBetweenTwoAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, h := newFarEnd("generic"), &history{}
		port := &meddler{}
		p, _ := startOn(t, f.model, h, func(ctx context.Context) (device.Port, error) {
			conn, err := f.open(ctx)
			port.Port = conn
			return port, err
		})
		untilReady(t, p)
		<-time.After(time.Second) // between two looks
		f.turn(func() { f.noPaper = true })
		port.meddle.Store(new(func() {
			synctest.Wait() // the first answer is there
			f.turn(func() { f.noPaper = false })
		}))
		<-time.After(5 * time.Second)
		if diff := cmp.Diff([]string{""}, h.all()); diff != "" {
			t.Error(diff)
		}
	})
}

// holdable is a port whose other end stops reading once it is held.
type holdable struct {
	device.Port
	wall net.Conn // that nobody reads
	held atomic.Bool
}

func (h *holdable) SetWriteDeadline(t time.Time) error {
	return errors.Join(h.Port.SetWriteDeadline(t), h.wall.SetWriteDeadline(t))
}

func (h *holdable) Write(b []byte) (int, error) {
	if h.held.Load() {
		return h.wall.Write(b)
	}
	return h.Port.Write(b)
}

// A stopped printer's buffer fills up with questions, and it holds the line then. What is wrong
// is still that it has no paper.
func TestHeldLineDoesNotHideTheCause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, h := newFarEnd("generic"), &history{}
		port := &holdable{}
		p, _ := startOn(t, f.model, h, func(ctx context.Context) (device.Port, error) {
			conn, err := f.open(ctx)
			port.Port = conn
			wall, far := net.Pipe()
			t.Cleanup(func() { far.Close() })
			port.wall = wall
			return port, err
		})
		untilReady(t, p)
		f.turn(func() { f.noPaper = true })
		<-time.After(5 * time.Second)
		port.held.Store(true)
		<-time.After(time.Hour)
		if got := p.Print(t.Context(), slipJob("0001", "A001")); got.Result != device.ResultFailed || got.Fault.Code != device.FaultPaperEnd {
			t.Errorf("%s, %v; want failed, paper_end", got.Result, got.Fault)
		}
		f.turn(func() { f.noPaper = false })
		port.held.Store(false)
		<-time.After(10 * time.Second)
		if diff := cmp.Diff([]string{"", "paper_end ", ""}, h.all()); diff != "" {
			t.Error(diff)
		}
	})
}

// swallower is a port that takes everything, as the system's buffer does, and passes nothing on once
// it is held.
type swallower struct {
	device.Port
	held atomic.Bool
}

func (s *swallower) Write(b []byte) (int, error) {
	if s.held.Load() {
		return len(b), nil
	}
	return s.Port.Write(b)
}

// A line that flow control holds while the system's buffer takes the whole slip is told too, and
// ends with the program.
func TestLineThatIsHeldBehindTheSystemsBuffer(t *testing.T) {
	for _, model := range []string{"custom-vkp80iii", "epson-tm-t20iii", "generic", "star-line"} {
		synctest.Test(t, func(t *testing.T) {
			f, h, port := newFarEnd(model), &history{}, &swallower{}
			profile, err := escpos.Lookup(model)
			if err != nil {
				t.Fatal(err)
			}
			p := thermal.New(thermal.Options{
				Open: func(ctx context.Context) (device.Port, error) {
					conn, err := f.open(ctx)
					port.Port = conn
					return port, err
				},
				Profile: profile, Baud: 19200, Log: slog.New(slog.DiscardHandler), OnFault: h.note,
			})
			ctx, stop := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			go func() { ended <- p.Run(ctx) }()
			untilReady(t, p)
			job := slipJob("0001", "A001")
			job.Begin = func(string) error { port.held.Store(true); return nil }
			outcome := make(chan device.Outcome, 1)
			go func() { outcome <- p.Print(t.Context(), job) }()
			<-time.After(5 * time.Second)
			if told := h.all(); told[len(told)-1] != "not_answering " {
				t.Errorf("%s: after 5 s %q is told", model, told)
			}
			stop()
			before := time.Now()
			if err := <-ended; err != nil || time.Since(before) > 2*time.Second {
				t.Errorf("%s: ended after %s, %v", model, time.Since(before), err)
			}
			if got := <-outcome; got.Result != device.ResultUnknown {
				t.Errorf("%s: %s", model, got.Result)
			}
		})
	}
}

// cutOff is a port that breaks inside a slip once it is armed.
type cutOff struct {
	device.Port
	armed bool
	takes int // bytes of the slip, before it breaks
}

func (c *cutOff) Write(b []byte) (int, error) {
	if !c.armed || len(b) <= 3 { // questions pass
		return c.Port.Write(b)
	}
	n := min(len(b), c.takes)
	c.takes -= n
	if n > 0 {
		n, _ = c.Port.Write(b[:n])
	}
	if n == len(b) {
		return n, nil
	}
	return n, io.ErrClosedPipe
}

// Between failed and unknown lies the first byte that was taken.
func TestFirstByteDecides(t *testing.T) {
	for taken, want := range map[int]device.Result{0: device.ResultFailed, 1: device.ResultUnknown, 40: device.ResultUnknown} {
		synctest.Test(t, func(t *testing.T) {
			f := newFarEnd("generic")
			port := &cutOff{takes: taken}
			p, _ := startOn(t, f.model, nil, func(ctx context.Context) (device.Port, error) {
				conn, err := f.open(ctx)
				port.Port, port.armed = conn, false
				return port, err
			})
			untilReady(t, p)
			port.armed = true
			got := p.Print(t.Context(), slipJob("0001", "A001"))
			if got.Result != want || got.Fault == nil || got.Fault.Code != device.FaultLine {
				t.Errorf("%d bytes taken: %s, %v; want %s", taken, got.Result, got.Fault, want)
			}
		})
	}
}

// A printer that the cable's fall left inside a command takes what comes next for the rest of it.
// Were that a question, its bytes could be a length of a thousand.
func TestQuestionsDoNotFeedAnOpenCommand(t *testing.T) {
	job := slipJob("0001", "A001")
	job.Slip.Parts = append(job.Slip.Parts, device.Part{Kind: device.PartQR, Text: "https://coda.example.it/t/7Q2M9XKD4WHA8R3F"})
	for _, model := range []string{"epson-tm-t20iii", "generic", "custom-vkp80iii"} {
		profile, err := escpos.Lookup(model)
		if err != nil {
			t.Fatal(err)
		}
		store := bytes.Index(profile.Encode(job), []byte{'1', 'P'}) - 5 // of GS ( k pL pH
		for inside := range 12 {
			synctest.Test(t, func(t *testing.T) {
				f := newFarEnd(model)
				port := &cutOff{takes: store + inside}
				p, _ := startOn(t, model, nil, func(ctx context.Context) (device.Port, error) {
					conn, err := f.open(ctx)
					port.Port, port.armed = conn, false
					return port, err
				})
				untilReady(t, p)
				port.armed = true
				if got := p.Print(t.Context(), job); got.Result != device.ResultUnknown {
					t.Errorf("%s, %d bytes inside: %s", model, inside, got.Result)
				}
				<-time.After(10 * time.Second)
				if got := p.Print(t.Context(), slipJob("0002", "A002")); got.Result != device.ResultPrinted {
					t.Errorf("%s, %d bytes inside: the next slip %s, %v", model, inside, got.Result, got.Fault)
				}
				if sheets := f.cut(); len(sheets) != 2 || !strings.HasSuffix(sheets[1], "A002") || strings.Contains(sheets[1], "A001") {
					t.Errorf("%s, %d bytes inside: %q", model, inside, sheets)
				}
			})
		}
	}
}
