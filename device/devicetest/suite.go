// SPDX-License-Identifier: EUPL-1.2

package devicetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/avanti-queue/avanti/device"
)

// Bench is a printer under test and the hands of whoever stands beside it. A knob that is nil
// cannot be turned on this bench; the cases that need it are left out.
type Bench struct {
	Printer device.Printer
	// Level is what the printer confirms its slips with. LevelNone: it never answers, and only
	// the cases without troubles apply.
	Level device.Level

	Paper   func(loaded bool)  // takes the roll out or puts one in
	Cover   func(open bool)    // opens or closes the cover
	Answers func(answers bool) // false: nothing comes back from now on
	Plug    func(plugged bool) // the cable
	Jam     func(jammed bool)  // puts something in the paper's or the blade's way, or takes it out

	// The next three arm a trouble for the middle of the next slip, after its first byte and
	// before its cut.

	PaperEnds   func() // until Paper(true)
	FallsSilent func() // until Answers(true)
	CableFalls  func() // until Plug(true)

	// Sheets returns the text of each paper that was cut off so far, line by line. The number
	// stands on a line of its own. Nil: nobody sees the papers, which only [TestRecorded] allows.
	Sheets func() []string
}

// Bounds that hold for every printer.
const (
	printWithin   = time.Minute      // a call of Print
	readyWithin   = 15 * time.Second // a call of Ready
	recoverWithin = 30 * time.Second // from the end of a trouble to the next slip; 10 s of a cable
	cancelWithin  = 2 * time.Second  // from the end of a context to the end of the call
)

// TestPrinter is the conformance suite for printers. Each case runs in a bubble of its own with
// fake time, so setup must make everything anew, and only of things that a bubble can hold: a
// net.Pipe, no file. What setup starts must end with t.Context or in a clean-up.
func TestPrinter(t *testing.T, setup func(t *testing.T) Bench) {
	t.Helper()
	cases := []struct {
		name string
		run  func(t *testing.T, b Bench)
	}{
		{"prints one paper", printsOne},
		{"marks a copy", marksCopy},
		{"concurrent calls queue", callsQueue},
		{"refuses what cannot be printed", refuses},
		{"the attempt is written down first", writesDown},
		{"a context that has ended prints nothing", endedContext},
		{"a context that ends in the queue prints nothing", endsInQueue},
		{"a context that ends in the middle ends the call", endsMidSlip},
		{"no paper", standing(func(b Bench) func(bool) { return b.Paper }, device.FaultPaperEnd)},
		{"cover open", standing(func(b Bench) func(bool) { return not(b.Cover) }, device.FaultCoverOpen)},
		{"jam", standing(func(b Bench) func(bool) { return not(b.Jam) }, device.FaultCutter, device.FaultJam)},
		{"no answer", standing(func(b Bench) func(bool) { return b.Answers }, device.FaultNotAnswering)},
		{"no cable", standing(func(b Bench) func(bool) { return b.Plug }, device.FaultLine)},
		{"paper ends in the middle", midSlip(func(b Bench) (func(), func(bool)) { return b.PaperEnds, b.Paper })},
		{"falls silent in the middle", midSlip(func(b Bench) (func(), func(bool)) { return b.FallsSilent, b.Answers })},
		{"cable falls in the middle", midSlip(func(b Bench) (func(), func(bool)) { return b.CableFalls, b.Plug })},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { c.run(t, setup(t)) })
		})
	}
}

// TestRecorded is the case of the suite for a device that plays back a recording of it: two slips,
// one after the other. Setup is as for [TestPrinter].
func TestRecorded(t *testing.T, setup func(t *testing.T) Bench) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { printsOne(t, setup(t)) })
}

func not(knob func(bool)) func(bool) {
	if knob == nil {
		return nil
	}
	return func(on bool) { knob(!on) }
}

func job(n int, number string) device.Job {
	return device.Job{ID: fmt.Sprintf("%04d", n), Slip: device.Slip{Number: number, Parts: []device.Part{
		{Text: "Ufficio", Bold: true},
		{Text: "Carta d'identità", Size: device.SizeTall},
		{Text: "Persone prima di Lei: 3"},
		{Kind: device.PartQR, Text: "https://coda.example.it/t/7Q2M9XKD4WHA8R3F"},
		{Text: "Conservi il biglietto.", Size: device.SizeSmall},
	}}}
}

// after returns what fn returns and fails if it takes longer than it may.
func after[T any](t *testing.T, within time.Duration, what string, fn func() T) T {
	t.Helper()
	start := time.Now()
	v := fn()
	if took := time.Since(start); took > within {
		t.Errorf("%s took %s, may take %s", what, took, within)
	}
	return v
}

func ready(t *testing.T, b Bench) error {
	t.Helper()
	return after(t, readyWithin, "Ready", func() error { return b.Printer.Ready(t.Context()) })
}

func printSlip(t *testing.T, b Bench, j device.Job) device.Outcome {
	t.Helper()
	return after(t, printWithin, "Print", func() device.Outcome { return b.Printer.Print(t.Context(), j) })
}

