// SPDX-License-Identifier: EUPL-1.2

package paper_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/avanti-queue/avanti/internal/sim/paper"
)

// TestConfirmationComesAfterTheCut listens second by second.
func TestConfirmationComesAfterTheCut(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{Baud: 115200, MMPerSecond: 50})
		b.send(slip("A017"), processID("0001"), slip("A018"), processID("0002"), "1D 72 01")
		for len(b.out()) == 0 {
			b.wantAnswers("")
			pass(time.Millisecond)
			synctest.Wait()
		}
		pass(time.Millisecond)
		synctest.Wait()
		b.wantAnswers("37 22 30 30 30 31 00")
		settle()
		b.wantTexts(slipText("A018"))
		b.wantAnswers("00 37 22 30 30 30 32 00") // status bytes go before a response that waits
	})
}

// TestLatestConfirmationWins: a host that does not listen finds the last process ID only, and none after a clear.
func TestLatestConfirmationWins(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{})
		b.Unplug()
		<-b.ended
		b.plug(false)
		b.send("10 04 01") // its answer blocks the way back
		b.send(processID("0001"), processID("0002"), processID("0003"))
		settle()
		go b.listen(b.host)
		settle()
		b.wantAnswers("16 37 22 30 30 30 33 00")
	})
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{})
		b.Unplug()
		<-b.ended
		b.plug(false)
		b.send("10 04 01", processID("0001"))
		settle()
		b.send(clearAll)
		settle()
		go b.listen(b.host)
		settle()
		b.wantAnswers("16 37 25 00")
	})
}

// TestPowerCutSilences: what waited to be said is lost with the power; the byte on the line still arrives.
func TestPowerCutSilences(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{})
		b.Unplug()
		<-b.ended
		b.plug(false)
		b.send("10 04 01", processID("0001"))
		settle()
		b.PowerOff()
		go b.listen(b.host)
		settle()
		b.wantAnswers("16")
	})
}

// TestConfirmationWaitsForTheCable: a response that did not get through is sent on the next line, whole.
func TestConfirmationWaitsForTheCable(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{})
		b.Unplug()
		<-b.ended
		b.plug(false)
		b.send(processID("0001"))
		settle()
		b.Unplug()
		<-b.ended
		b.plug(true)
		settle()
		b.wantAnswers("37 22 30 30 30 31 00")

		b.Unplug()
		<-b.ended
		b.plug(false)
		b.send(processID("0002"), processID("0003"))
		settle()
		b.Unplug()
		<-b.ended
		b.plug(true)
		settle()
		b.wantAnswers("37 22 30 30 30 33 00") // begun with 0002, but 0003 is newer
	})
}

// TestRealTimeInsideData: a query inside an image is answered, and stays among the pixels.
func TestRealTimeInsideData(t *testing.T) {
	for _, test := range []struct {
		name    string
		o       paper.Options
		answers string
	}{
		{"real time", paper.Options{}, "16"},
		{"in order", paper.Options{OrderedStatus: true}, ""},
		{"no way back", paper.Options{Model: paper.Silent}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				b := newBench(t, test.o)
				b.send("1C 2E 1D 76 30 00 04 00 01 00", "10 04 01")
				settle()
				b.wantAnswers(test.answers)
				b.send("FF", feedCut)
				settle()
				b.wantTexts("[image 32x1]")
			})
		})
	}
}

// TestOrderedStatus waits its turn, and is answered by a printer that is stopped but has nothing to print.
func TestOrderedStatus(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{Model: paper.Custom, OrderedStatus: true, MMPerSecond: 20})
		b.send(raw("x"), "1B 64 0A", "10 04 14") // 10 lines: 300 dots, 1.875 s
		pass(1800 * time.Millisecond)
		b.wantAnswers("")
		settle()
		b.wantAnswers("10 0F 00 00 00 00")
		b.PaperOut(0)
		b.send("10 04 14")
		settle()
		b.wantAnswers("10 0F 05 00 00 00")
		b.send(raw("x"), "0A 10 04 14")
		settle()
		b.wantAnswers("")
	})
}

