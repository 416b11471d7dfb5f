// SPDX-License-Identifier: EUPL-1.2

package fwproto_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"github.com/fxamacker/cbor/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
)

func ascii(most int) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		return string(rapid.SliceOfN(rapid.ByteRange(0x20, 0x7e), 0, most).Draw(t, "text"))
	})
}

func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.Uint32Min(1)
		set := fwproto.Set{
			Epoch: id.Draw(t, "epoch"), Rev: rapid.Uint64().Draw(t, "rev"), TTLms: id.Draw(t, "ttl"),
			Rows: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) fwproto.Row {
				return fwproto.Row{Number: ascii(fwproto.MaxNumber).Draw(t, "number"), Desk: ascii(fwproto.MaxDesk).Draw(t, "desk")}
			}), 0, fwproto.MaxRows).Draw(t, "rows"),
			Lamp: fwproto.Lamp(rapid.IntRange(0, 3).Draw(t, "lamp")), Waiting: rapid.Uint32().Draw(t, "waiting"),
			Blank: rapid.Bool().Draw(t, "blank"),
		}
		roundTrip(t, set)
		roundTrip(t, fwproto.Press{
			Boot: id.Draw(t, "boot"), Seq: id.Draw(t, "seq"), AgeMS: rapid.Uint32().Draw(t, "age"),
			Rev: rapid.Uint64().Draw(t, "rev"), Key: fwproto.Key(rapid.IntRange(1, 255).Draw(t, "key")),
			Epoch: rapid.Uint32().Draw(t, "epoch"), Beat: rapid.Uint32().Draw(t, "beat"), SinceMS: rapid.Uint32().Draw(t, "since"),
		})
		roundTrip(t, fwproto.State{
			Status: fwproto.Presence(rapid.IntRange(1, 255).Draw(t, "status")), Boot: id.Draw(t, "boot"), Session: id.Draw(t, "session"),
			Kind: fwproto.Kind(rapid.Byte().Draw(t, "kind")), Firmware: ascii(fwproto.MaxVersion).Draw(t, "firmware"),
			Hardware: ascii(fwproto.MaxVersion).Draw(t, "hardware"), Rows: rapid.Byte().Draw(t, "rows"),
		})
		roundTrip(t, fwproto.Heartbeat{
			Epoch: id.Draw(t, "epoch"), Count: id.Draw(t, "count"), UTCms: rapid.Uint64().Draw(t, "utc"),
			OffsetMin: int16(rapid.IntRange(-1080, 1080).Draw(t, "offset")),
		})
	})
}

func roundTrip[M fwproto.Message](t *rapid.T, m M) {
	t.Helper()
	b, err := fwproto.Encode(m)
	if err != nil {
		t.Fatalf("encode %+v: %v", m, err)
	}
	if len(b) > fwproto.MaxPayload(m.Type()) {
		t.Fatalf("%d bytes", len(b))
	}
	got, err := fwproto.Decode[M](b)
	if err != nil {
		t.Fatalf("decode %x: %v", b, err)
	}
	if diff := cmp.Diff(m, got, cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("round trip (-want +got):\n%s", diff)
	}
}

func TestEncodeRefuses(t *testing.T) {
	for name, tc := range map[string]struct {
		m    fwproto.Message
		want fwproto.Class
	}{
		"no boot":             {fwproto.Press{Seq: 1, Key: fwproto.KeyNext}, fwproto.MissingKey},
		"number too long":     {fwproto.Reply{Boot: 1, Seq: 1, Status: fwproto.OK, Number: "ABCDEFGH"}, fwproto.BadValue},
		"number beyond ASCII": {fwproto.Set{Epoch: 1, TTLms: 1, Rows: []fwproto.Row{{Number: "Ä1"}}}, fwproto.NotASCII},
		"desk with a newline": {fwproto.Set{Epoch: 1, TTLms: 1, Rows: []fwproto.Row{{Desk: "1\n"}}}, fwproto.NotASCII},
		"too many rows":       {fwproto.Set{Epoch: 1, TTLms: 1, Rows: make([]fwproto.Row, 13)}, fwproto.BadValue},
		"no epoch":            {fwproto.Set{TTLms: 1}, fwproto.MissingKey},
		"version too long":    {fwproto.Host{Epoch: 1, Version: strings.Repeat("x", 32)}, fwproto.BadValue},
	} {
		t.Run(name, func(t *testing.T) {
			b, err := fwproto.Encode(tc.m)
			if e, ok := errors.AsType[*fwproto.Error](err); !ok || e.Class != tc.want {
				t.Errorf("Encode = %x, %v, want class %s", b, err, tc.want)
			}
		})
	}
}

