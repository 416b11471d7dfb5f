// SPDX-License-Identifier: EUPL-1.2

package panel_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"periph.io/x/conn/v3/i2c/i2ctest"
	"periph.io/x/conn/v3/physic"
	"periph.io/x/conn/v3/spi/spitest"
	"pgregory.net/rapid"

	"github.com/avanti-queue/avanti/device/panel"
)

// golden compares with a file of testdata, or writes it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if flag.Lookup("update").Value.String() == "true" {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s (-want +got):\n%s", file, d)
	}
}

func put(t *testing.T, w panel.Wire, i int, text string) {
	t.Helper()
	confirmed, err := w.Put(t.Context(), i, text)
	if err != nil || confirmed {
		t.Fatalf("%q on panel %d: %t, %v", text, i, confirmed, err)
	}
}

func TestMAX7219Transcript(t *testing.T) {
	port := &spitest.Record{}
	w, err := panel.NewMAX7219(port, panel.MAX7219Options{Places: []int{4, 8}, Brightness: 9})
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, text := range []struct {
		i    int
		text string
	}{{0, "A012"}, {1, "   BC-34"}, {0, "    "}} {
		fmt.Fprintf(&out, "panel %d %q\n", text.i, text.text)
		port.Ops = nil
		put(t, w, text.i, text.text)
		for _, op := range port.Ops {
			fmt.Fprintf(&out, "  % X\n", op.W)
		}
	}
	golden(t, "max7219.txt", out.String())
	if err := w.Close(); err != nil {
		t.Error(err)
	}
}

// chain is some MAX7219 as the data sheet describes them: a shift register of sixteen bits each.
type chain []max7219

type max7219 struct{ registers [16]byte }

func (c chain) shift(frame []byte) {
	if len(frame) != 2*len(c) {
		panic("not a word for each chip")
	}
	for i := range c {
		word := frame[2*(len(c)-1-i):]
		c[i].registers[word[0]&0x0f] = word[1]
	}
}

// light is the segments that are lit from left to right, as the digits of the data sheet's font
// code B stand for them: bit 6 is A, bit 0 is G.
func (m max7219) light(places int) []byte {
	out := make([]byte, places)
	for i := range out {
		digit := places - 1 - i
		switch {
		case m.registers[15]&1 != 0:
			out[i] = 0xff // the test lights all
		case m.registers[12]&1 == 0, digit > int(m.registers[11]&7):
			out[i] = 0
		case m.registers[9]>>digit&1 != 0:
			out[i] = 0xee // decoded: not what was meant
		default:
			out[i] = m.registers[digit+1]
		}
	}
	return out
}

// Whatever a disturbance has made of a chip's registers, the next writing puts it right, and on its
// way there is never a number that nobody meant, apart from what the disturbance itself shows.
func TestMAX7219IsSetUpAnew(t *testing.T) {
	font := map[byte]byte{
		' ': 0x00, '0': 0x7e, '1': 0x30, '2': 0x6d, '3': 0x79, '4': 0x33, '5': 0x5b, '6': 0x5f, '7': 0x70,
		'8': 0x7f, '9': 0x7b, '-': 0x01, 'E': 0x4f, 'H': 0x37, 'L': 0x0e, 'P': 0x67, // table 5
	}
	rapid.Check(t, func(rt *rapid.T) {
		port := &spitest.Record{}
		w, err := panel.NewMAX7219(port, panel.MAX7219Options{Places: []int{4, 4, 4}})
		if err != nil {
			rt.Fatal(err)
		}
		chips := make(chain, 3)
		for i := range chips {
			copy(chips[i].registers[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(rt, "registers"))
		}
		i := rapid.IntRange(0, 2).Draw(rt, "chip")
		others := [2]max7219{chips[(i+1)%3], chips[(i+2)%3]}
		text := rapid.StringMatching(`[ -]{0,4}[0-9EHLP]{4}`).Draw(rt, "text")
		text = text[len(text)-4:]
		if _, err := w.Put(context.Background(), i, text); err != nil {
			rt.Fatal(err)
		}
		for _, op := range port.Ops {
			chips.shift(op.W)
		}
		want := make([]byte, 4)
		for n := range want {
			want[n] = font[text[n]]
		}
		if got := chips[i].light(4); !bytes.Equal(got, want) {
			rt.Fatalf("%q lights % X, want % X", text, got, want)
		}
		for n, before := range others {
			after := chips[(i+1+n)%3]
			after.registers[0] = before.registers[0] // the no-op's own
			if after != before {
				rt.Fatal("another chip has changed")
			}
		}
		// A chip that has just come up is dark until all of it is right.
		chips[i] = max7219{}
		for n, op := range port.Ops {
			chips.shift(op.W)
			if got := chips[i].light(4); n < len(port.Ops)-1 && !bytes.Equal(got, make([]byte, 4)) {
				rt.Fatalf("after %d words it lights % X", n+1, got)
			}
		}
	})
}

func TestMAX7219Refuses(t *testing.T) {
	if _, err := panel.NewMAX7219(&spitest.Record{}, panel.MAX7219Options{Places: []int{9}}); err == nil {
		t.Error("nine digits")
	}
	if _, err := panel.NewMAX7219(&spitest.Record{}, panel.MAX7219Options{Places: []int{4}, Brightness: 16}); err == nil {
		t.Error("brightness 16")
	}
	if _, err := panel.NewMAX7219(&spitest.Record{Initialized: true}, panel.MAX7219Options{Places: []int{4}}); err == nil {
		t.Error("a port that is in use")
	}
	w, err := panel.NewMAX7219(&spitest.Record{}, panel.MAX7219Options{Places: []int{4}})
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"123", "12345", "12Z4"} {
		if _, err := w.Put(t.Context(), 0, text); err == nil {
			t.Errorf("%q was shown", text)
		}
	}
}

