// SPDX-License-Identifier: EUPL-1.2

package fwproto_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
)

// busVector is bytes on a line and what a receiver makes of them; a sender must make
// exactly these bytes if Result is valid.
type busVector struct {
	ID, Comment, Result, Hex string
	Frames                   []struct {
		Address byte
		Payload fwproto.Bytes
		Class   fwproto.Class // why it is dropped; empty: it is good
	}
}

func busVectors(tb testing.TB) []busVector {
	tb.Helper()
	b, err := os.ReadFile("vectors/bus/frames.json")
	if err != nil {
		tb.Fatal(err)
	}
	var doc struct {
		Licence  string
		Protocol int
		Vectors  []busVector
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&doc); err != nil {
		tb.Fatal(err)
	}
	return doc.Vectors
}

// received is what a receiver made of bytes, one line a frame.
func received(line []byte) []string {
	var r fwproto.BusReader
	var out []string
	for _, c := range line {
		f, done, err := r.Read(c)
		switch e, ok := errors.AsType[*fwproto.Error](err); {
		case ok:
			out = append(out, string(e.Class))
		case done:
			out = append(out, hex.EncodeToString([]byte{f.Address})+":"+hex.EncodeToString(f.Payload))
		}
	}
	return out
}

func TestBusVectors(t *testing.T) {
	for _, v := range busVectors(t) {
		t.Run(v.ID, func(t *testing.T) {
			line, err := hex.DecodeString(v.Hex)
			if err != nil {
				t.Fatal(err)
			}
			var want []string
			var sent []byte
			for _, f := range v.Frames {
				if f.Class != "" {
					want = append(want, string(f.Class))
					continue
				}
				want = append(want, hex.EncodeToString([]byte{f.Address})+":"+hex.EncodeToString([]byte(f.Payload)))
				if sent, err = (fwproto.BusFrame{Address: f.Address, Payload: []byte(f.Payload)}).Append(sent); err != nil {
					t.Fatal(err)
				}
			}
			if d := cmp.Diff(want, received(line)); d != "" {
				t.Errorf("%s: received (-want +got):\n%s", v.Comment, d)
			}
			if v.Result == "valid" && !bytes.Equal(sent, line) {
				t.Errorf("%s: sent %x, want %x", v.Comment, sent, line)
			}
		})
	}
}

// TestBus: whatever is sent arrives, after whatever noise.
func TestBus(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := fwproto.BusFrame{
			Address: rapid.Byte().Draw(t, "address"),
			Payload: rapid.SliceOfN(rapid.OneOf(rapid.Just(byte(0)), rapid.Byte()), 0, fwproto.BusPayload).Draw(t, "payload"),
		}
		line := append(rapid.SliceOfN(rapid.Byte(), 0, 600).Draw(t, "noise"), 0)
		noise := received(line)
		line, err := f.Append(line)
		if err != nil {
			t.Fatal(err)
		}
		want := append(noise, hex.EncodeToString([]byte{f.Address})+":"+hex.EncodeToString(f.Payload))
		if d := cmp.Diff(want, received(line)); d != "" {
			t.Fatalf("received (-want +got):\n%s", d)
		}
	})
}

// TestBusDamage: no frame of the vectors with one bit flipped passes for good.
func TestBusDamage(t *testing.T) {
	for _, v := range busVectors(t) {
		line, err := hex.DecodeString(v.Hex)
		if err != nil {
			t.Fatal(err)
		}
		if v.Result != "valid" || len(v.Frames) != 1 {
			continue
		}
		for bit := 8; bit < 8*len(line)-8; bit++ {
			line[bit/8] ^= 1 << (bit % 8)
			for _, got := range received(line) {
				if strings.Contains(got, ":") {
					t.Errorf("%s: %x is received as %s", v.ID, line, got)
				}
			}
			line[bit/8] ^= 1 << (bit % 8)
		}
	}
}

func TestBusTooLong(t *testing.T) {
	_, err := fwproto.BusFrame{Payload: make([]byte, fwproto.BusPayload+1)}.Append(nil)
	if e, ok := errors.AsType[*fwproto.Error](err); !ok || e.Class != fwproto.TooLong {
		t.Errorf("Append = %v", err)
	}
}

func TestCRC16(t *testing.T) {
	if got := fwproto.CRC16([]byte("123456789")); got != 0x29b1 {
		t.Errorf("CRC16 = %#04x, want 0x29b1", got)
	}
}

// FuzzBus: no line makes the reader fail, and what it accepts is sent again as
// something that it accepts.
func FuzzBus(f *testing.F) {
	for _, v := range busVectors(f) {
		line, err := hex.DecodeString(v.Hex)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		var r fwproto.BusReader
		for _, c := range line {
			frame, done, err := r.Read(c)
			if !done || err != nil {
				continue
			}
			again, err := frame.Append(nil)
			if err != nil {
				t.Fatal(err)
			}
			if got := received(again); len(got) != 1 || got[0] != hex.EncodeToString([]byte{frame.Address})+":"+hex.EncodeToString(frame.Payload) {
				t.Fatalf("%x is received as %q", again, got)
			}
		}
	})
}
