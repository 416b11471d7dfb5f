// SPDX-License-Identifier: EUPL-1.2

package conformance_test

import (
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
)

// TestDifferential asks both codecs about payloads that are nearly right: the vectors
// with bytes changed, lost, repeated and exchanged, and maps of random items.
func TestDifferential(t *testing.T) {
	c := startChecker(t)
	const seed = 20261122
	r := rand.New(rand.NewPCG(seed, 0))
	var seeds [][]byte
	for _, v := range vectors[vector](t, "*.json") {
		seeds = append(seeds, unhex(t, v.Hex))
	}
	var questions, want []string
	classes := map[string]int{}
	for range 12000 {
		payload := randomMap(r)
		if r.IntN(2) == 0 {
			payload = damaged(r, seeds[r.IntN(len(seeds))])
		}
		// What says of itself what it is gets further than what does not.
		kinds := messages()
		m := kinds[r.IntN(len(kinds))]
		if len(payload) > 2 && int(payload[2]) <= len(kinds) && payload[2] > 0 {
			m = kinds[payload[2]-1]
		}
		questions = append(questions, fmt.Sprintf("decode %s %s", m.name, dash(payload)))
		a := answer(m, payload)
		want = append(want, a)
		classes[strings.Fields(a)[0]]++
	}
	for i, got := range c.ask(t, questions...) {
		if got != want[i] {
			t.Fatalf("seed %d: %s\n\tC:  %s\n\tGo: %s", seed, questions[i], got, want[i])
		}
	}
	for _, class := range []fwproto.Class{
		"ok", fwproto.Truncated, fwproto.NotAMap, fwproto.Indefinite, fwproto.NonMinimalInt, fwproto.Unsupported,
		fwproto.NotASCII, fwproto.TooDeep, fwproto.BadKey, fwproto.UnsortedKeys, fwproto.DuplicateKey, fwproto.ZeroValue,
		fwproto.TrailingBytes, fwproto.UnknownType, fwproto.BadValue, fwproto.MissingKey,
	} {
		if classes[string(class)] < 5 {
			t.Errorf("%s came up %d times: these payloads are too tame", class, classes[string(class)])
		}
	}
}

func damaged(r *rand.Rand, b []byte) []byte {
	b = append([]byte(nil), b...)
	for range 1 + r.IntN(3) {
		if len(b) == 0 {
			return b
		}
		at := r.IntN(len(b))
		switch r.IntN(5) {
		case 0:
			b[at] ^= 1 << r.IntN(8)
		case 1:
			b[at] = byte(r.Uint32())
		case 2:
			b = append(b[:at], b[at+1:]...)
		case 3:
			b = append(b[:at], append([]byte{b[at]}, b[at:]...)...)
		case 4:
			other := r.IntN(len(b))
			b[at], b[other] = b[other], b[at]
		}
	}
	return b
}

// randomMap is a map of some type with ascending keys and values that are often of the
// right kind.
func randomMap(r *rand.Rand) []byte {
	b := []byte{0xa1, 0, byte(1 + r.IntN(15))}
	for key := 1; key < 16; key++ {
		if r.IntN(10) < 4 && key > 5 || r.IntN(12) == 0 {
			continue
		}
		b[0]++
		b = append(b, byte(key))
		b = randomItem(r, b, 0)
	}
	return b
}

func randomItem(r *rand.Rand, b []byte, depth int) []byte {
	number := r.Uint64() >> r.IntN(64)
	switch kind := r.IntN(24); {
	case kind < 14 || depth > 1:
		return head(b, 0, max(1, number))
	case kind < 15:
		return head(b, 1, number%2000)
	case kind < 19:
		text := []byte("A017 desk 12, version 1.4.2 of esp32-c3")[:1+r.IntN(34)]
		if r.IntN(4) > 0 {
			text = text[:min(len(text), 7)]
		}
		return append(head(b, 2+uint64(min(1, r.IntN(5))), uint64(len(text))), text...)
	case kind < 21:
		n := uint64(2 * (1 + r.IntN(4)))
		b = head(b, 4, n)
		for range n {
			if r.IntN(8) > 0 {
				b = append(head(b, 3, 4), "B102"...)
			} else {
				b = randomItem(r, b, depth+1)
			}
		}
		return b
	case kind < 22:
		b = head(b, 5, 1)
		return randomItem(r, append(b, 7), depth+1)
	}
	return append(b, 0xf5)
}

