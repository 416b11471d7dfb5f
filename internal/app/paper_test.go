// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/avanti-queue/avanti/device/escpos"
	"github.com/avanti-queue/avanti/device/thermal"
	"github.com/avanti-queue/avanti/internal/sim/fate"
	"github.com/avanti-queue/avanti/internal/sim/paper"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

// TestTenPoints holds this list of what must hold of the paper against the tests that there are.
//
//  1. Byte-exact jobs of every profile, and the texts of every language found on the paper by somebody else.
//     device/escpos TestGoldenSlips TestPaperShowsTheSlip TestEveryLanguageOnEveryProfile TestEuropeanLettersOnEpson
//     internal/sim/paper TestPrintedSlips
//  2. A drawn symbol is read by an ordinary reader; native ones have the right bytes in each dialect.
//     device/escpos TestDrawnQRIsReadable TestQRBytes
//     internal/sim/paper TestNativeQRReads TestQRDialects
//  3. No data holds a real-time command, no cut lacks its line feed, every length is right.
//     device/escpos TestAnySlipMakesASoundJob TestAnyMarkIsSound FuzzEncode
//  4. The time of a slip is at most half a second above what line, paper and blade need; without flow control
//     the printer's buffer never overflows.
//     internal/app TestPaper04Time TestPaper04Buffer TestNothingIsLostWithoutFlowControl
//  5. A thousand cuts of program, power and cable.
//     internal/app TestCrashMatrix TestCrashMatrixCatches TestTroublesAtAnyPoint TestPlugPulledAllDay TestBlinkOfThePower
//  6. Paper that ends in a slip and is loaded again: one valid paper, or what the office's rule says.
//     internal/app TestPaper06EndOfTheRoll TestScripts
//     internal/sim/paper TestPaperOutInTheNumber TestClearBeforeReload
//  7. A port that vanishes in a write, in the wait, or idle, and comes back under another name.
//     internal/app TestPaper07Cable
//     device/serialport TestReturnUnderAnotherNumber TestUnplugIsAnErrorForAll TestCloseLeavesNothingBehind
//     device/thermal TestRealTerminalComesAndGoes
//  8. A line that is held for a minute: the pages say so within five seconds, the program stops within two.
//     internal/app TestPaper08HeldLine
//     device/serialport TestXoffHoldsAndXonReleases TestClosingIsBounded
//     device/thermal TestHeldLineIsToldAndDoesNotHoldTheDriver TestLineThatIsHeldBehindTheSystemsBuffer
//  9. Hosts that others wrote talk to the simulated printers.
//     internal/sim/paper/hosts TestReceiptio
//  10. The slips of a printer that answers nothing are sent, never printed.
//     internal/app TestPaper10Silence
//     device/thermal TestSilentPrinterIsNeverSaidToHavePrinted
func TestTenPoints(t *testing.T) {
	text, err := os.ReadFile("paper_test.go")
	if err != nil {
		t.Fatal(err)
	}
	root := filepath.Join("..", "..")
	found := 0
	for _, m := range regexp.MustCompile(`(?m)^//     (\S+(?:/\S+)+) ((?:Test|Fuzz).*)$`).FindAllStringSubmatch(string(text), -1) {
		files, err := filepath.Glob(filepath.Join(root, m[1], "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		var all strings.Builder
		for _, name := range files {
			source, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			all.Write(source)
		}
		for _, test := range strings.Fields(m[2]) {
			found++
			if !strings.Contains(all.String(), "\nfunc "+test+"(") {
				t.Errorf("%s has no %s", m[1], test)
			}
		}
	}
	points := len(regexp.MustCompile(`(?m)^//  \d+\. `).FindAllString(string(text), -1))
	if points != 10 || found < 25 {
		t.Errorf("%d points and %d tests are listed", points, found)
	}
}

// TestPaper04Time measures from the touch at the kiosk to the cut of the slip.
func TestPaper04Time(t *testing.T) {
	const bladeTime = 350 * time.Millisecond // of the simulated printers
	bauds := []int{9600, 19200, 38400}
	if raced {
		bauds = bauds[:1]
	}
	for _, name := range escpos.Names() {
		for _, baud := range bauds {
			t.Run(fmt.Sprintf("%s %d", name, baud), func(t *testing.T) {
				dir := t.TempDir()
				synctest.Test(t, func(t *testing.T) {
					file := onePrinter(t, name, "keep", "screen")
					file.Printers[0].Baud = baud
					r := newRigOf(t, file, at(8, 0), dir)
					defer r.stop()
					pass(30 * time.Second) // the longest command of a printer is brought to its end first
					for i := range 3 {
						before, begin := r.paper.Counters().Bytes, time.Now()
						r.touch("kiosk-1", fmt.Sprint(i))
						pass(20 * time.Second)
						papers := r.papers()
						if len(papers) != i+1 {
							t.Fatalf("%d papers", len(papers))
						}
						line := time.Duration(papers[i].bytes-before) * 10 * time.Second / time.Duration(baud)
						moved := time.Duration(papers[i].MM / 150 * float64(time.Second))
						floor := max(line, moved) + bladeTime
						if name == "nippon-np2511" { // it prints a slip when it has the whole of it
							floor = line + moved + bladeTime
						}
						if took := papers[i].at.Sub(begin); took > floor+500*time.Millisecond {
							t.Errorf("%v, floor %v", took, floor)
						}
					}
				})
			})
		}
	}
}

// TestPaper04Buffer: on a fast line that nothing holds back, the printer never has more than its
// buffer less the slack to work off. A smaller buffer overflows, but for a printer that is waited for
// at each step: it answers in its turn, or is given the time that it may need at most.
func TestPaper04Buffer(t *testing.T) {
	for _, name := range escpos.Names() {
		lost := func(buffer int) (bytes int64) {
			synctest.Test(t, func(t *testing.T) {
				profile, model := lookup(t, name)
				profile.Buffer, profile.Slack, profile.Speed = 1024, 128, 50
				b := newPaperBench(t, profile, paper.Options{
					Model: model, Baud: 115200, Buffer: buffer, Flow: paper.NoFlow, MMPerSecond: 50, TakeAfter: time.Second,
				})
				b.drive(t, thermal.Options{Open: b.open, Baud: 115200, Flow: "none"})
				if err := b.driver.Ready(t.Context()); err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				before := b.sim.Counters().Lost
				b.driver.Print(t.Context(), longSlip())
				bytes = b.sim.Counters().Lost - before
			})
			return bytes
		}
		if n := lost(1024 - 128); n > 0 {
			t.Errorf("%s: %d bytes found the buffer full", name, n)
		}
		if profile, _ := lookup(t, name); !profile.RealTime {
			continue
		}
		if n := lost(600); n == 0 {
			t.Errorf("%s: nothing is lost in a buffer of 600 bytes: the case shows nothing", name)
		}
	}
}

// openHall is a night whose day the calendar has opened, with a printer that is well.
func openHall(t *testing.T, dir, name string, rule queue.UnknownSlip, seed uint64) *night {
	profile, model := lookup(t, name)
	pass(time.Until(queuetest.Monday()))
	n := &night{
		paperBench: newPaperBench(t, profile, paper.Options{Model: model, Baud: 19200, TakeAfter: time.Second}),
		t:          t, dir: dir, dice: rand.New(rand.NewPCG(seed, 1)),
	}
	n.start()
	settings := queuetest.Office(queue.PresetFIFO)
	settings.Slips.OnUnknown = rule
	by := queue.Actor{Role: queue.RoleSystem}
	if _, err := n.program.engine.Do(t.Context(), by, queue.ChangeSettings{Settings: settings}); err != nil {
		t.Error(err)
	}
	pass(30 * time.Second)
	return n
}

// over ends a night. It returns the fates of its slips, and what does not hold.
func (n *night) over() (fates map[fate.Fate]int, wrong []string) {
	n.records = n.program.records(n.t)
	n.program.bury(n.t)
	n.sim.Unplug()
	var ledger fate.Ledger
	for _, r := range n.records {
		ledger.Record(r)
	}
	for _, s := range n.papers() {
		ledger.Sheet(s)
	}
	fates = map[fate.Fate]int{}
	for _, l := range ledger.Account().Lines {
		fates[l.Fate] += l.Numbers
	}
	return fates, append(n.wrong(), ledger.Wrong()...)
}

// TestPaper06EndOfTheRoll lets the paper end in the middle of slips, and loads it again: there is one
// valid paper of the number, or it goes by the office's rule, and there are never two unmarked ones.
func TestPaper06EndOfTheRoll(t *testing.T) {
	seen := map[fate.Fate]int{}
	for i, name := range escpos.Names() {
		for j, rule := range []queue.UnknownSlip{queue.UnknownKeep, queue.UnknownCopy, queue.UnknownVoid} {
			dir, seed := t.TempDir(), uint64(1+3*i+j)
			synctest.Test(t, func(t *testing.T) {
				n := openHall(t, dir, name, rule, seed)
				for range 4 {
					n.sim.PaperOut(1 + n.dice.IntN(900))
					n.issue()
					pass(time.Duration(1+n.dice.IntN(45)) * time.Second)
					n.sim.LoadPaper()
					pass(75 * time.Second)
				}
				fates, wrong := n.over()
				for _, w := range wrong {
					t.Errorf("%s, %s, seed %d: %s", name, rule, seed, w)
				}
				for f, times := range fates {
					seen[f] += times
				}
			})
		}
	}
	t.Log(seen)
	for _, f := range []fate.Fate{fate.PrintedA, fate.PrintedB, fate.Sent, fate.Copied, fate.Void, fate.Kept} {
		if seen[f] == 0 {
			t.Errorf("no slip was ever %q", f)
		}
	}
}

// TestPaper07Cable pulls the printer's cable in a write, in the wait for the confirmation, and when
// nothing goes on. Ten seconds after it is back the next slip comes out. That nothing leaks shows in
// the end of the bubble.
func TestPaper07Cable(t *testing.T) {
	for _, name := range escpos.Names() {
		for when, point := range map[string]paper.Point{"a write": paper.Received(60), "the wait": paper.Cut(), "idleness": paper.Answered()} {
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				n := openHall(t, dir, name, queue.UnknownKeep, 1)
				if when == "idleness" {
					n.issue()
					pass(30 * time.Second)
					n.plug(false)
				} else {
					n.sim.At(point, func() { go n.plug(false) })
					n.issue()
				}
				pass(5 * time.Minute)
				n.sim.At(point, nil)
				n.plug(true)
				pass(10 * time.Second)
				before := len(n.papers())
				n.issue()
				pass(20 * time.Second)
				sheets := n.papers()[before:]
				if len(sheets) == 0 || sheets[len(sheets)-1].Number != "A002" {
					t.Errorf("%s, pulled in %s: behind it came %d papers, and no A002", name, when, len(sheets))
				}
				fates, wrong := n.over()
				for _, w := range wrong {
					t.Errorf("%s, pulled in %s: %s", name, when, w)
				}
				if when != "idleness" && fates[fate.Failed]+fates[fate.Screen] > 0 {
					t.Errorf("%s, pulled in %s: %v", name, when, fates)
				}
			})
		}
	}
}

