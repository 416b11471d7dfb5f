// SPDX-License-Identifier: EUPL-1.2

package paper_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/avanti-queue/avanti/internal/sim/paper"
)

func TestParseModel(t *testing.T) {
	for _, m := range paper.Models() {
		if got, err := paper.ParseModel(string(m)); err != nil || got != m {
			t.Errorf("ParseModel(%q) = %q, %v", m, got, err)
		}
	}
	if _, err := paper.ParseModel("Epson"); err == nil {
		t.Error(`ParseModel("Epson") gives no error`)
	}
}

// TestT88 is narrower, coarser, and counts vertical motion in half dots.
func TestT88(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{Model: paper.EpsonT88, MMPerSecond: 100})
		b.send(bytes.Repeat([]byte("x"), 43), "0A")
		settle()
		if c := b.Counters(); c.Dots != 60 {
			t.Errorf("43 characters moved the paper %d dots, want two lines of 30", c.Dots)
		}
		b.send("1B 33 64 0A 1B 4A 64") // 100 units are 50 dots
		settle()
		if c := b.Counters(); c.Dots != 160 || c.MM() < 22.5 || c.MM() > 22.6 {
			t.Errorf("the paper moved %d dots, %v mm; want 160, 22.58", c.Dots, c.MM())
		}
		b.send("1D 56 42 64")
		settle()
		sheets := b.out()
		if len(sheets) != 1 || sheets[0].MM < 44.5 || sheets[0].MM > 44.7 { // 160, 106 and 50 dots
			t.Errorf("a sheet of %v mm, want 44.6", sheets[0].MM)
		}
		b.send(processID("0001"))
		settle()
		b.wantAnswers("37 22 30 30 30 31 00")
	})
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{Model: paper.EpsonT88, NoProcessID: true})
		b.send(processID("0001"), "1D 72 01")
		settle()
		b.wantAnswers("00")
	})
}

// TestTG2480 has no presenter, but a sensor that sees the ticket from the cut until somebody takes it; and whatever
// flow control is asked for, it takes no notice.
func TestTG2480(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{Model: paper.CustomTG2480, TakeAfter: 3 * time.Second})
		b.At(paper.Cut(), func() { b.send("10 04 14") })
		go b.host.Write(job(raw("A017"), "0A 1B 64 0A 1B 69"))
		pass(2 * time.Second)
		b.wantAnswers("10 0F 20 00 00 00")
		pass(3 * time.Second)
		b.send("10 04 14 1D 49 FF 1D 49 01 1D E2 1D 65 03 10")
		settle()
		b.wantAnswers("10 0F 00 00 00 00 02 44 A8 31 20 63 75 74 73")
		if c := b.Counters(); c.Ignored["1D 65 03"] != 1 {
			t.Errorf("ignored %v, want the presenter's command", c.Ignored)
		}
	})
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{Model: paper.CustomTG2480, Buffer: 64, Flow: paper.XonXoff})
		b.Cover(true)
		b.send(make([]byte, 100))
		settle()
		b.wantAnswers("")
		if c := b.Counters(); c.Lost != 36 {
			t.Errorf("counters %+v, want 36 bytes lost", c)
		}
	})
}

// TestCustomAtOnce: what does not wait for its turn on these printers, though it would on others.
func TestCustomAtOnce(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{Model: paper.Custom})
		b.PaperOut(10)
		b.send(kiosk(), "1B 76")
		settle()
		b.wantAnswers("0F")
		b.send("1C C0 18 10 14 1A") // hardware reset
		b.LoadPaper()
		settle()
		for _, s := range b.out() {
			if s.Number != "" {
				t.Errorf("%s came out after the reset", s.Number)
			}
		}
	})
}

// TestCustomShortest sets the length to which short tickets are fed.
func TestCustomShortest(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{Model: paper.Custom})
		b.send("1D E8 64", raw("x"), "1B 69 1D E8 10", raw("x"), "1B 69")
		settle()
		for _, s := range b.out() {
			if s.MM != 100 {
				t.Errorf("a sheet of %v mm, want 100", s.MM)
			}
		}
	})
}

// TestCustomRetract: a ticket that nobody wants is drawn back after the time that FS P gives, and counted; the next
// one pushes it out if it only waits.
func TestCustomRetract(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{Model: paper.Custom, TakeAfter: -1})
		b.send(raw("a"), "1C 50 02 00 52 03")
		pass(4 * time.Second)
		b.send("10 04 14")
		pass(500 * time.Millisecond)
		b.wantAnswers("10 0F 20 00 00 00")
		settle()
		b.send("10 04 14 1D E4")
		settle()
		b.wantAnswers("10 0F 00 00 00 00 31 72 65 74")

		b.send(raw("b"), "1C 50 02 00 45 00") // no time-out
		settle()
		b.send("10 04 14")
		settle()
		b.wantAnswers("10 0F 20 00 00 00")
		b.send(raw("c"), "0A")
		settle()
		b.send("10 04 14 1D E4")
		settle()
		b.wantAnswers("10 0F 00 00 00 00 31 72 65 74")
		b.send("1B 69 1D 65 03 10 1D 65 02 1D E4")
		settle()
		b.wantAnswers("32 72 65 74")
	})
}

// TestLenientBits leaves the bits at 0 that Epson fixes at 1.
func TestLenientBits(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{Model: paper.Generic, LenientBits: true})
		b.PaperOut(0)
		b.send("10 04 01 10 04 02 10 04 04")
		settle()
		b.wantAnswers("0C 20 6C")
	})
}

// TestXoffInsideABlock: the host finds XOFF between the bytes of an answer.
func TestXoffInsideABlock(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{Model: paper.Custom, Flow: paper.XonXoff, Buffer: 65, Baud: 1200})
		b.Cover(true)
		start := time.Now()
		b.send(make([]byte, 45), "10 04 14")
		pass(404*time.Millisecond - time.Since(start)) // the first byte of the answer is under way
		b.send("00")                                   // BUSY rises with the 49th
		settle()
		b.wantAnswers("10 0F 13 00 03 00 00")
		b.Cover(false)
		settle()
		b.wantAnswers("11")
	})
}

func TestMaintenanceCounters(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{})
		b.send(slip("A017"), slip("A018"), "1D 67 32 00 32 00 1D 67 32 00 B2 00 1D 67 32 00 14 00 1D 67 32 00 63 00")
		settle()
		b.wantAnswers("5F 32 00 5F 32 00 5F 32 33 00") // two cuts, 23 lines
		b.PowerOff()
		b.PowerOn()
		b.send("1D 67 32 00 32 00")
		settle()
		b.wantAnswers("5F 32 00")
	})
}
