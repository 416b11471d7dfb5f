// SPDX-License-Identifier: EUPL-1.2

package paper

import (
	"maps"
	"time"
)

// Counters is what the printer has done since New; nothing resets it.
type Counters struct {
	Bytes  int64 // received, real-time commands and lost bytes included
	Lost   int64 // of them: found the buffer full, or the printer without power
	Sheets int   // cut
	Torn   int   // pieces that left without a cut: the end of a roll, or paper that grew too long
	Dots   int64 // paper moved; 8 to the millimetre, with EpsonT88 7.09

	// Retracted is how many tickets the presenter took back because nobody wanted them.
	Retracted int
	// Writes is how often the lasting memory was written; makers ask for no more than about ten times a day.
	Writes int

	// Ignored counts the commands that had no effect, by their first bytes in hexadecimal: unknown ones, ones that
	// this printer does not simulate, and ones that came where they are not allowed. At most 64 different ones are
	// counted.
	Ignored map[string]int

	perMM float64 // dots
}

// MM is the paper moved, in millimetres; 0 for the zero value.
func (c Counters) MM() float64 {
	if c.perMM == 0 {
		return 0
	}
	return float64(c.Dots) / c.perMM
}

// Counters returns a copy of the counters.
func (p *Printer) Counters() Counters {
	p.mu.Lock()
	defer p.mu.Unlock()
	c := p.count
	c.Ignored = maps.Clone(c.Ignored)
	return c
}

// turn changes the mechanism's state and lets the printer see it; stops says that the motion under way ends here.
func (p *Printer) turn(stops bool, change func(*condition)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if stops {
		p.interrupt(time.Now())
	}
	change(&p.state)
	p.changed()
	poke(p.wake)
	poke(p.room)
}

// PaperOut lets the roll end after so many more dot rows; 0 means now.
func (p *Printer) PaperOut(afterDots int) {
	p.turn(afterDots <= 0, func(c *condition) {
		c.left = max(0, afterDots)
		if m := p.run; m != nil && m.dots > 0 {
			// The motion under way is taken off the roll when it ends.
			c.left += m.progress(time.Now())
			if c.left < m.dots {
				m.took = m.until(c.left)
				m.dots = c.left
			}
		}
	})
}

// LoadPaper puts a new roll in. If something is printed on the rest of the old one, it comes out as a torn sheet.
func (p *Printer) LoadPaper() {
	p.turn(true, func(c *condition) {
		p.tear()
		c.left, c.nearEnd = endless, false
	})
}

// NearEnd sets the near-end sensor. The printer goes on.
func (p *Printer) NearEnd(near bool) {
	p.turn(false, func(c *condition) { c.nearEnd = near })
}

// Cover opens or closes the cover.
func (p *Printer) Cover(open bool) {
	p.turn(open, func(c *condition) { c.cover = open })
}

// Jam puts something into the cutter, which the printer notices at once, or removes it. After the removal an Epson or
// generic printer stays in error until DLE ENQ 1 or 2, DLE DC4 8 or a power cycle; the others recover by themselves.
func (p *Printer) Jam(jammed bool) {
	p.turn(jammed, func(c *condition) {
		c.jammed = jammed
		c.jamError = jammed || c.jamError && !p.t.jamHeals
	})
}

// HeadHot makes the head too hot, or lets it cool down; the printer then goes on by itself.
func (p *Printer) HeadHot(hot bool) {
	p.turn(hot, func(c *condition) { c.hot = hot })
}

// Take pulls the ticket out of the mouth, if there is one.
func (p *Printer) Take() {
	p.turn(false, func(*condition) { p.leave(positionTaken) })
}

// Silence cuts or mends the wire on which the printer answers. What it would have said meanwhile is lost.
func (p *Printer) Silence(on bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.state.silent = on
	p.tx = transmitter{}
}

// PowerOff cuts the power: the paper stops where it is and the memory is lost.
func (p *Printer) PowerOff() {
	p.turn(true, func(c *condition) {
		c.off, c.bootAt = true, time.Time{}
		p.ram = ram{}
	})
}

// PowerOn switches the printer on. A second later it is ready; until then it is as if it had no power. It says nothing by
// itself, except XON where that is its flow control.
func (p *Printer) PowerOn() {
	p.turn(false, func(c *condition) {
		if c.off && c.bootAt.IsZero() {
			c.bootAt = time.Now().Add(bootTime)
		}
	})
}

// Unplug pulls the cable: bytes on their way are lost, Serve ends, the printer keeps its power and its memory. It does
// nothing when no line is connected.
func (p *Printer) Unplug() {
	p.mu.Lock()
	l := p.line
	p.mu.Unlock()
	if l != nil {
		l.drop(errUnplugged)
	}
}
