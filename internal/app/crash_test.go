// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/escpos"
	"github.com/avanti-queue/avanti/internal/sim/paper"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

var crashSeed = flag.Uint64("crash.seed", 1, "seed of the first night of TestCrashMatrix")

// TestCrashMatrix cuts the program, the printer's power, for seconds or until somebody comes, and the
// cable at random moments of slips:
// at a byte, at a row of dots, behind the cut, behind the answer, before and behind each write to
// the disk. After each cut everything is mended, and what came out must agree with the journal.
func TestCrashMatrix(t *testing.T) {
	nights := uint64(5) // for each profile and rule
	if raced {
		nights = 1
	}
	names := escpos.Names()
	rules := []queue.UnknownSlip{queue.UnknownKeep, queue.UnknownCopy, queue.UnknownVoid}
	seen := make(chan *night, len(names)*len(rules)*int(nights))
	t.Run("nights", func(t *testing.T) {
		for i, name := range names {
			for j, rule := range rules {
				first := *crashSeed + uint64(i*len(rules)+j)*nights
				t.Run(name+" "+string(rule), func(t *testing.T) {
					t.Parallel()
					for seed := first; seed < first+nights; seed++ {
						inNight(t, name, rule, seed, nil, func(n *night) {
							if wrong := n.wrong(); len(wrong) > 0 {
								t.Fatalf("seed %d:\n%s\n%s", seed, strings.Join(n.story, "\n"), strings.Join(wrong, "\n"))
							}
							seen <- n
						})
					}
				})
			}
		}
	})
	close(seen)
	struck, fates := map[string]int{}, map[string]int{}
	total := 0
	for n := range seen {
		for what, times := range n.struck {
			struck[what] += times
			total += times
		}
		for fate, times := range n.fates() {
			fates[fate] += times
		}
	}
	t.Logf("%d cuts: %v; slips: %v", total, struck, fates)
	if t.Failed() || raced {
		return
	}
	if total < 1000 {
		t.Errorf("%d cuts struck: want at least 1,000", total)
	}
	for _, who := range []string{"program", "power", "blink", "cable", "mains"} {
		for _, where := range []string{"byte", "row", "cut", "answer"} {
			if struck[who+" at "+where] == 0 {
				t.Errorf("no cut of the %s at a %s ever struck", who, where)
			}
		}
	}
	for _, fate := range []string{"printed", "sent", "failed", "unknown", "void", "copy printed"} {
		if fates[fate] == 0 {
			t.Errorf("no slip was ever %s", fate)
		}
	}
}

// TestCrashMatrixCatches breaks the driver in three ways, each of which the matrix must see.
func TestCrashMatrixCatches(t *testing.T) {
	broken := map[string]func(device.Outcome) device.Outcome{
		"calls what is in doubt printed": func(o device.Outcome) device.Outcome {
			if o.Result == device.ResultUnknown {
				return device.Outcome{Result: device.ResultPrinted, Level: device.LevelConfirmed}
			}
			return o
		},
		"calls what is in doubt failed": func(o device.Outcome) device.Outcome {
			if o.Result == device.ResultUnknown {
				o.Result = device.ResultFailed
			}
			return o
		},
		"prints everything twice": nil,
	}
	for name, change := range broken {
		t.Run(name, func(t *testing.T) {
			caught := false
			for seed := uint64(1); seed <= 10 && !caught; seed++ {
				wrap := func(p device.Printer) device.Printer { return &brokenPrinter{p, change} }
				inNight(t, "epson-tm-t20iii", queue.UnknownKeep, seed, wrap, func(n *night) { caught = len(n.wrong()) > 0 })
			}
			if !caught {
				t.Error("ten nights of cuts have not shown it")
			}
		})
	}
}

// brokenPrinter changes what it says of its slips, or prints them twice.
type brokenPrinter struct {
	device.Printer
	change func(device.Outcome) device.Outcome // nil: prints twice
}

func (b *brokenPrinter) Print(ctx context.Context, j device.Job) device.Outcome {
	o := b.Printer.Print(ctx, j)
	if b.change == nil {
		return b.Printer.Print(ctx, j)
	}
	return b.change(o)
}

// inNight has a night of eleven cuts, and looks at it when it is over.
func inNight(t *testing.T, name string, rule queue.UnknownSlip, seed uint64, wrap func(device.Printer) device.Printer, look func(*night)) {
	t.Helper()
	profile, model := lookup(t, name)
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, dir, profile, model, rule, seed, wrap)
		n.run(11)
		look(n)
	})
}

// night is a printer, its cable and a program that starts anew on the same files.
type night struct {
	*paperBench
	t       *testing.T
	dir     string
	dice    *rand.Rand
	cable   cable
	wrap    func(device.Printer) device.Printer
	program *program
	issued  int
	struck  map[string]int // cuts that came to pass, by who and where
	story   []string
	records []queue.Record // when the night is over
}

