// SPDX-License-Identifier: EUPL-1.2

package paper_test

import (
	"bytes"
	"testing"
	"testing/synctest"
	"time"

	"github.com/avanti-queue/avanti/internal/sim/paper"
)

const (
	askOffline = "10 04 02"
	askPaper   = "10 04 04"
	clearAll   = "10 14 08 01 03 14 01 06 02 08"
	asbOn      = "1D 61 FF"
	asbFine    = "14 00 00 0F"
)

// pass lets time pass in a bubble.
func pass(d time.Duration) { <-time.After(d) }

// settle lets everything that is under way come to its end.
func settle() {
	pass(20 * time.Second)
	synctest.Wait()
}

// TestPaperOutInTheNumber lets the roll end in the middle of the large number.
func TestPaperOutInTheNumber(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{})
		b.send(asbOn)
		settle()
		b.wantAnswers(asbFine)

		b.PaperOut(3*30 + 50) // three lines and 50 of the number's 144 rows
		b.send(slip("A017"), processID("0001"))
		settle()
		b.wantTexts()
		b.wantAnswers("1C 00 0F 0F") // offline, near end and end
		b.send(askOffline)
		settle()
		b.wantAnswers("32")
		b.send(askPaper)
		settle()
		b.wantAnswers("7E")

		// The old roll's end comes out torn, the new one begins with the whole number.
		b.LoadPaper()
		settle()
		b.wantTexts("~Comune di Piacenza\nAnagrafe\n21.11.2026 09:41", "A017")
		b.wantAnswers(asbFine + " 37 22 30 30 30 31 00")

		if c := b.Counters(); c.Sheets != 1 || c.Torn != 1 {
			t.Errorf("counters %+v, want one sheet and one torn", c)
		}
	})
}

// TestPaperOutOnTheWay lets the roll end in the middle of a motion that had begun with enough paper.
func TestPaperOutOnTheWay(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{Baud: 115200, MMPerSecond: 100})
		b.send("1B 33 50 1B 64 0A") // 800 dots in one second
		pass(500 * time.Millisecond)
		b.PaperOut(100)
		settle()
		if c := b.Counters(); c.Dots < 490 || c.Dots > 500 {
			t.Errorf("the paper moved %d dots, want half of 800 and 100", c.Dots)
		}
		b.LoadPaper()
		settle()
		if c := b.Counters(); c.Dots != 800 {
			t.Errorf("the paper moved %d dots in the end, want 800", c.Dots)
		}
		b.wantTexts() // nothing was printed on what was torn off
	})
}

// TestClearBeforeReload clears the buffer while the paper is out: nothing of the old ticket is printed any more.
func TestClearBeforeReload(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{})
		b.PaperOut(3*30 + 50)
		b.send(slip("A017"), processID("0001"))
		settle()
		b.send(clearAll)
		settle()
		b.wantAnswers("37 25 00")
		b.LoadPaper()
		settle()
		b.wantTexts("~Comune di Piacenza\nAnagrafe\n21.11.2026 09:41")
		b.wantAnswers("")

		b.send(slip("A018"), processID("0002"))
		settle()
		b.wantTexts(slipText("A018"))
		b.wantAnswers("37 22 30 30 30 32 00")
	})
}

// TestCoverInTheNumber opens the cover: the paper stays, and the interrupted line is printed again below.
func TestCoverInTheNumber(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{Baud: 115200})
		b.send(asbOn, slip("A017"))
		// 86 bytes on the line, then three lines of 30 dots: the number has begun.
		pass(86*time.Second/11520 + 100*time.Millisecond)
		b.Cover(true)
		settle()
		b.wantTexts()
		b.wantAnswers(asbFine + " 3C 00 00 0F")
		b.send(askOffline)
		settle()
		b.wantAnswers("16")
		b.Cover(false)
		settle()
		sheets := b.out()
		if len(sheets) != 1 || sheets[0].Text != slipText("A017") || sheets[0].MM <= 43.25 || sheets[0].MM >= 43.25+18 {
			t.Errorf("sheets %+v, want one that is longer by a part of the number", sheets)
		}
	})
}

func TestHotHeadGoesOnByItself(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{})
		b.HeadHot(true)
		b.send(slip("A017"))
		settle()
		b.wantTexts()
		b.send("10 04 03 10 05 02") // DLE ENQ 2 does not help, and must not clear
		settle()
		b.wantAnswers("52")
		b.HeadHot(false)
		settle()
		b.wantTexts(slipText("A017"))
	})
}