// TestEventID: an event of a type that does not exist yet can still be answered.
func TestEventID(t *testing.T) {
	for _, tc := range []struct {
		hex       string
		boot, seq uint32
		ok        bool
	}{
		{"a4000901187702050a6161", 0x77, 5, true},
		{"a3000901187702", 0, 0, false},
		{"a2000902050a", 0, 0, false},
		{"a200090205", 0, 0, false},
	} {
		b, err := hex.DecodeString(tc.hex)
		if err != nil {
			t.Fatal(err)
		}
		boot, seq, err := fwproto.EventID(b)
		if boot != tc.boot || seq != tc.seq || (err == nil) != tc.ok {
			t.Errorf("EventID(%s) = %d, %d, %v", tc.hex, boot, seq, err)
		}
	}
}

// TestSizes keeps the promise that a press is small enough for a slow bus.
func TestSizes(t *testing.T) {
	b, err := fwproto.Encode(fwproto.Press{Boot: 0xa1b2c3d4, Seq: 1000, AgeMS: 120, Rev: 70000, Key: fwproto.KeyNext})
	if err != nil || len(b) > 24 {
		t.Errorf("a press has %d bytes: %x (%v)", len(b), b, err)
	}
}

func TestCRC(t *testing.T) {
	// Computed with another program: crc32("A017\x1f3\x1e").
	if got := (fwproto.Set{Rows: []fwproto.Row{{Number: "A017", Desk: "3"}}}).CRC(); got != 0x93c94b2e {
		t.Errorf("CRC = %#08x, want 0x93c94b2e", got)
	}
	if got := (fwproto.Set{}).CRC(); got != 0 {
		t.Errorf("CRC of no rows = %#x, want 0", got)
	}
}

// FuzzDecode holds the profile walk against the CBOR library: what passes is
// well formed, and decoded and encoded again it is the same bytes.
func FuzzDecode(f *testing.F) {
	for _, v := range vectors(f) {
		b, err := hex.DecodeString(v.Hex)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	enc, err := cbor.CoreDetEncOptions().EncMode()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		again(t, enc, b, decode[fwproto.Press])
		again(t, enc, b, decode[fwproto.Reply])
		again(t, enc, b, decode[fwproto.Set])
		again(t, enc, b, decode[fwproto.Shown])
		again(t, enc, b, decode[fwproto.State])
		again(t, enc, b, decode[fwproto.Host])
		again(t, enc, b, decode[fwproto.Heartbeat])
		again(t, enc, b, decode[fwproto.Manifest])
		again(t, enc, b, decode[fwproto.Offer])
		again(t, enc, b, decode[fwproto.Report])
		if boot, seq, err := fwproto.EventID(b); err == nil && (boot == 0 || seq == 0) {
			t.Errorf("EventID(%x) = %d, %d without an error", b, boot, seq)
		}
	})
}

func decode[M fwproto.Message](b []byte) (fwproto.Message, error) { return fwproto.Decode[M](b) }

func again(t *testing.T, enc cbor.EncMode, b []byte, decode func([]byte) (fwproto.Message, error)) {
	t.Helper()
	m, err := decode(b)
	if err != nil {
		if _, ok := errors.AsType[*fwproto.Error](err); !ok {
			t.Fatalf("%x: error without a class: %v", b, err)
		}
		return
	}
	var generic map[uint64]any
	if err := cbor.Unmarshal(b, &generic); err != nil {
		t.Fatalf("%x is accepted, but the library says %v", b, err)
	}
	if out, err := enc.Marshal(generic); err != nil || !bytes.Equal(out, b) {
		t.Fatalf("%x is accepted, but its encoding is %x (%v)", b, out, err)
	}
	out, err := fwproto.Encode(m)
	if err != nil {
		t.Fatalf("%x decodes to %+v, which cannot be encoded: %v", b, m, err)
	}
	if len(out) > len(b) {
		t.Fatalf("%x decodes to %+v, which is longer: %x", b, m, out)
	}
}
