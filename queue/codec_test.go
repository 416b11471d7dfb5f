// SPDX-License-Identifier: EUPL-1.2

package queue_test

import (
	"bytes"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// eventLines returns the events as journals hold them: a name, a tab, a body. The file
// is a promise: a line may be added, none may change.
func eventLines(t testing.TB) (lines [][2]string) {
	t.Helper()
	text, err := os.ReadFile("../testdata/queue/events.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		kind, body, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if !ok {
			t.Fatalf("no tab in %q", line)
		}
		lines = append(lines, [2]string{kind, body})
	}
	return lines
}

// TestFormat reads what earlier versions wrote, and writes it byte for byte.
func TestFormat(t *testing.T) {
	missing := receivers(t, "event.go", "event")
	for _, line := range eventLines(t) {
		e, err := queue.DecodeEvent(line[0], []byte(line[1]))
		if err != nil {
			t.Error(err)
			continue
		}
		kind, body, err := queue.EncodeEvent(e)
		if err != nil || kind != line[0] {
			t.Errorf("%s becomes %s, %v", line[0], kind, err)
		}
		if diff := cmp.Diff(line[1], string(body)); diff != "" {
			t.Errorf("%s (-kept +written):\n%s", kind, diff)
		}
		delete(missing, reflect.TypeOf(e).Name())
	}
	for name := range missing {
		t.Errorf("no line holds a %s", name)
	}
}

// TestCodec: every event comes back as it was, and equal events give equal bytes.
func TestCodec(t *testing.T) {
	for i, e := range queuetest.Samples() {
		kind, body, err := queue.EncodeEvent(e)
		if err != nil {
			t.Fatal(err)
		}
		again, err := queue.DecodeEvent(kind, body)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(e, again); diff != "" {
			t.Errorf("%s (-written +read):\n%s", kind, diff)
		}
		if kind != queue.EventKind(again) {
			t.Errorf("%s is read as a %s", kind, queue.EventKind(again))
		}
		for _, equal := range []queue.Event{again, queuetest.Samples()[i]} {
			if _, other, err := queue.EncodeEvent(equal); err != nil || !bytes.Equal(body, other) {
				t.Errorf("%s: equal events give\n%s and\n%s, %v", kind, body, other, err)
			}
		}
	}
}

// TestKinds: each kind has its own name, and no other name is known.
func TestKinds(t *testing.T) {
	kinds := map[string]bool{}
	for _, e := range queuetest.Samples() {
		kind := queue.EventKind(e)
		if kinds[kind] {
			t.Errorf("two events are called %s", kind)
		}
		kinds[kind] = true
		zero, err := queue.DecodeEvent(kind, []byte("{}"))
		if err != nil || !reflect.ValueOf(zero).IsZero() || reflect.TypeOf(zero) != reflect.TypeOf(e) {
			t.Errorf("%s with nothing in it is read as %#v, %v", kind, zero, err)
		}
	}
	for _, kind := range []string{"", "ticket_eaten", "TICKET_ISSUED", "ticket_issued ", "queue.TicketIssued"} {
		if e, err := queue.DecodeEvent(kind, []byte("{}")); err == nil {
			t.Errorf("%q is read as %T", kind, e)
		} else if !strings.Contains(err.Error(), "newer") {
			t.Errorf("%q: %v; want that it says what to do", kind, err)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	for name, body := range map[string]string{
		"nothing":                `  `,
		"half":                   `{"counter":"c1"`,
		"a field of the future":  `{"counter":"c1","colour":"red"}`,
		"a field inside":         `{"counter":{"id":"c1"}}`,
		"a wrong type":           `{"counter":1}`,
		"a list":                 `[]`,
		"text":                   `"c1"`,
		"something behind":       `{"counter":"c1"}{"counter":"c2"}`,
		"a little behind":        `{"counter":"c1"}]`,
		"damage behind":          "{\"counter\":\"c1\"}\x00\x00",
		"a comment":              `{"counter":"c1"} // opened`,
		"a comma too many":       `{"counter":"c1",}`,
		"a number beyond 64 bit": `{"counter":9999999999999999999999}`,
	} {
		if e, err := queue.DecodeEvent("counter_opened", []byte(body)); err == nil {
			t.Errorf("%s is read as %+v", name, e)
		} else if !strings.Contains(err.Error(), "counter_opened") {
			t.Errorf("%s: %v; want the name of the event", name, err)
		}
	}
}

// FuzzDecodeEvent: whatever can be read is written in one way only, and read again.
func FuzzDecodeEvent(f *testing.F) {
	for _, line := range eventLines(f) {
		f.Add(line[0], []byte(line[1]))
	}
	f.Add("ticket_issued", []byte(`{"due":"2026-11-23T08:15:00.5+01:00","ordinal":-1}`))
	f.Add("counter_paused", []byte(`{"reason":"\ud800","until":"9999-12-31T23:59:59-23:59"}`))
	f.Fuzz(func(t *testing.T, kind string, body []byte) {
		e, err := queue.DecodeEvent(kind, body)
		if err != nil {
			return
		}
		name, written, err := queue.EncodeEvent(e)
		if err != nil || name != kind {
			t.Fatalf("%s %q is read and then written as %s: %v", kind, body, name, err)
		}
		again, err := queue.DecodeEvent(kind, written)
		if err != nil {
			t.Fatalf("%s %q is written as %q and not read any more: %v", kind, body, written, err)
		}
		if _, other, err := queue.EncodeEvent(again); err != nil || !bytes.Equal(written, other) {
			t.Fatalf("%s %q is written as\n%s and then as\n%s, %v", kind, body, written, other, err)
		}
	})
}
