// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/escpos"
	"github.com/avanti-queue/avanti/device/thermal"
	"github.com/avanti-queue/avanti/internal/sim/paper"
)

// badDays is how many days each model has, with three troubles each.
const badDays = 15

// TestTroublesAtAnyPoint strikes at random bytes, dot rows, cuts and answers with all that happens to
// printers, cables and programs. What the driver says must be true of the paper, and once the
// trouble is over the next slip comes out.
func TestTroublesAtAnyPoint(t *testing.T) {
	for _, name := range escpos.Names() {
		t.Run(name, func(t *testing.T) {
			profile, model := lookup(t, name)
			if profile.Confirm == device.LevelNone {
				return // it never says anything
			}
			for seed := range uint64(badDays) {
				synctest.Test(t, func(t *testing.T) {
					d := &badDay{
						paperBench: newPaperBench(t, profile, paper.Options{Model: model, Baud: 19200}),
						t:          t, dice: rand.New(rand.NewPCG(seed, 0)),
					}
					d.cable = &cable{kind: d.dice.IntN(cables)}
					d.run()
					if t.Failed() {
						t.Fatalf("%s, seed %d:\n%s\n%q", name, seed, strings.Join(d.story, "\n"), d.all())
					}
				})
			}
		})
	}
}

// badDay is a day on which every second slip meets with a trouble.
type badDay struct {
	*paperBench
	t     *testing.T
	dice  *rand.Rand
	cable *cable
	die   func()
	died  atomic.Bool
	story []string
}

func (d *badDay) start(interrupted bool) {
	d.die = d.drive(d.t, thermal.Options{Open: d.cable.from(d.open), Baud: 19200, Interrupted: interrupted})
}

func (d *badDay) run() {
	d.start(false)
	outcomes := map[string]device.Outcome{}
	for i := range 6 {
		if !d.becomesReady() {
			return
		}
		number := fmt.Sprintf("A%03d", i)
		trouble, repair := "none", func() {}
		if i%2 == 0 {
			trouble, repair = d.trouble()
		}
		got := d.print(i, number)
		d.story = append(d.story, fmt.Sprintf("%s, %s: %s %s %v", number, trouble, got.Result, got.Level, got.Fault))
		if trouble == "none" && got.Result != device.ResultPrinted {
			d.t.Errorf("%s is %s, without a trouble of its own", number, got.Result)
		}
		if n := d.count(number); got.Result == device.ResultPrinted && n != 1 {
			d.t.Errorf("%s is printed, and there are %d papers", number, n)
		}
		outcomes[number] = got
		d.sim.At(paper.Cut(), nil)
		<-time.After(time.Duration(1000+d.dice.IntN(30000)) * time.Millisecond)
		repair()
	}
	<-time.After(time.Minute)
	for number, outcome := range outcomes {
		n := d.count(number)
		if n > 1 || n == 1 && outcome.Result == device.ResultFailed || n == 0 && outcome.Result == device.ResultPrinted {
			d.t.Errorf("%s is %s, and there are %d papers", number, outcome.Result, n)
		}
	}
	for _, sheet := range d.all() {
		if strings.Count(sheet, "Ufficio") > 1 {
			d.t.Errorf("two slips on one sheet: %q", sheet)
		}
	}
}

// print makes one slip. A program that dies over it starts again and asks what became of it.
func (d *badDay) print(i int, number string) device.Outcome {
	var evidence string
	job := device.Job{ID: fmt.Sprintf("%04d", i), Slip: device.Slip{Number: number, Parts: []device.Part{
		{Text: "Ufficio", Bold: true},
		{Text: "Carta d'identità", Size: device.SizeTall},
		{Kind: device.PartQR, Text: "https://coda.example.it/t/7Q2M9XKD4WHA8R3F"},
	}}}
	job.Begin = func(e string) error { evidence = e; return nil }
	got := d.driver.Print(d.t.Context(), job)
	synctest.Wait() // what strikes behind the answer has struck
	if !d.died.Swap(false) {
		return got
	}
	d.running.Wait()
	<-time.After(time.Duration(d.dice.IntN(4000)) * time.Millisecond)
	d.start(true)
	ctx, cancel := context.WithTimeout(d.t.Context(), 30*time.Second)
	defer cancel()
	if got.Result == device.ResultUnknown {
		got = d.driver.Testify(ctx, job.ID, evidence)
	}
	return got
}

// trouble arms one for the next slip, and returns what ends it.
func (d *badDay) trouble() (name string, repair func()) {
	points := map[string]paper.Point{
		"byte": paper.Received(1 + d.dice.IntN(400)), "row": paper.Moved(1 + d.dice.IntN(700)),
		"cut": paper.Cut(), "answer": paper.Answered(),
	}
	where := []string{"byte", "row", "cut", "answer"}[d.dice.IntN(4)]
	later := func(after time.Duration, do func()) {
		go func() { <-time.After(after); do() }()
	}
	nothing := func() {}
	troubles := []struct {
		name           string
		strike, repair func()
	}{
		{"paper end", func() { d.sim.PaperOut(d.dice.IntN(20)) }, d.sim.LoadPaper},
		{"cover", func() { d.sim.Cover(true) }, func() { d.sim.Cover(false) }},
		{"jam", func() { d.sim.Jam(true) }, func() { d.sim.Jam(false) }},
		{"heat", func() { d.sim.HeadHot(true) }, func() { d.sim.HeadHot(false) }},
		{"short heat", func() { d.sim.HeadHot(true); later(2*time.Second, func() { d.sim.HeadHot(false) }) }, nothing},
		{"silence", func() { d.sim.Silence(true) }, func() { d.sim.Silence(false) }},
		{"cable", func() { go d.plug(false) }, func() { d.plug(true) }},
		{"loose cable", func() { go d.plug(false); later(2*time.Second, func() { d.plug(true) }) }, nothing},
		{"power cut", d.sim.PowerOff, d.sim.PowerOn},
		{"blink of the power", func() { d.sim.PowerOff(); later(2*time.Second, d.sim.PowerOn) }, nothing},
		{"short blink of the power", func() { d.sim.PowerOff(); later(time.Duration(d.dice.IntN(1000))*time.Millisecond, d.sim.PowerOn) }, nothing},
		{"death of the program", func() { d.died.Store(true); d.die() }, nothing},
	}
	one := troubles[d.dice.IntN(len(troubles))]
	d.sim.At(points[where], one.strike)
	return one.name + " at " + where, one.repair
}

func (d *badDay) becomesReady() bool {
	start := time.Now()
	for {
		err := d.driver.Ready(d.t.Context())
		if err == nil {
			return true
		}
		if time.Since(start) > time.Minute {
			d.t.Errorf("not ready after a minute: %v", err)
			return false
		}
		<-time.After(100 * time.Millisecond)
	}
}

// count counts the papers that bear the number.
func (d *badDay) count(number string) int {
	n := 0
	for _, sheet := range d.all() {
		for line := range strings.Lines(sheet) {
			if strings.TrimSpace(line) == number {
				n++
			}
		}
	}
	return n
}
