// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/capture"
	"github.com/avanti-queue/avanti/device/devicetest"
	"github.com/avanti-queue/avanti/device/thermal"
	"github.com/avanti-queue/avanti/internal/sim/paper"
)

// TestCaptures records the dialogues of testdata/captures with simulated printers; -update writes them
// anew. What the driver says in a recording must be what it says today, or playing it back shows
// nothing.
func TestCaptures(t *testing.T) {
	for _, name := range []string{"epson-tm-t20iii", "custom-vkp80iii"} {
		t.Run(name, func(t *testing.T) {
			text := record(t, name)
			file := filepath.Join("..", "..", "testdata", "captures", name+".txt")
			if *update {
				if err := os.WriteFile(file, text, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			golden, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(said(t, text), said(t, golden)) {
				t.Errorf("the driver says something else than in %s: record it anew with -update", file)
			}
		})
	}
}

// record is two slips of the conformance suite, as a capture.
func record(t *testing.T, name string) []byte {
	profile, model := lookup(t, name)
	var text bytes.Buffer
	w := capture.NewWriter(&text)
	if err := w.Note(fmt.Sprintf(`Recorded from the simulator (internal/sim/paper, model %s, 19200 baud), not from a device.
Profile %s. Two slips of the conformance suite: device/devicetest, TestRecorded.`, model, name)); err != nil {
		t.Fatal(err)
	}
	var taps []*capture.Tap
	devicetest.TestRecorded(t, func(t *testing.T) devicetest.Bench {
		b := newPaperBench(t, profile, paper.Options{Model: model, Baud: 19200})
		b.drive(t, thermal.Options{
			Baud: 19200,
			Open: func(ctx context.Context) (device.Port, error) {
				port, err := b.open(ctx)
				if err != nil {
					return nil, err
				}
				tap := capture.NewTap((&cable{kind: cableTTY}).buffer(port), w)
				taps = append(taps, tap)
				return tap, nil
			},
		})
		return b.bench()
	})
	if len(taps) != 1 || taps[0].Err() != nil {
		t.Fatalf("%d ports were opened, %v", len(taps), taps[0].Err())
	}
	return text.Bytes()
}

// said returns all that the host said.
func said(t *testing.T, text []byte) []byte {
	t.Helper()
	c, err := capture.Read(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	var out []byte
	for _, e := range c.Events {
		if e.From == capture.Host {
			out = append(out, e.Data...)
		}
	}
	return out
}
