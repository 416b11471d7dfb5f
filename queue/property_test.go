// SPDX-License-Identifier: EUPL-1.2

package queue_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// dice lets rapid choose, and shrink what it chose.
type dice struct{ t *rapid.T }

func (d dice) IntN(n int) int { return rapid.IntRange(0, n-1).Draw(d.t, "") }

func presets() []queue.Preset {
	return []queue.Preset{
		queue.PresetFIFO, queue.PresetTargets, queue.PresetPriorityCapped, queue.PresetAppointments, queue.PresetOwnClass,
	}
}

// TestInvariants drives random commands through the writer and holds every record
// and every view against the invariants; a restart in between must change nothing.
func TestInvariants(t *testing.T) {
	for _, preset := range presets() {
		t.Run(string(preset), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) { randomDay(t, preset) })
		})
	}
}

func randomDay(t *rapid.T, preset queue.Preset) {
	ctx := t.Context()
	d := dice{t}
	journal := &queuetest.Memory{}
	checker := queuetest.NewChecker()
	settings := queuetest.Office(preset)
	settings.FinishOnNext = d.IntN(2) == 0
	settings.Slips.OnUnknown = []queue.UnknownSlip{queue.UnknownKeep, queue.UnknownCopy, queue.UnknownVoid}[d.IntN(3)]
	at := queuetest.Monday()
	w, err := queue.OpenWriter(ctx, journal)
	if err != nil {
		t.Fatal(err)
	}
	write := func(requests ...queue.Request) {
		results, records := w.Write(ctx, at, requests)
		for _, r := range records {
			if err := checker.Record(r); err != nil {
				t.Fatal(err)
			}
		}
		if err := checker.Compare(w.View()); err != nil {
			t.Fatal(err)
		}
		for i, r := range results {
			if _, refused := errors.AsType[*queue.Refusal](r.Err); r.Err != nil && !refused {
				t.Fatalf("%T: %v", requests[i].Command, r.Err)
			}
			if len(requests) == 1 {
				if err := checker.Refused(at, requests[i].Command, r.Err); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	boss := queue.Actor{Role: queue.RoleManager}
	write(queue.Request{By: boss, Command: queue.ChangeSettings{Settings: settings}})
	var last []queue.Request
	for n := range rapid.IntRange(1, 120).Draw(t, "steps") {
		long := 240_000
		if d.IntN(3) == 0 {
			long = 7_000 // soon enough to undo, or nearly
		}
		at = at.Add(time.Duration(d.IntN(long)) * time.Millisecond)
		var batch []queue.Request
		for k := range 1 + d.IntN(3) {
			by := queue.Actor{Role: queue.RoleCounter, ID: "box", Request: queue.RequestID(fmt.Sprint("r", n, ".", k))}
			batch = append(batch, queue.Request{By: by, Command: queuetest.Command(d, w.View(), at)})
		}
		switch d.IntN(12) {
		case 0: // the wire delivers it again
			batch = append(batch, last...)
		case 1:
			batch = append(batch, batch...)
		case 2:
			if err := queuetest.Replayed(ctx, journal, w.View()); err != nil {
				t.Fatal(err)
			}
			if w, err = queue.OpenWriter(ctx, journal); err != nil {
				t.Fatal(err)
			}
		}
		write(batch...)
		last = batch
	}
	if err := queuetest.Replayed(ctx, journal, w.View()); err != nil {
		t.Fatal(err)
	}
}