// head is an item's first bytes in their shortest form.
func head(b []byte, major, v uint64) []byte {
	m := byte(major << 5)
	switch {
	case v < 24:
		return append(b, m|byte(v))
	case v < 1<<8:
		return append(b, m|24, byte(v))
	case v < 1<<16:
		return append(b, m|25, byte(v>>8), byte(v))
	case v < 1<<32:
		return append(b, m|26, byte(v>>24), byte(v>>16), byte(v>>8), byte(v))
	}
	return append(b, m|27, byte(v>>56), byte(v>>48), byte(v>>40), byte(v>>32), byte(v>>24), byte(v>>16), byte(v>>8), byte(v))
}

// TestEncodeDifferential: what Go encodes, C encodes.
func TestEncodeDifferential(t *testing.T) {
	c := startChecker(t)
	rapid.Check(t, func(rt *rapid.T) {
		id := rapid.Uint32Min(1)
		text := func(most int) string {
			return string(rapid.SliceOfN(rapid.ByteRange(0x20, 0x7e), 0, most).Draw(rt, "text"))
		}
		rows := rapid.SliceOfN(rapid.Custom(func(*rapid.T) fwproto.Row {
			return fwproto.Row{Number: text(fwproto.MaxNumber), Desk: text(fwproto.MaxDesk)}
		}), 0, fwproto.MaxRows).Draw(rt, "rows")
		some := []fwproto.Message{
			fwproto.Press{
				Boot: id.Draw(rt, "boot"), Seq: id.Draw(rt, "seq"), AgeMS: rapid.Uint32().Draw(rt, "age"),
				Rev: rapid.Uint64().Draw(rt, "rev"), Key: fwproto.Key(rapid.ByteMin(1).Draw(rt, "key")),
				Epoch: rapid.Uint32().Draw(rt, "epoch"), Beat: rapid.Uint32().Draw(rt, "beat"), SinceMS: rapid.Uint32().Draw(rt, "since"),
			},
			fwproto.Set{
				Epoch: id.Draw(rt, "epoch"), Rev: rapid.Uint64().Draw(rt, "rev"), TTLms: id.Draw(rt, "ttl"), Rows: rows,
				Lamp: fwproto.Lamp(rapid.IntRange(0, 3).Draw(rt, "lamp")), Waiting: rapid.Uint32().Draw(rt, "waiting"),
				Blank: rapid.Bool().Draw(rt, "blank"),
			},
			fwproto.State{
				Status: fwproto.Presence(rapid.ByteMin(1).Draw(rt, "status")), Boot: id.Draw(rt, "boot"),
				Session: id.Draw(rt, "session"), Kind: fwproto.Kind(rapid.Byte().Draw(rt, "kind")),
				Firmware: text(fwproto.MaxVersion), Hardware: text(fwproto.MaxVersion), Rows: rapid.Byte().Draw(rt, "rows"),
			},
			fwproto.Heartbeat{
				Epoch: id.Draw(rt, "epoch"), Count: id.Draw(rt, "count"), UTCms: rapid.Uint64().Draw(rt, "utc"),
				OffsetMin: int16(rapid.IntRange(-1080, 1080).Draw(rt, "offset")),
			},
			fwproto.Shown{Epoch: rapid.Uint32().Draw(rt, "epoch"), CRC: rapid.Uint32().Draw(rt, "crc")},
		}
		for i, m := range some {
			b, err := fwproto.Encode(m)
			if err != nil {
				rt.Fatal(err)
			}
			name := []string{"press", "set", "state", "heartbeat", "shown"}[i]
			if got, want := c.ask(t, "encode "+name+words(m))[0], hex.EncodeToString(b); got != want {
				rt.Fatalf("%+v\n\tC:  %s\n\tGo: %s", m, got, want)
			}
		}
	})
}