func newNight(t *testing.T, dir string, profile escpos.Profile, model paper.Model, rule queue.UnknownSlip, seed uint64, wrap func(device.Printer) device.Printer) *night {
	pass(time.Until(queuetest.Monday()))
	n := &night{
		paperBench: newPaperBench(t, profile, paper.Options{Model: model, Baud: 19200, TakeAfter: time.Second}),
		t:          t, dir: dir, dice: rand.New(rand.NewPCG(seed, 1)), wrap: wrap, struck: map[string]int{},
		cable: cable{kind: int(seed % cables)},
	}
	n.start()
	settings := queuetest.Office(queue.PresetFIFO)
	settings.Slips.OnUnknown = rule
	if _, err := n.program.engine.Do(t.Context(), queue.Actor{Role: queue.RoleSystem}, queue.ChangeSettings{Settings: settings}); err != nil {
		t.Fatal(err)
	}
	pass(5 * time.Second) // the day opens, and the printer is asked for the first time
	return n
}

func (n *night) start() {
	n.program = startProgram(n.t, n.dir, n.profile, n.cable.from(n.open), n.wrap)
}

func (n *night) run(cuts int) {
	for range cuts {
		name, struck := n.arm()
		n.issue()
		pass(time.Duration(n.dice.IntN(20_000)) * time.Millisecond)
		n.sim.At(paper.Cut(), nil)
		n.story = append(n.story, fmt.Sprintf("slip %d: %s, struck: %t", n.issued, name, struck.Load()))
		n.mend()
		pass(75 * time.Second) // longer than anybody waits for a slip
	}
	n.records = n.program.records(n.t)
	n.program.bury(n.t)
	n.sim.Unplug()
}

// issue asks for a ticket as a kiosk does. A program that dies over it does not answer.
func (n *night) issue() {
	n.issued++
	by := queue.Actor{Role: queue.RoleKiosk, ID: "kiosk", Request: queue.RequestID(fmt.Sprint("touch ", n.issued))}
	_, err := n.program.engine.Do(n.t.Context(), by, queue.IssueTicket{Service: "papers", Language: "it", Printer: "p1"})
	if err != nil && !errors.Is(err, errDead) {
		n.t.Errorf("ticket %d: %v", n.issued, err)
	}
}

// arm prepares the cut that is to strike the next slip.
func (n *night) arm() (name string, struck *atomic.Bool) {
	struck = new(atomic.Bool)
	who := []string{"program", "power", "blink", "cable", "mains"}[n.dice.IntN(5)]
	off := time.Duration(n.dice.IntN(10_000)) * time.Millisecond
	strike := map[string]func(){
		"program": n.program.kill,
		"power":   n.sim.PowerOff,
		"blink": func() {
			n.sim.PowerOff()
			go func() { pass(off); n.sim.PowerOn() }()
		},
		"cable": func() { go n.plug(false) },
		"mains": func() { n.program.kill(); n.sim.PowerOff() },
	}[who]
	if (who == "program" || who == "mains") && n.dice.IntN(3) == 0 {
		write, behind := 1+n.dice.IntN(4), n.dice.IntN(2) == 0
		name = fmt.Sprintf("%s at write %d, behind it: %t", who, write, behind)
		n.program.journal.dieAt(write, behind, func() { n.note(who+" at write", struck); strike() })
		return name, struck
	}
	points := map[string]paper.Point{
		"byte": paper.Received(1 + n.dice.IntN(400)), "row": paper.Moved(1 + n.dice.IntN(700)),
		"cut": paper.Cut(), "answer": paper.Answered(),
	}
	where := []string{"byte", "row", "cut", "answer"}[n.dice.IntN(4)]
	name = who + " at " + where
	n.sim.At(points[where], func() { n.note(name, struck); strike() })
	return name, struck
}

func (n *night) note(name string, struck *atomic.Bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.struck[name]++
	struck.Store(true)
}

// mend puts everything right again, in a random order and not at once.
func (n *night) mend() {
	repairs := []func(){
		n.sim.PowerOn,
		func() { n.plug(true) },
		func() {
			if n.program.journal.dead.Load() {
				n.program.bury(n.t)
				n.start()
			}
		},
	}
	n.dice.Shuffle(len(repairs), func(i, j int) { repairs[i], repairs[j] = repairs[j], repairs[i] })
	for _, repair := range repairs {
		repair()
		pass(time.Duration(n.dice.IntN(5_000)) * time.Millisecond)
	}
	n.program.journal.dieAt(0, false, nil)
}

// wrong says what of I4, and of the other invariants of the journal, does not hold.
func (n *night) wrong() []string {
	wrong := papersHold(n.records, n.papers())
	checker := queuetest.NewChecker()
	for _, r := range n.records {
		if err := checker.Record(r); err != nil {
			wrong = append(wrong, err.Error())
		}
	}
	return wrong
}

// fates counts what became of the slips.
func (n *night) fates() map[string]int {
	fates := map[string]int{}
	copies := map[queue.TicketID]bool{}
	for _, r := range n.records {
		switch e := r.Event.(type) {
		case queue.SlipRequested:
			copies[e.Ticket] = e.Copy
		case queue.SlipPrinted:
			if copies[e.Ticket] {
				fates["copy printed"]++
			}
			fates["printed"]++
		case queue.SlipSent:
			fates["sent"]++
		case queue.SlipFailed:
			fates["failed"]++
		case queue.SlipUnknown:
			fates["unknown"]++
		case queue.TicketClosed:
			fates[string(e.End)]++
		}
	}
	return fates
}
