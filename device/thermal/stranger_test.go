// SPDX-License-Identifier: EUPL-1.2

package thermal_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/escpos"
)

// strangers are things at the end of a cable that are no printers. Each gets all bytes that are
// written and a way to answer.
func strangers() map[string]func(in []byte, out io.Writer) {
	modem := func(answer string, echoes bool) func([]byte, io.Writer) {
		return func(in []byte, out io.Writer) {
			if echoes {
				out.Write(in)
			}
			io.WriteString(out, answer)
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	return map[string]func([]byte, io.Writer){
		"silence":    func([]byte, io.Writer) {},
		"echo":       func(in []byte, out io.Writer) { out.Write(in) },
		"slow echo":  func(in []byte, out io.Writer) { <-time.After(time.Duration(len(in)) * time.Millisecond); out.Write(in) },
		"OK":         modem("\r\nOK\r\n", false),
		"ERROR":      modem("\r\nERROR\r\n", false),
		"ERROR echo": modem("\r\nERROR\r\n", true),
		"noise": func(in []byte, out io.Writer) {
			b := make([]byte, 1+random.IntN(2*len(in)))
			for i := range b {
				b[i] = byte(random.Uint32())
			}
			out.Write(b)
		},
		"zeros": func(in []byte, out io.Writer) { out.Write(make([]byte, len(in))) },
		"login": modem("\r\nraspberrypi login: ", true),
	}
}

// attach opens ports with a stranger at the other end.
func attach(t *testing.T, answer func([]byte, io.Writer)) func(context.Context) (device.Port, error) {
	return func(context.Context) (device.Port, error) {
		host, far := net.Pipe()
		t.Cleanup(func() { far.Close() })
		in := make(chan []byte, 4096)
		go func() {
			defer close(in)
			buf := make([]byte, 256)
			for {
				n, err := far.Read(buf)
				if err != nil {
					return
				}
				in <- bytes.Clone(buf[:n])
			}
		}()
		go func() {
			for b := range in {
				answer(b, far)
			}
		}()
		return host, nil
	}
}

// Whatever is at the end of the cable, nothing that is not a printer has ever printed.
func TestStrangersNeverPrint(t *testing.T) {
	for _, model := range escpos.Names() {
		for name, answer := range strangers() {
			synctest.Test(t, func(t *testing.T) {
				p, profile := startOn(t, model, nil, attach(t, answer))
				for i := range 3 {
					got := p.Print(t.Context(), slipJob("0001", "A001"))
					switch {
					case profile.Confirm == device.LevelNone && got.Result == device.ResultSent:
					case got.Result == device.ResultUnknown, got.Result == device.ResultFailed:
					default:
						t.Errorf("%s, %s, slip %d: %s, level %s", model, name, i, got.Result, got.Level)
					}
					<-time.After(5 * time.Second)
				}
				fault, ok := errors.AsType[*device.Fault](p.Ready(t.Context()))
				if profile.Confirm == device.LevelNone {
					return
				}
				want := device.FaultStranger
				if name == "silence" {
					want = device.FaultNotAnswering
				}
				if !ok || fault.Code != want {
					t.Errorf("%s, %s: Ready is %v", model, name, fault)
				}
			})
		}
	}
}

func TestWhatWasHeardIsTold(t *testing.T) {
	for name, want := range map[string]string{
		"echo":       "our own bytes come back: an echo",
		"ERROR":      `heard the text "\r\nERROR\r\n`,
		"ERROR echo": "heard ",
	} {
		synctest.Test(t, func(t *testing.T) {
			h := &history{}
			p, _ := startOn(t, "epson-tm-t20iii", h, attach(t, strangers()[name]))
			<-time.After(time.Minute)
			fault, ok := errors.AsType[*device.Fault](p.Ready(t.Context()))
			if !ok || fault.Code != device.FaultStranger || !strings.HasPrefix(fault.Detail, want) || len(fault.Detail) > 100 {
				t.Errorf("%s: %v", name, fault)
			}
			if told := h.all(); len(told) > 2 {
				t.Errorf("%s: told %q", name, told)
			}
		})
	}
}

// The printer's place is taken by an echo while the port stays open.
func TestPrinterThatIsExchangedForAnEcho(t *testing.T) {
	for _, model := range escpos.Names() {
		synctest.Test(t, func(t *testing.T) {
			f := newFarEnd(model)
			p, profile := start(t, f, nil)
			untilReady(t, p)
			f.turn(func() { f.echo = true })
			got := p.Print(t.Context(), slipJob("0001", "A001"))
			if profile.Confirm != device.LevelNone && got.Result == device.ResultPrinted {
				t.Errorf("%s: %s, level %s", model, got.Result, got.Level)
			}
			f.turn(func() { f.echo, f.buffer = false, nil })
			<-time.After(10 * time.Second)
			if got := p.Print(t.Context(), slipJob("0002", "A002")); got.Result != device.ResultPrinted && got.Result != device.ResultSent {
				t.Errorf("%s: the printer is back: %s, %v", model, got.Result, got.Fault)
			}
		})
	}
}

// An echo that begins in the middle of a slip confirms nothing.
func TestEchoInTheMiddleOfASlip(t *testing.T) {
	for _, model := range escpos.Names() {
		synctest.Test(t, func(t *testing.T) {
			f := newFarEnd(model)
			p, profile := start(t, f, nil)
			untilReady(t, p)
			job := slipJob("0001", "A001")
			job.Begin = func(string) error { f.turn(func() { f.echo = true }); return nil }
			got := p.Print(t.Context(), job)
			if profile.Confirm != device.LevelNone && got.Result == device.ResultPrinted {
				t.Errorf("%s: %s, level %s", model, got.Result, got.Level)
			}
		})
	}
}

// Bytes that a bad cable makes up while the printer prints are no answer to the question behind the cut.
func TestGlitchesAreNoAnswer(t *testing.T) {
	for _, model := range []string{"generic", "epson-tm-t88", "custom-tg2480"} {
		for _, glitch := range []string{"\x00", "\x00\x00\x00\x00\x00\x00"} {
			synctest.Test(t, func(t *testing.T) {
				f := newFarEnd(model)
				f.prints = 3 * time.Second
				p, _ := start(t, f, nil)
				untilReady(t, p)
				time.AfterFunc(time.Second, func() {
					f.mu.Lock()
					conn := f.conn
					f.mu.Unlock()
					f.say(conn, []byte(glitch))
				})
				time.AfterFunc(2*time.Second, func() { f.turn(func() { f.noPaper = true }) })
				if got := p.Print(t.Context(), slipJob("0001", "A001")); got.Result != device.ResultUnknown {
					t.Errorf("%s, % X: %s, level %s", model, glitch, got.Result, got.Level)
				}
			})
		}
	}
}