// becomesReady waits until a slip would come out.
func becomesReady(t *testing.T, b Bench, within time.Duration) {
	t.Helper()
	deadline := time.After(within)
	for {
		err := b.Printer.Ready(t.Context())
		if err == nil {
			return
		}
		select {
		case <-deadline:
			t.Fatalf("not ready after %s: %v", within, err)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// wellPrinted checks the outcome of a slip that had no trouble.
func wellPrinted(t *testing.T, b Bench, got device.Outcome) {
	t.Helper()
	want := device.ResultPrinted
	if b.Level == device.LevelNone {
		want = device.ResultSent
	}
	if got.Result != want || got.Level != b.Level || got.Fault != nil && got.Fault.Stops() {
		t.Fatalf("outcome %s, level %s, fault %v; want %s, level %s", got.Result, got.Level, got.Fault, want, b.Level)
	}
	if got.Length < 10 || got.Length > 1000 {
		t.Errorf("a slip of %d mm", got.Length)
	}
}

// papers counts the cut papers of a number.
func papers(b Bench, number string) (unmarked, marked int) {
	for _, sheet := range b.Sheets() {
		lines := strings.Split(sheet, "\n")
		trimmed := func(want string) bool {
			return slices.ContainsFunc(lines, func(line string) bool { return strings.TrimSpace(line) == want })
		}
		switch {
		case !trimmed(number):
		case trimmed("DUPLICATO"):
			marked++
		default:
			unmarked++
		}
	}
	return unmarked, marked
}

func wantPapers(t *testing.T, b Bench, number string, least, most int) {
	t.Helper()
	if b.Sheets == nil {
		return
	}
	if got, _ := papers(b, number); got < least || got > most {
		t.Errorf("%d unmarked papers of %s, want %d to %d; all: %q", got, number, least, most, b.Sheets())
	}
}

// goesOn checks that nothing of what was keeps the next slip from coming out, once.
func goesOn(t *testing.T, b Bench, within time.Duration) {
	t.Helper()
	becomesReady(t, b, within)
	wellPrinted(t, b, printSlip(t, b, job(9999, "Z999")))
	wantPapers(t, b, "Z999", 1, 1)
}

func printsOne(t *testing.T, b Bench) {
	becomesReady(t, b, recoverWithin)
	wellPrinted(t, b, printSlip(t, b, job(1, "A001")))
	wantPapers(t, b, "A001", 1, 1)
	wellPrinted(t, b, printSlip(t, b, job(2, "A002")))
	wantPapers(t, b, "A001", 1, 1)
	wantPapers(t, b, "A002", 1, 1)
	if b.Sheets != nil && len(b.Sheets()) != 2 {
		t.Errorf("%d papers, want 2", len(b.Sheets()))
	}
}

func marksCopy(t *testing.T, b Bench) {
	becomesReady(t, b, recoverWithin)
	wellPrinted(t, b, printSlip(t, b, job(1, "A001")))
	again := job(2, "A001")
	again.Slip.Copy = "DUPLICATO"
	wellPrinted(t, b, printSlip(t, b, again))
	if unmarked, marked := papers(b, "A001"); unmarked != 1 || marked != 1 {
		t.Errorf("%d unmarked and %d marked papers, want one each", unmarked, marked)
	}
}

func callsQueue(t *testing.T, b Bench) {
	becomesReady(t, b, recoverWithin)
	outcomes := make([]device.Outcome, 5)
	var calls sync.WaitGroup
	for i := range outcomes {
		calls.Go(func() { outcomes[i] = b.Printer.Print(t.Context(), job(i, fmt.Sprintf("B%03d", i))) })
	}
	calls.Wait()
	for i, outcome := range outcomes {
		wellPrinted(t, b, outcome)
		wantPapers(t, b, fmt.Sprintf("B%03d", i), 1, 1)
	}
}

func refuses(t *testing.T, b Bench) {
	becomesReady(t, b, recoverWithin)
	for _, j := range []device.Job{{}, {ID: "0001"}, {ID: "12345", Slip: device.Slip{Number: "A001"}}, {ID: "00\n1", Slip: device.Slip{Number: "A001"}}} {
		got := printSlip(t, b, j)
		if got.Result != device.ResultFailed || got.Fault == nil || got.Fault.Code != device.FaultRefused {
			t.Errorf("job %q: %s, %v; want failed, refused", j.ID, got.Result, got.Fault)
		}
	}
	if sheets := b.Sheets(); len(sheets) != 0 {
		t.Errorf("papers %q came out", sheets)
	}
	goesOn(t, b, recoverWithin)
}

// writesDown checks that the caller can write an attempt down when nothing of it has been printed,
// and keep it from being printed.
func writesDown(t *testing.T, b Bench) {
	becomesReady(t, b, recoverWithin)
	j := job(1, "A001")
	calls := 0
	j.Begin = func(string) error { calls++; return errors.New("no disk") }
	got := printSlip(t, b, j)
	if got.Result != device.ResultFailed || got.Fault == nil || calls != 1 {
		t.Errorf("outcome %s, %v after %d calls; want failed after one", got.Result, got.Fault, calls)
	}
	var evidence string
	j.Begin = func(e string) error {
		calls++
		evidence = e
		if n, _ := papers(b, "A001"); n != 0 {
			t.Errorf("%d papers before the attempt was written down", n)
		}
		return nil
	}
	wellPrinted(t, b, printSlip(t, b, j))
	if calls != 2 || len(evidence) > 40 {
		t.Errorf("%d calls in all, evidence %q", calls, evidence)
	}
	wantPapers(t, b, "A001", 1, 1)
	if w, ok := b.Printer.(device.Witness); ok {
		if got := w.Testify(t.Context(), "ZZZZ", evidence); b.Level == device.LevelNone && got.Result != device.ResultUnknown {
			t.Errorf("a printer that says nothing testifies %s", got.Result)
		}
	}
}

func wantBusy(t *testing.T, got device.Outcome) {
	t.Helper()
	if got.Result != device.ResultFailed || got.Fault == nil || got.Fault.Code != device.FaultBusy {
		t.Errorf("outcome %s, %v; want failed, busy", got.Result, got.Fault)
	}
}

func endedContext(t *testing.T, b Bench) {
	becomesReady(t, b, recoverWithin)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	wantBusy(t, b.Printer.Print(ctx, job(1, "A001")))
	fault, ok := errors.AsType[*device.Fault](b.Printer.Ready(ctx))
	if !ok || fault.Code != device.FaultBusy {
		t.Errorf("Ready: %v, want busy", fault)
	}
	goesOn(t, b, recoverWithin)
	wantPapers(t, b, "A001", 0, 0)
}

func endsInQueue(t *testing.T, b Bench) {
	becomesReady(t, b, recoverWithin)
	first := make(chan device.Outcome)
	go func() { first <- b.Printer.Print(t.Context(), job(1, "A001")) }()
	synctest.Wait() // the first is at work
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	wantBusy(t, b.Printer.Print(ctx, job(2, "A002")))
	wellPrinted(t, b, <-first)
	goesOn(t, b, recoverWithin)
	wantPapers(t, b, "A001", 1, 1)
	wantPapers(t, b, "A002", 0, 0)
}

func endsMidSlip(t *testing.T, b Bench) {
	becomesReady(t, b, recoverWithin)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan device.Outcome, 1)
	go func() { done <- b.Printer.Print(ctx, job(1, "A001")) }()
	synctest.Wait()
	cancel()
	got := after(t, cancelWithin, "Print with an ended context", func() device.Outcome { return <-done })
	switch got.Result {
	case device.ResultFailed, device.ResultUnknown, device.ResultPrinted, device.ResultSent:
	default:
		t.Errorf("result %q", got.Result)
	}
	goesOn(t, b, recoverWithin)
	most := 1
	if got.Result == device.ResultFailed {
		most = 0
	}
	wantPapers(t, b, "A001", 0, most)
}

// standing is a trouble that is there before the slip: the gate tells, by one of the codes, and
// nothing is printed.
func standing(pick func(Bench) func(well bool), codes ...device.FaultCode) func(*testing.T, Bench) {
	return func(t *testing.T, b Bench) {
		knob := pick(b)
		if knob == nil || b.Level == device.LevelNone {
			return
		}
		becomesReady(t, b, recoverWithin)
		knob(false)
		fault, ok := errors.AsType[*device.Fault](ready(t, b))
		if !ok || !slices.Contains(codes, fault.Code) {
			t.Errorf("Ready: %v, want %s", fault, codes)
		}
		got := printSlip(t, b, job(1, "A001"))
		if got.Result != device.ResultFailed || got.Fault == nil || !slices.Contains(codes, got.Fault.Code) {
			t.Errorf("outcome %s, %v; want failed, %s", got.Result, got.Fault, codes)
		}
		<-time.After(5 * time.Minute)
		knob(true)
		within := recoverWithin
		if slices.Contains(codes, device.FaultLine) {
			within = 10 * time.Second
		}
		goesOn(t, b, within)
		wantPapers(t, b, "A001", 0, 0)
	}
}

// midSlip is a trouble in the middle of a slip: its outcome is unknown unless the printer has
// confirmed it after all, no second paper ever comes out, and the next slip is sound.
func midSlip(pick func(Bench) (arm func(), knob func(well bool))) func(*testing.T, Bench) {
	return func(t *testing.T, b Bench) {
		arm, knob := pick(b)
		if arm == nil || knob == nil || b.Level == device.LevelNone {
			return
		}
		becomesReady(t, b, recoverWithin)
		arm()
		got := printSlip(t, b, job(1, "A001"))
		if got.Result != device.ResultUnknown || got.Fault == nil || !got.Fault.Stops() {
			t.Errorf("outcome %s, %v; want unknown and why", got.Result, got.Fault)
		}
		if err := ready(t, b); err == nil {
			t.Error("ready in the middle of the trouble")
		}
		<-time.After(5 * time.Minute)
		knob(true)
		goesOn(t, b, recoverWithin)
		wantPapers(t, b, "A001", 0, 1)
	}
}