// TestPaper08HeldLine has a printer hold the line in the middle of a slip, for a minute.
func TestPaper08HeldLine(t *testing.T) {
	for _, name := range []string{"epson-tm-t20iii", "custom-vkp80iii", "star-line", "generic"} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				r := newRigOf(t, onePrinter(t, name, "keep", "screen"), at(8, 0), dir)
				defer r.stop()
				pass(10 * time.Second)
				held := make(chan struct{})
				r.paper.At(paper.Received(100), func() {
					r.paper.PowerOff() // without power it holds the line
					close(held)
				})
				answered := make(chan kiosk, 1)
				go func() { answered <- r.touch("kiosk-1", "1") }()
				<-held
				pass(5 * time.Second)
				r.tellsThatThePrinterIsSilent(t)
				pass(55 * time.Second)
				r.tellsThatThePrinterIsSilent(t)
				if got := <-answered; got.Paper.Outcome != "unknown" {
					t.Errorf("the kiosk was told %+v", got)
				}
				begin := time.Now()
				r.stopDaemon()
				if took := time.Since(begin); took > 2*time.Second {
					t.Errorf("stopping took %v", took)
				}
				r.startApp()
			})
		})
	}
}

// tellsThatThePrinterIsSilent looks at the manager's page and at the metrics.
func (r *rig) tellsThatThePrinterIsSilent(t *testing.T) {
	t.Helper()
	if _, page := r.page("manager", "http://localhost:8080/manager?lang=it"); !strings.Contains(page, "La stampante non risponde") {
		t.Error("the manager's page does not say that the printer is silent")
	}
	if _, text := r.page("", "http://localhost:8080/metrics"); !strings.Contains(text, `avanti_printer_fault{fault="not_answering",printer="door"} 1`+"\n") {
		t.Error("the metrics do not say that the printer is silent")
	}
}

// TestPaper10Silence has a printer that answers nothing print a morning of slips, with paper and
// without, with power and without: nobody ever says that one was printed.
func TestPaper10Silence(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		r := newRigOf(t, onePrinter(t, "silent", "copy", "refuse"), at(8, 0), dir)
		defer r.stop()
		pass(10 * time.Second)
		for i := range 12 {
			switch i {
			case 4:
				r.paper.PaperOut(100)
			case 8:
				r.paper.LoadPaper()
				r.paper.Cover(true)
			}
			if got := r.touch("kiosk-1", fmt.Sprint(i)); got.Paper.Outcome != "sent" {
				t.Errorf("ticket %d: %+v", i, got)
			}
			pass(time.Minute)
		}
		results := map[queue.SlipResult]int{}
		for ticket := range r.app.Office().View().Tickets() {
			results[ticket.Slip.Result]++
		}
		if len(results) != 1 || results[queue.SlipResultSent] != 12 {
			t.Errorf("%v", results)
		}
		if _, text := r.page("", "http://localhost:8080/metrics"); regexp.MustCompile(`avanti_slips_total\{.*result="printed"\} [1-9]`).MatchString(text) {
			t.Error("the metrics count a printed slip")
		}
	})
	checkJournal(t, dir)
}
