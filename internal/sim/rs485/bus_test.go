// SPDX-License-Identifier: EUPL-1.2

package rs485_test

import (
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/internal/sim/rs485"
)

// plugIn serves a line in this bubble until the test ends, and returns the host's end and all that
// comes back.
func plugIn(t *testing.T, o rs485.Options) (*rs485.Bus, net.Conn, *record) {
	t.Helper()
	bus, err := rs485.New(o)
	if err != nil {
		t.Fatal(err)
	}
	host, line := net.Pipe()
	ended := make(chan error, 2)
	back := &record{}
	go func() { ended <- bus.Serve(t.Context(), line) }()
	go func() {
		_, err := io.Copy(back, host)
		ended <- err
	}()
	t.Cleanup(func() {
		host.Close()
		for range 2 {
			if err := <-ended; err != nil && !errors.Is(err, io.ErrClosedPipe) {
				t.Error(err)
			}
		}
	})
	return bus, host, back
}

// record is what comes back.
type record struct {
	mu   sync.Mutex
	text []byte
}

func (r *record) Write(b []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.text = append(r.text, b...)
	return len(b), nil
}

// take returns it, and forgets it.
func (r *record) take() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	text := string(r.text)
	r.text = nil
	return text
}

func after(d time.Duration) { <-time.After(d) }

func say(t *testing.T, host io.Writer, text string) {
	t.Helper()
	if _, err := io.WriteString(host, text); err != nil {
		t.Fatal(err)
	}
	after(100 * time.Millisecond)
}

// The examples of the makers' papers, and what a host must not send.
func TestPanelsReadTheirManuals(t *testing.T) {
	tests := []struct {
		name, protocol string
		address        int
		says           string
		shows          string
		answers        string
		complaint      string
	}{
		{"counter", "edi", 1, "\x02011234\x03", "1234", "", ""},
		{"counter, leading zeroes", "edi", 1, "\x02010012\x03", "12", "", ""},
		{"counter, zero", "edi", 1, "\x02010\x03", "0", "", ""},
		{"counter, blank", "edi", 1, "\x020112\x03\x0201    \x03", "", "", ""},
		{"counter, of another", "edi", 1, "\x02021234\x03", "", "", ""},
		{"counter, letters", "edi", 1, "\x0201A012\x03", "", "", `panel 1: "A012" cannot be shown`},
		{"counter, too much", "edi", 1, "\x020112345\x03", "", "", `panel 1: "12345" on 4 places`},
		{"counter, no frame", "edi", 1, "0", "", "", "panel 1: 30 outside of a frame"},
		{"counter, twice begun", "edi", 1, "\x0201\x020112\x03", "12", "", "panel 1: a frame begins within a frame"},
		{"counter, no address", "edi", 1, "\x02+1\x03", "", "", `panel 1: address "+1"`},
		{"counter, empty", "edi", 1, "\x02\x03", "", "", "panel 1: no address"},
		{"board", "board", 5, "\x05\x03\xe7\xef", "999", "", ""},
		{"board, of another", "board", 4, "\x05\x03\xe7\xef", "", "", ""},
		{"board, wrong sum", "board", 5, "\x05\x03\xe7\xee", "", "", "panel 5: packet 05 03 E7 EE has a wrong sum"},
		{"board, too long", "board", 5, "\x05\x03\xe7\xef\x00", "", "", "panel 5: a packet of 5 bytes"},
		{"board, too large", "board", 5, "\x05\x27\x10\x3c", "", "", "panel 5: 10000 on four digits"},
		{"callshop", "callshop", 0, "M10104A012\r", "A012", "^M\r", ""},
		{"callshop, further right", "callshop", 0, "M10311Hello World\r", "Hello World", "^M\r", ""},
		{"callshop, over what was", "callshop", 0, "M10104A012\rM10104  7 \r", "7", "^M\r^M\r", ""},
		{"callshop, wrong length", "callshop", 0, "M10105A012\r", "", "", `panel 0: command "M10105A012": 4 characters`},
		{"callshop, beyond", "callshop", 0, "M11604A012\r", "", "", `panel 0: command "M11604A012": beyond the end of the row`},
		{"callshop, other row", "callshop", 0, "M20104A012\r", "", "", `panel 0: command "M20104A012": not the first row`},
		{"callshop, no number", "callshop", 0, "M1xx04A012\r", "", "", `panel 0: command "M1xx04A012": column or length is no number`},
		{"callshop, not a command", "callshop", 0, "\r", "", "", `panel 0: command ""`},
		{"concentrator", "callshop-concentrator", 3, "\x03P03M10311Hello World\r", "Hello World", "\x03P03^M\r", ""},
		{"concentrator, of another", "callshop-concentrator", 4, "\x03P03M10311Hello World\r", "", "", ""},
		{"concentrator, no port", "callshop-concentrator", 4, "M10104A012\r", "", "", `panel 4: "M10104A012" has no port`},
		{"modbus", "modbus", 1, "\x01\x10\x00\x00\x00\x02\x04\x00A\x00B\x23\x8a", "AB", "\x01\x10\x00\x00\x00\x02\x41\xc8", ""},
		{"modbus, wrong CRC", "modbus", 1, "\x01\x10\x00\x00\x00\x02\x04\x00A\x00B\x00\x00", "", "", "panel 1: 01 10 00 00 00 02 04 00 41 00 42 00 00 has a wrong CRC"},
		{"modbus, too short", "modbus", 1, "\x01\x10", "", "", "panel 1: 01 10 is too short"},
		{"modbus, beyond", "modbus", 1, "\x01\x10\x00\x03\x00\x02\x04\x00A\x00B\x63\x9f", "", "\x01\x90\x02\xcd\xc1", "panel 1: registers 3 to 4 of 4"},
		{"modbus, wrong count", "modbus", 1, "\x01\x10\x00\x00\x00\x01\x04\x00A\x00B\x23\xb9", "", "\x01\x90\x03\x0c\x01", "panel 1: 1 registers in 4 bytes"},
		{"modbus, no registers", "modbus", 1, "\x01\x10\x01\xec", "", "\x01\x90\x03\x0c\x01", "panel 1: 01 10 01 EC is too short"},
		{"modbus, read", "modbus", 1, "\x01\x03\x00\x00\x00\x0a\xc5\xcd", "", "\x01\x83\x01\x80\xf0", "panel 1: function 3"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				bus, host, back := plugIn(t, rs485.Options{Protocol: tt.protocol, Panels: []int{tt.address}, Places: 4})
				// One frame at a time: the line rests behind each.
				for _, frame := range strings.SplitAfter(tt.says, "\r") {
					say(t, host, frame)
				}
				if got := bus.Text(0); got != tt.shows {
					t.Errorf("shows %q, want %q", got, tt.shows)
				}
				if got := back.take(); got != tt.answers {
					t.Errorf("answers %q, want %q", got, tt.answers)
				}
				var want []string
				if tt.complaint != "" {
					want = []string{tt.complaint}
				}
				if d := cmp.Diff(want, bus.Violations()); d != "" {
					t.Errorf("violations (-want +got):\n%s", d)
				}
			})
		})
	}
}