func TestCutterJamNeedsRecovery(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{})
		b.Jam(true)
		b.send(slip("A017"), "10 04 03")
		settle()
		b.wantAnswers("1A")
		b.send("10 05 01")
		settle()
		b.wantTexts() // still jammed
		b.Jam(false)
		settle()
		b.wantTexts() // nobody has told the printer
		b.send("10 05 01")
		settle()
		b.wantTexts(slipText("A017"))

		b.Jam(true)
		b.send(slip("A018"))
		settle()
		b.Jam(false)
		b.send("10 05 02") // recover and clear
		settle()
		b.send("10 04 03")
		settle()
		b.wantAnswers("12")
		b.wantTexts()
	})
}

// TestPowerCutInARaster loses the memory: the next ticket is clean, and automatic status is off.
func TestPowerCutInARaster(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{Model: paper.Generic})
		b.send(asbOn, "1C 2E", raw("half"), "0A", "1D 76 30 00 30 00 FF 00", bytes.Repeat(job("AA"), 0x30*30))
		settle()
		b.wantAnswers(asbFine)
		b.PowerOff()
		b.PowerOn()
		b.Cover(true)
		b.Cover(false)
		settle()
		b.wantAnswers("")

		b.send(slip("A018"))
		settle()
		b.wantTexts("half\n[image 384x24]\n" + slipText("A018")) // a band of 24 rows was printed

		// Awake again after the power cut, it is in Chinese mode: B5 DA is one character of 24 dots.
		b.PowerOff()
		b.PowerOn()
		b.send("B5 DA 0A", feedCut)
		settle()
		b.wantTexts("第")
	})
}

// TestCableInARaster pulls the cable inside an image: the printer keeps waiting for its pixels and eats the next ticket.
func TestCableInARaster(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{})
		b.send("1D 76 30 00 30 00 18 00", bytes.Repeat(job("AA"), 100)) // of 48 x 24 bytes
		settle()
		b.Unplug()
		if err := <-b.ended; err != nil {
			t.Fatalf("Serve after Unplug: %v", err)
		}
		b.plug(true)
		b.send(slip("A017"))
		settle()
		b.wantTexts()
		b.send(make([]byte, 48*24-100-len(slip("A017"))), slip("A018"))
		settle()
		b.wantTexts("[image 384x24]\n" + slipText("A018"))
	})
}

// TestUnplugOnTheLine loses what is on its way and prints what has come.
func TestUnplugOnTheLine(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{Baud: 9600})
		go b.host.Write(job("0A", bytes.Repeat([]byte("x"), 47)))
		pass(20 * time.Millisecond) // 19 bytes
		b.Unplug()
		if err := <-b.ended; err != nil {
			t.Fatalf("Serve after Unplug: %v", err)
		}
		b.plug(true)
		b.send("0A", feedCut)
		settle()
		b.wantTexts("xxxxxxxxxxxxxxxxxx")
	})
}

// TestHangUpPrintsOn: a host that goes away does not stop the mechanism; paper-out does, and the next line goes on.
func TestHangUpPrintsOn(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{})
		b.send(slip("A017"))
		pass(time.Second)
		b.host.Close()
		if err := <-b.ended; err != nil {
			t.Fatalf("Serve after a hang-up: %v", err)
		}
		b.wantTexts(slipText("A017"))

		b.plug(true)
		b.PaperOut(0)
		b.send(slip("A018"), processID("0018"))
		settle()
		b.host.Close()
		if err := <-b.ended; err != nil {
			t.Fatalf("Serve after a hang-up: %v", err)
		}
		b.LoadPaper()
		b.plug(true)
		settle()
		b.wantTexts(slipText("A018"))
		b.wantAnswers("37 22 30 30 31 38 00")
	})
}

// TestStop ends Serve in the middle of a motion.
func TestStop(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{})
		b.send(slip("A017"))
		b.cancel()
		if err := <-b.ended; err == nil {
			t.Error("Serve returned nil after its context ended")
		}
	})
}

// TestAfterStrikesAtAByte cuts the power at every byte of a ticket: never does more than one sheet show its number.
func TestAfterStrikesAtAByte(t *testing.T) {
	stream := slip("A017")
	for at := range stream {
		bubble(t, func(t *testing.T) {
			b := newBench(t, paper.Options{Baud: 9600, MMPerSecond: 50, Flow: paper.NoFlow})
			b.At(paper.Received(at+1), b.PowerOff)
			b.send(stream)
			settle()
			b.PowerOn()
			b.send(slip("A018"))
			settle()
			sheets := b.out()
			if n := len(sheets); n == 0 || sheets[n-1].Number != "A018" {
				t.Fatalf("power cut at byte %d: sheets %+v, want A018 last", at+1, sheets)
			}
			if c := b.Counters(); c.Bytes != int64(2*len(stream)) || c.Lost != int64(len(stream)-at-1) {
				t.Fatalf("power cut at byte %d: counters %+v", at+1, c)
			}
		})
	}
}
