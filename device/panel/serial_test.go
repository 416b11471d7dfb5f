// SPDX-License-Identifier: EUPL-1.2

package panel

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestFrames(t *testing.T) {
	var out strings.Builder
	for _, p := range builtins() {
		c, err := p.compile()
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&out, p.Name)
		for _, v := range []values{{p.First, " 012"}, {p.Last, "9999"}, {max(p.First, 5) % (p.Last + 1), " 999"}} {
			frame, err := c.frame.render(v)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&out, "  %d %q: % X", v.address, v.text, frame)
			if c.answer != nil {
				answer, err := c.answer.render(v)
				if err != nil {
					t.Fatal(err)
				}
				fmt.Fprintf(&out, " -> % X", answer)
			}
			fmt.Fprintln(&out)
		}
	}
	golden(t, "frames.txt", out.String())
}

// The examples of the makers' own papers.
func TestFramesOfTheManuals(t *testing.T) {
	for _, tt := range []struct {
		protocol string
		v        values
		want     string
	}{
		{"edi", values{1, "1234"}, "\x02011234\x03"},
		{"board", values{5, "999"}, "\x05\x03\xe7\xef"},
		{"callshop", values{0, "7"}, "M101017\r"},
		{"callshop-concentrator", values{3, "Hello World"}, "\x03P03M10111Hello World\r"},
	} {
		p, ok := Builtin(tt.protocol)
		if !ok {
			t.Fatal(tt.protocol)
		}
		c, err := p.compile()
		if err != nil {
			t.Fatal(err)
		}
		got, err := c.frame.render(tt.v)
		if err != nil || string(got) != tt.want {
			t.Errorf("%s: %q, %v, want %q", tt.protocol, got, err, tt.want)
		}
	}
}

func TestCRC(t *testing.T) {
	for text, want := range map[string]uint16{
		"123456789":                0x4b37, // the check value in the catalogues of CRCs
		"\x01\x03\x00\x00\x00\x0a": 0xcdc5, // requests that guides to Modbus show
		"\x11\x10\x00\x01\x00\x02\x04\x00\x0a\x01\x02": 0xf0c6,
	} {
		if got := crc16([]byte(text)); got != want {
			t.Errorf("% X: %04X, want %04X", text, got, want)
		}
	}
}

func TestProtocolFaultsAreToldAtOnce(t *testing.T) {
	p := Protocol{
		Name: "mine", Baud: 1, Parity: "odd", First: 3, Last: 2, Glyphs: "x", Most: 99,
		Frame: "02 adress 'x", Answer: "GG", Refusal: "'", Gap: time.Hour,
	}
	err := p.Validate()
	if err == nil {
		t.Fatal("no fault")
	}
	for _, field := range []string{"frame", "answer", "refusal", "face", "baud", "parity", "addresses", "times", "within"} {
		if !strings.Contains(err.Error(), `protocol "mine": `+field+": ") {
			t.Errorf("nothing of %s in:\n%v", field, err)
		}
	}
	p = Protocol{Name: "mine", Baud: 9600, Parity: "none", Last: 255, Glyphs: GlyphsText, Least: 4, Most: 4, Frame: "address:2"}
	if err := p.Validate(); err == nil || !strings.Contains(err.Error(), "255 does not go into its place") {
		t.Error(err)
	}
	p.Frame = ""
	if err := p.Validate(); err == nil {
		t.Error("an empty frame")
	}
	p.Frame, p.Last = "address value", 9
	if err := p.Validate(); err == nil || !strings.Contains(err.Error(), "blank: ") {
		t.Errorf("a number that cannot be blank: %v", err)
	}
	p.Blank = "0"
	if err := p.Validate(); err != nil {
		t.Error(err)
	}
	p.Most = 5
	if err := p.Validate(); err == nil || !strings.Contains(err.Error(), "face: ") {
		t.Errorf("99999 in two bytes: %v", err)
	}
	for _, name := range Builtins() {
		if b, ok := Builtin(name); !ok || b.Validate() != nil {
			t.Errorf("%s: %t, %v", name, ok, b.Validate())
		}
	}
	if _, ok := Builtin("other"); ok {
		t.Error("a protocol that is not there")
	}
}