// TestScreenDifferential: the honest display of C decides as that of Go does (SPEC 6).
func TestScreenDifferential(t *testing.T) {
	c := startChecker(t)
	start := time.Date(2026, 11, 23, 8, 15, 0, 0, time.UTC)
	rapid.Check(t, func(rt *rapid.T) {
		var s fwproto.Screen
		var steps, want []string
		now := rapid.Uint32().Draw(rt, "start") // the device's clock may wrap around
		at := start
		for range rapid.IntRange(1, 30).Draw(rt, "steps") {
			pass := rapid.Uint32Range(0, 4000).Draw(rt, "pass")
			now, at = now+pass, at.Add(time.Duration(pass)*time.Millisecond)
			epoch := rapid.Uint32Range(1, 2).Draw(rt, "epoch")
			switch rapid.IntRange(0, 3).Draw(rt, "step") {
			case 0:
				ttl, blank := rapid.Uint32Range(1, 6000).Draw(rt, "ttl"), rapid.Bool().Draw(rt, "blank")
				s.Want(fwproto.Set{Epoch: epoch, TTLms: ttl, Blank: blank})
				flag := 0
				if blank {
					flag = 1
				}
				steps = append(steps, fmt.Sprintf("w %d %d %d", epoch, ttl, flag))
			case 1:
				s.Hear(fwproto.Heartbeat{Epoch: epoch, Count: 1}, at)
				steps = append(steps, fmt.Sprintf("h %d %d", epoch, now))
			default:
				set, blank := s.Show(at)
				want = append(want, fmt.Sprintf("%d:%d", set.Epoch, blank))
				steps = append(steps, fmt.Sprintf("s %d", now))
			}
		}
		got := c.ask(t, "screen "+strings.Join(steps, " "))[0]
		if want := strings.Join(append(want, "."), " "); got != want {
			rt.Fatalf("%q\n\tC:  %s\n\tGo: %s", steps, got, want)
		}
	})
}

// TestScreenForgets: a heartbeat does not become young again when the clock of 32 bits
// has come round, after 49 days.
func TestScreenForgets(t *testing.T) {
	got := startChecker(t).ask(t, "screen w 1 5000 0 h 1 0 s 0 s 1728000000 s 3456000000 s 100")[0]
	if want := "1:0 1:2 1:2 1:2 ."; got != want {
		t.Errorf("the screen is blank for %s, want %s", got, want)
	}
}

// TestBusDifferential: both receivers make the same of noise with frames in it.
func TestBusDifferential(t *testing.T) {
	c := startChecker(t)
	const seed = 20261122
	r := rand.New(rand.NewPCG(seed, 1))
	var questions, want []string
	for range 2000 {
		var line []byte
		for range 1 + r.IntN(4) {
			payload := make([]byte, r.IntN(fwproto.BusPayload+1))
			for i := range payload {
				payload[i] = byte(r.IntN(3)) * byte(r.IntN(256))
			}
			line, _ = fwproto.BusFrame{Address: byte(r.IntN(256)), Payload: payload}.Append(line) // not too long
		}
		if r.IntN(2) == 0 {
			line = damaged(r, line)
		}
		questions = append(questions, "bus "+hex.EncodeToString(line))
		want = append(want, received(line))
	}
	for i, got := range c.ask(t, questions...) {
		if got != want[i] {
			t.Fatalf("seed %d: %s\n\tC:  %s\n\tGo: %s", seed, questions[i], got, want[i])
		}
	}
}

// FuzzCodecs gives the same bytes to both codecs, as every message and as a line.
func FuzzCodecs(f *testing.F) {
	c := startChecker(f)
	for _, v := range vectors[vector](f, "*.json") {
		f.Add(unhex(f, v.Hex))
	}
	for _, v := range vectors[busVector](f, "bus/*.json") {
		f.Add(unhex(f, v.Hex))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 2000 {
			return // nothing new, and longer than a question may be
		}
		questions, want := []string{"bus " + dash(b)}, []string{received(b)}
		for _, m := range messages() {
			questions = append(questions, "decode "+m.name+" "+dash(b))
			want = append(want, answer(m, b))
		}
		for i, got := range c.ask(t, questions...) {
			if got != want[i] {
				t.Errorf("%s\n\tC:  %s\n\tGo: %s", questions[i], got, want[i])
			}
		}
	})
}
