// SPDX-License-Identifier: EUPL-1.2

package conformance_test

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
)

const root = ".."

// vector is one of vectors/*.json.
type vector struct {
	ID, Comment, Type, Result, Hex string
	Class                          fwproto.Class
	Flags                          []string
	Fields                         json.RawMessage
}

// busVector is one of vectors/bus/frames.json.
type busVector struct {
	ID, Comment, Result, Hex string
	Frames                   []struct {
		Address byte
		Payload fwproto.Bytes
		Class   fwproto.Class
	}
}

// checkVector is one of vectors/checks/offers.json.
type checkVector struct {
	ID, Comment, Result, Hex string
	Running                  fwproto.Running
	Reason                   fwproto.Reason
}

func vectors[V any](tb testing.TB, pattern string) []V {
	tb.Helper()
	files, err := filepath.Glob(filepath.Join(root, "vectors", pattern))
	if err != nil || len(files) == 0 {
		tb.Fatalf("no vectors %s: %v", pattern, err)
	}
	var all []V
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			tb.Fatal(err)
		}
		var doc struct{ Vectors []V }
		if err := json.Unmarshal(b, &doc); err != nil {
			tb.Fatalf("%s: %v", file, err)
		}
		all = append(all, doc.Vectors...)
	}
	return all
}

// message is a type of the protocol: its name in the vectors, and how Go reads it.
type message struct {
	name   string
	zero   fwproto.Message
	decode func([]byte) (fwproto.Message, error)
	fields func(json.RawMessage) (fwproto.Message, error)
}

func kind[M fwproto.Message](name string) message {
	var zero M
	return message{
		name: name, zero: zero,
		decode: func(b []byte) (fwproto.Message, error) { return fwproto.Decode[M](b) },
		fields: func(b json.RawMessage) (fwproto.Message, error) {
			var m M
			return m, json.Unmarshal(b, &m)
		},
	}
}

func messages() []message {
	return []message{
		kind[fwproto.Press]("press"), kind[fwproto.Reply]("reply"), kind[fwproto.Set]("set"),
		kind[fwproto.Shown]("shown"), kind[fwproto.State]("state"), kind[fwproto.Host]("host"),
		kind[fwproto.Heartbeat]("heartbeat"), kind[fwproto.Manifest]("manifest"), kind[fwproto.Offer]("offer"),
		kind[fwproto.Report]("report"), kind[fwproto.Telemetry]("telemetry"), kind[fwproto.Hello]("hello"),
		kind[fwproto.Challenge]("challenge"), kind[fwproto.Reveal]("reveal"), kind[fwproto.Grant]("grant"),
	}
}

func messageOf(tb testing.TB, name string) message {
	tb.Helper()
	for _, m := range messages() {
		if m.name == name {
			return m
		}
	}
	tb.Fatalf("no message %q", name)
	return message{}
}

func unhex(tb testing.TB, s string) []byte {
	tb.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

// words says a message as c/test/check.c does: FIELD=VALUE for all that is not zero.
func words(m fwproto.Message) string {
	var b strings.Builder
	v := reflect.ValueOf(m)
	for i := range v.NumField() {
		f := v.Field(i)
		if f.IsZero() || f.Kind() == reflect.Slice && f.Len() == 0 {
			continue
		}
		fmt.Fprintf(&b, " %s=", v.Type().Field(i).Name)
		switch x := f.Interface().(type) {
		case []fwproto.Row:
			for i, r := range x {
				if i > 0 {
					b.WriteByte(',')
				}
				b.WriteString(dash(r.Number) + ":" + dash(r.Desk))
			}
		case bool:
			b.WriteByte('1')
		default:
			if f.Kind() == reflect.String {
				b.WriteString(dash(f.String()))
			} else if f.CanInt() {
				fmt.Fprint(&b, f.Int())
			} else {
				fmt.Fprint(&b, f.Uint())
			}
		}
	}
	return b.String()
}

// dash is a byte string as hex, "-" if it is empty.
func dash[B string | []byte](s B) string {
	if len(s) == 0 {
		return "-"
	}
	return hex.EncodeToString([]byte(s))
}

// answer is what Go makes of a payload, in the words of c/test/check.c.
func answer(m message, payload []byte) string {
	got, err := m.decode(payload)
	if e, ok := errors.AsType[*fwproto.Error](err); ok {
		return string(e.Class)
	}
	return "ok" + words(got)
}

// received is what Go makes of bytes on a bus, in the words of c/test/check.c.
func received(line []byte) string {
	var r fwproto.BusReader
	var out []string
	for _, c := range line {
		f, done, err := r.Read(c)
		if e, ok := errors.AsType[*fwproto.Error](err); ok {
			out = append(out, string(e.Class))
		} else if done {
			out = append(out, fmt.Sprintf("%02x:%s", f.Address, dash(f.Payload)))
		}
	}
	if len(out) == 0 {
		return "-"
	}
	return strings.Join(out, " ")
}