func TestStatusBytes(t *testing.T) {
	fine := func(*bench) {}
	for _, test := range []struct {
		name    string
		model   paper.Model
		fault   func(*bench)
		ask     string
		answers string
	}{
		{"fine", paper.Epson, fine, "10 04 01 10 04 02 10 04 03 10 04 04", "16 12 12 12"},
		{"cover", paper.Epson, func(b *bench) { b.Cover(true) }, "10 04 01 10 04 02", "1E 16"},
		{"jam", paper.Epson, func(b *bench) { b.Jam(true) }, "10 04 01 10 04 02 10 04 03", "1E 52 1A"},
		{"near end", paper.Epson, func(b *bench) { b.NearEnd(true) }, "10 04 01 10 04 04 1D 72 01", "16 1E 03"},
		{"paper end, GS r silent", paper.Epson, func(b *bench) { b.PaperOut(0) }, "10 04 04 1D 72 01", "7E"},
		{"no full status", paper.Epson, fine, "10 04 14", ""},
		{"real-time ASB", paper.Epson, fine, "10 14 07 01", asbFine},
		{"identity", paper.Epson, fine, "1D 49 42", "5F 41 56 41 4E 54 49 00"},
		{"drawer", paper.Generic, fine, "1D 72 02", "01"},
		{"offline response", paper.Epson, func(b *bench) {
			b.send("1D 28 48 03 00 31 30 02")
			settle()
			b.Cover(true)
		}, "", "37 23 41 00"},
		{"automatic status: near end", paper.Epson, func(b *bench) {
			b.send("1D 61 08")
			settle()
			b.NearEnd(true)
			b.Cover(true) // not asked for
		}, "", asbFine + " 14 00 03 0F"},
		{"automatic status: errors", paper.Generic, func(b *bench) {
			b.send("1D 61 04")
			settle()
			b.NearEnd(true) // not asked for
			b.HeadHot(true)
		}, "", asbFine + " 1C 40 03 0F"},
		{"no process ID", paper.Generic, fine, "1D 28 48 06 00 30 30 30 30 30 31", ""},
		{"no clear", paper.Generic, fine, clearAll, ""},
		{"full status", paper.Custom, fine, "10 04 14", "10 0F 00 00 00 00"},
		{"full status: all wrong", paper.Custom, func(b *bench) {
			b.Cover(true)
			b.Jam(true)
			b.HeadHot(true)
			b.PaperOut(0)
		}, "10 04 14", "10 0F 05 03 41 00"},
		{"print status", paper.Custom, fine, "10 04 11", "12"},
		{"Custom identity", paper.Custom, fine, "1D 49 FF", "02 05"},
		{"cuts", paper.Custom, fine, "1D E2", "30 20 63 75 74 73"},
		{"printed paper", paper.Custom, fine, "1B 64 1B 1D E3", "31 30 63 6D"}, // 27 lines: 10 cm
		{"automatic full status", paper.Custom, func(b *bench) {
			b.send("1D E0 05")
			settle()
			b.PaperOut(0)
		}, "", "10 05 05 00"},
		{"silent", paper.Silent, func(b *bench) { b.PaperOut(0) }, "1D 61 FF 10 04 01 1D 72 01", ""},
		{"silenced", paper.Epson, func(b *bench) { b.Silence(true) }, "10 04 01 1D 72 01", ""},
		{"no power", paper.Epson, (*bench).powerOff, "10 04 01", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				b := newBench(t, paper.Options{Model: test.model, Flow: paper.NoFlow})
				test.fault(b)
				if test.ask != "" {
					b.send(test.ask)
				}
				settle()
				b.wantAnswers(test.answers)
			})
		})
	}
}

func (b *bench) powerOff() { b.PowerOff() }

// PowerOn switches the printer on and waits until it is ready.
func (b *bench) PowerOn() {
	b.Printer.PowerOn()
	pass(time.Second)
	synctest.Wait()
}

// TestStart listens to a printer that is switched on: for a second it is deaf and says nothing.
func TestStart(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{Flow: paper.NoFlow})
		b.PowerOff()
		b.Printer.PowerOn()
		pass(900 * time.Millisecond)
		b.Printer.PowerOn() // once more does nothing
		b.send("10 04 01")
		pass(50 * time.Millisecond)
		b.wantAnswers("")
		pass(100 * time.Millisecond)
		b.send("10 04 01")
		settle()
		b.wantAnswers("16")
		b.PowerOff()
		b.Printer.PowerOn()
		b.PowerOff() // before it is ready
		pass(2 * time.Second)
		b.send("10 04 01")
		settle()
		b.wantAnswers("")
	})
}

// TestPresenter follows a ticket from the cut into somebody's hand.
func TestPresenter(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{Model: paper.Custom, TakeAfter: 5 * time.Second})
		b.send(kiosk())
		for len(b.out()) == 0 {
			pass(time.Millisecond)
			synctest.Wait()
		}
		pass(1010 * time.Millisecond)
		b.send("10 04 14")
		pass(10 * time.Millisecond)
		b.wantAnswers("10 0F 20 00 00 00")
		pass(5 * time.Second)
		b.send("10 04 14")
		pass(10 * time.Millisecond)
		b.wantAnswers("10 0F 00 00 00 00")
		b.send("1D E2")
		settle()
		b.wantAnswers("31 20 63 75 74 73")
	})
}