// far answers each frame of modbus panel 1 by a script, in a bubble.
func far(t *testing.T, answers ...string) Wire {
	t.Helper()
	near, far := net.Pipe()
	p, _ := Builtin("modbus")
	w, err := NewSerial(near, p, []int{1, 2})
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		frame := make([]byte, 17)
		for _, a := range answers {
			if _, err := io.ReadFull(far, frame); err != nil {
				return
			}
			wait, bytes, _ := strings.Cut(a, " ")
			d, _ := time.ParseDuration(wait)
			<-time.After(d)
			if _, err := io.WriteString(far, bytes); err != nil {
				return
			}
		}
		_, _ = io.Copy(io.Discard, far)
	}()
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
		<-ended
	})
	return w
}

const (
	accepted  = "\x01\x10\x00\x00\x00\x04\xc1\xca"
	exception = "\x01\x90\x02\xcd\xc1"
)

func TestAnswers(t *testing.T) {
	tests := []struct {
		name, answer string
		confirmed    bool
		detail       string
	}{
		{"confirmed", "5ms " + accepted, true, ""},
		{"after noise", "5ms \x00\xff\x01" + accepted + "\x00", true, ""},
		{"after its own echo", "5ms \x01\x10\x00\x00\x00\x04\x08\x00A\x000\x001\x002\x00\x00" + accepted, true, ""},
		{"refused", "5ms " + exception, false, "it refuses"},
		{"of another", "5ms \x02\x10\x00\x00\x00\x04\xc1\xf9", false, "no answer of its"},
		{"wrong CRC", "5ms \x01\x10\x00\x00\x00\x04\xc1\xcb", false, "no answer of its"},
		{"cut off", "5ms \x01\x10\x00", false, "no answer of its"},
		{"nothing", "5ms ", false, "nothing came back"},
		{"too late", "130ms " + accepted, false, "nothing came back"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := far(t, tt.answer, "1h ")
				confirmed, err := w.Put(t.Context(), 0, "A012")
				if confirmed != tt.confirmed || (err == nil) != tt.confirmed {
					t.Fatalf("%t, %v", confirmed, err)
				}
				if err != nil && (!errors.Is(err, ErrNoAnswer) || !strings.Contains(err.Error(), tt.detail)) {
					t.Errorf("%v", err)
				}
				// What came late is not the answer to the next frame.
				if confirmed, err := w.Put(t.Context(), 0, "A013"); confirmed || !errors.Is(err, ErrNoAnswer) {
					t.Errorf("next frame: %t, %v", confirmed, err)
				}
			})
		})
	}
}

func TestSerialLineThatEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe()
		p, _ := Builtin("edi")
		w, err := NewSerial(near, p, []int{1})
		if err != nil {
			t.Fatal(err)
		}
		far.Close()
		synctest.Wait()
		if _, err := w.Put(t.Context(), 0, "  12"); err == nil || errors.Is(err, ErrNoAnswer) {
			t.Errorf("%v", err)
		}
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestSerialEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := far(t, "1h ")
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer cancel()
		began := time.Now()
		if _, err := w.Put(ctx, 0, "A012"); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		if took := time.Since(began); took > 20*time.Millisecond {
			t.Errorf("it took %v", took)
		}
	})
}

// A line that takes no bytes: the driver does not wait for ever.
func TestSerialLineThatIsHeld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe()
		defer far.Close()
		p, _ := Builtin("edi")
		w, err := NewSerial(near, p, []int{1})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Put(t.Context(), 0, "  12"); err == nil || errors.Is(err, ErrNoAnswer) {
			t.Errorf("%v", err)
		}
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestSerialPlaces(t *testing.T) {
	near, far := net.Pipe()
	defer far.Close()
	p, _ := Builtin("callshop")
	w, err := NewSerial(near, p, []int{0})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Put(t.Context(), 0, "A012"); err == nil || errors.Is(err, ErrNoAnswer) || !strings.Contains(err.Error(), "4 places") {
		t.Errorf("part of a row: %v", err)
	}
	if err := w.Close(); err != nil {
		t.Error(err)
	}
}

func TestSerialAddresses(t *testing.T) {
	near, far := net.Pipe()
	defer near.Close()
	defer far.Close()
	p, _ := Builtin("edi")
	for _, a := range [][]int{{0}, {100}, {3, 4, 3}} {
		if _, err := NewSerial(near, p, a); err == nil {
			t.Errorf("%v are accepted", a)
		}
	}
}