// i2cBus is a recorder that can be closed, and can fail.
type i2cBus struct {
	i2ctest.Record
	gone   map[uint16]bool
	closed bool
}

func (b *i2cBus) Tx(addr uint16, w, r []byte) error {
	if b.gone[addr] {
		return errors.New("remote I/O error")
	}
	return b.Record.Tx(addr, w, r)
}

func (b *i2cBus) SetSpeed(physic.Frequency) error { return nil }

func (b *i2cBus) Close() error { b.closed = true; return nil }

func TestHT16K33Transcript(t *testing.T) {
	bus := &i2cBus{}
	w, err := panel.NewHT16K33(bus, panel.HT16K33Options{Brightness: 15, Panels: []panel.HT16K33Panel{
		{Address: 0x70, Columns: []int{0, 1, 3, 4}},
		{Address: 0x71, Columns: []int{0, 1, 2, 3}, Fourteen: true},
	}})
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, text := range []struct {
		i    int
		text string
	}{{0, "A012"}, {1, "S012"}, {1, "    "}} {
		fmt.Fprintf(&out, "panel %d %q\n", text.i, text.text)
		bus.Ops = nil
		put(t, w, text.i, text.text)
		for _, op := range bus.Ops {
			fmt.Fprintf(&out, "  %#x: % X\n", op.Addr, op.W)
		}
	}
	golden(t, "ht16k33.txt", out.String())
	if err := w.Close(); err != nil || !bus.closed {
		t.Errorf("%v, %t", err, bus.closed)
	}
}

func TestHT16K33ThatIsNotThere(t *testing.T) {
	bus := &i2cBus{gone: map[uint16]bool{0x70: true}}
	w, err := panel.NewHT16K33(bus, panel.HT16K33Options{Panels: []panel.HT16K33Panel{
		{Address: 0x70, Columns: []int{0, 1, 3, 4}}, {Address: 0x71, Columns: []int{0, 1, 3, 4}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	for range 100 {
		if _, err := w.Put(t.Context(), 0, "0012"); !errors.Is(err, panel.ErrNoAnswer) {
			t.Fatal(err)
		}
		put(t, w, 1, "0012") // the bus works
	}
	bus.gone[0x71] = true
	for n := range 20 {
		if _, err := w.Put(t.Context(), n%2, "0012"); !errors.Is(err, panel.ErrNoAnswer) {
			return // all of them: it is the bus
		}
	}
	t.Error("a bus without any chip is not lost")
}

func TestHT16K33Refuses(t *testing.T) {
	for name, p := range map[string]panel.HT16K33Panel{
		"address": {Address: 0x78, Columns: []int{0}},
		"column":  {Address: 0x70, Columns: []int{8}},
		"twice":   {Address: 0x70, Columns: []int{0, 1, 1, 4}},
	} {
		if _, err := panel.NewHT16K33(&i2cBus{}, panel.HT16K33Options{Panels: []panel.HT16K33Panel{p}}); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
	two := []panel.HT16K33Panel{{Address: 0x70, Columns: []int{0}}, {Address: 0x70, Columns: []int{0}}}
	if _, err := panel.NewHT16K33(&i2cBus{}, panel.HT16K33Options{Panels: two}); err == nil {
		t.Error("two panels on one address are accepted: each would show the other's number")
	}
	w, err := panel.NewHT16K33(&i2cBus{}, panel.HT16K33Options{Panels: []panel.HT16K33Panel{{Address: 0x70, Columns: []int{0, 1}}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"1", "123", "1S"} {
		if _, err := w.Put(t.Context(), 0, text); err == nil || errors.Is(err, panel.ErrNoAnswer) {
			t.Errorf("%q: %v", text, err)
		}
	}
}
