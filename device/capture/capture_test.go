// SPDX-License-Identifier: EUPL-1.2

package capture_test

import (
	"bytes"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/avanti-queue/avanti/device/capture"
)

const sample = `# avanti capture 1
# profile epson-tm-t20iii

> 1B 40 1C 2E
~ 12.5ms
~ 500us
< 12
<16 1e
`

func TestRead(t *testing.T) {
	got, err := capture.Read(strings.NewReader(sample))
	if err != nil {
		t.Fatal(err)
	}
	want := &capture.Capture{
		Notes: []string{"profile epson-tm-t20iii"},
		Events: []capture.Event{
			{From: capture.Host, Data: []byte{0x1b, 0x40, 0x1c, 0x2e}},
			{After: 13 * time.Millisecond, From: capture.Device, Data: []byte{0x12}},
			{From: capture.Device, Data: []byte{0x16, 0x1e}},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestFaultsNameTheLine(t *testing.T) {
	for text, want := range map[string]string{
		"":                                   "empty",
		"> 12\n":                             "line 1",
		"# avanti capture 2\n":               "line 1",
		"# avanti capture 1\n\n> 1\n":        "line 3",
		"# avanti capture 1\n> zz\n":         "line 2",
		"# avanti capture 1\n>\n":            "line 2",
		"# avanti capture 1\n~ 3\n":          "line 2",
		"# avanti capture 1\n~ -1s\n":        "line 2",
		"# avanti capture 1\n~ 20h\n~ 20h\n": "line 3",
		"# avanti capture 1\n< 12\nhello\n":  "line 3",
		"# avanti capture 1\n> " + strings.Repeat("00", 1<<16): "line 2",
	} {
		if _, err := capture.Read(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: %v; want %s", text, err, want)
		}
	}
}

// What is written is read again.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var b bytes.Buffer
		w := capture.NewWriter(&b)
		if err := w.Note("first\nsecond\x1b[0m"); err != nil {
			t.Fatal(err)
		}
		var said [2][]byte
		var total time.Duration
		for range rapid.IntRange(0, 20).Draw(t, "events") {
			side := rapid.SampledFrom([]capture.Side{capture.Host, capture.Device}).Draw(t, "side")
			data := rapid.SliceOfN(rapid.Byte(), 0, 100).Draw(t, "data")
			after := time.Duration(rapid.IntRange(0, 1e7).Draw(t, "after")) * time.Microsecond
			if err := w.Add(after, side, data); err != nil {
				t.Fatal(err)
			}
			i := 0
			if side == capture.Device {
				i = 1
			}
			said[i] = append(said[i], data...)
			if len(data) > 0 {
				total += after
			}
		}
		c, err := capture.Read(&b)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"first", "second [0m"}, c.Notes); diff != "" {
			t.Fatal(diff)
		}
		var got [2][]byte
		for _, e := range c.Events {
			i := 0
			if e.From == capture.Device {
				i = 1
			}
			got[i] = append(got[i], e.Data...)
			total -= e.After
		}
		if !bytes.Equal(got[0], said[0]) || !bytes.Equal(got[1], said[1]) || total != 0 {
			t.Fatalf("%s of time missing; % X, want % X", total, got, said)
		}
	})
}

func TestTap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		host, far := net.Pipe()
		var b bytes.Buffer
		tap := capture.NewTap(host, capture.NewWriter(&b))
		go func() {
			buf := make([]byte, 3)
			if _, err := io.ReadFull(far, buf); err != nil {
				t.Error(err)
			}
			<-time.After(20 * time.Millisecond)
			far.Write([]byte{0x12})
		}()
		if _, err := tap.Write([]byte{0x10, 0x04, 1}); err != nil {
			t.Fatal(err)
		}
		if _, err := tap.Read(make([]byte, 8)); err != nil {
			t.Fatal(err)
		}
		tap.SetWriteDeadline(time.Now().Add(time.Second))
		if n, err := tap.Write([]byte{0x10, 0x04, 2}); n != 0 || err == nil {
			t.Errorf("%d, %v", n, err)
		}
		if err := errors.Join(tap.Close(), tap.Err()); err != nil {
			t.Error(err)
		}
		want := "# avanti capture 1\n> 10 04 01\n~ 20ms\n< 12\n> 10 04 02\n# the last bytes of this were not taken\n"
		if diff := cmp.Diff(want, b.String()); diff != "" {
			t.Error(diff)
		}
	})
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestTapThatCannotRecordStillWorks(t *testing.T) {
	host, far := net.Pipe()
	go io.Copy(io.Discard, far)
	tap := capture.NewTap(host, capture.NewWriter(full{}))
	if n, err := tap.Write([]byte{1, 2}); n != 2 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if err := tap.Err(); err == nil || !strings.Contains(err.Error(), "disk full") {
		t.Errorf("%v", err)
	}
	tap.Close()
}

func FuzzRead(f *testing.F) {
	f.Add(sample)
	f.Add("# avanti capture 1\n~ 1h\n> 00\n#\n<ff")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := capture.Read(strings.NewReader(text))
		if err != nil {
			return
		}
		var b bytes.Buffer
		w := capture.NewWriter(&b)
		if err := w.Note(""); err != nil {
			t.Fatal(err)
		}
		for _, e := range c.Events {
			if e.After < 0 || len(e.Data) == 0 {
				t.Fatalf("%+v", e)
			}
			if err := w.Add(e.After, e.From, e.Data); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := capture.Read(&b); err != nil {
			t.Fatalf("%v of %q", err, b.String())
		}
	})
}