func TestKnobs(t *testing.T) {
	const answer = "\x01\x10\x00\x00\x00\x02\x41\xc8"
	const write = "\x01\x10\x00\x00\x00\x02\x04\x00A\x00B\x23\x8a"
	synctest.Test(t, func(t *testing.T) {
		bus, host, back := plugIn(t, rs485.Options{Protocol: "modbus", Panels: []int{1, 1}, Places: 2, Turn: 5 * time.Millisecond})
		say(t, host, write)
		if bus.Text(0) != "AB" || bus.Text(1) != "AB" {
			t.Errorf("%q and %q", bus.Text(0), bus.Text(1))
		}
		if got := back.take(); got == answer || got == "" {
			t.Errorf("two panels answer as one: % X", got)
		}
		bus.Mute(1, true)
		say(t, host, write)
		if got := back.take(); got != answer {
			t.Errorf("% X", got)
		}
		bus.Power(0, false)
		say(t, host, write)
		if got := back.take(); got != "" || bus.Text(0) != "" {
			t.Errorf("without power: % X, %q", got, bus.Text(0))
		}
		bus.Power(0, true)
		say(t, host, write)
		if d := cmp.Diff([]string{"", "AB", "", "AB"}, bus.Seen(0)); d != "" {
			t.Error(d)
		}
		if bus.Frames() != 7 {
			t.Errorf("%d frames", bus.Frames())
		}
		bus.SetNoise(rs485.Noise{Flip: 1})
		say(t, host, write)
		if bus.Violations() != nil || bus.Text(0) != "AB" {
			t.Errorf("%q, %q", bus.Violations(), bus.Text(0))
		}
	})
}

func TestHostThatTalksOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bus, host, _ := plugIn(t, rs485.Options{Protocol: "callshop", Panels: []int{0}, Turn: 50 * time.Millisecond})
		if _, err := io.WriteString(host, "M10104A012\r"); err != nil {
			t.Fatal(err)
		}
		after(10 * time.Millisecond)
		say(t, host, "M10104A013\r")
		if d := cmp.Diff([]string{"the host talks while a panel is about to answer"}, bus.Violations()); d != "" {
			t.Error(d)
		}
	})
}

func TestUnknownProtocol(t *testing.T) {
	if _, err := rs485.New(rs485.Options{Protocol: "x", Panels: []int{1}}); err == nil {
		t.Error("no error")
	}
}

// Panels hear anything.
func FuzzPanels(f *testing.F) {
	for _, s := range []string{
		"\x02011234\x03", "\x05\x03\xe7\xef", "\x03P03M10311Hello World\r", "M10104A012\r",
		"\x01\x10\x00\x00\x00\x02\x04\x00A\x00B\x23\x8a", "\x01\x10\x00\x00\x00\x00\x00",
	} {
		for _, p := range protocols() {
			f.Add(p, []byte(s))
		}
	}
	f.Fuzz(func(t *testing.T, protocol string, data []byte) {
		synctest.Test(t, func(t *testing.T) {
			bus, err := rs485.New(rs485.Options{Protocol: protocol, Panels: []int{1, 3}, Places: 4})
			if err != nil {
				return
			}
			host, line := net.Pipe()
			ended := make(chan error)
			go func() { ended <- bus.Serve(t.Context(), line) }()
			go func() { _, _ = io.Copy(io.Discard, host) }()
			for len(data) > 0 {
				n := min(len(data), 7)
				if _, err := host.Write(data[:n]); err != nil {
					t.Fatal(err)
				}
				data = data[n:]
				after(3 * time.Millisecond)
			}
			after(time.Second)
			host.Close()
			if err := <-ended; err != nil {
				t.Error(err)
			}
		})
	})
}

func protocols() []string {
	return []string{"edi", "board", "callshop", "callshop-concentrator", "modbus"}
}
