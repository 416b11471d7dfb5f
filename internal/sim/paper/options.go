// SPDX-License-Identifier: EUPL-1.2

package paper

import (
	"fmt"
	"time"
)

// Options says what printer it is and how it is connected. The zero value is an Epson-like printer for 80 mm paper on a
// 19200 baud line with hardware flow control.
type Options struct {
	// Model is the dialect that the printer speaks; empty means Epson.
	Model Model

	// Baud is the speed of the line in bits a second; 0 means 19200. A byte takes ten bits.
	Baud int

	// MMPerSecond is the speed of the paper; 0 means 150.
	MMPerSecond float64

	// Dots is the printable width; 0 means what the model has, which is 576 (72 mm, 48 columns of font A), or 512 for
	// EpsonT88. The paper is 4 mm wider on each side.
	Dots int

	// Buffer is the size of the receive buffer in bytes; 0 means 4096. BUSY rises with 128 bytes left, or 16 if the
	// buffer is smaller than 1024, and falls when twice as many are free.
	Buffer int

	// Flow is what the printer does when its buffer is nearly full. With CustomTG2480 it is always NoFlow.
	Flow Flow

	// BusyOffline makes BUSY mean "offline or buffer full", as a switch inside many printers does; otherwise it
	// means "buffer full" alone.
	BusyOffline bool

	// OrderedStatus makes status requests wait their turn in the buffer, as in older kiosk printers. They are then
	// answered only when everything before them is done.
	OrderedStatus bool

	// LenientBits leaves the bits of DLE EOT's answers at 0 that Epson fixes at 1, as some makers do.
	LenientBits bool

	// NoProcessID is an Epson of the years before GS ( H, such as the TM-T88III.
	NoProcessID bool

	// Presenter fits a Star or Nippon printer with one; a Custom has what it has, and others take none.
	Presenter bool

	// TakeAfter is how long a ticket stays in the mouth of a printer with a presenter, or of a CustomTG2480, before
	// somebody pulls it out; 0 means 2 s, a negative value means until Take is called.
	TakeAfter time.Duration

	// Out is called for every sheet, in order, from within Serve; it may call the printer's methods. The printer
	// does nothing else until it returns. Nil drops the sheets.
	Out func(Sheet)
}

// Flow is a kind of flow control.
type Flow int

const (
	// Hold stops reading from the line, which is what a BUSY wire does to a host that heeds it. A printer without
	// power holds the line too.
	Hold Flow = iota
	// XonXoff sends 13h and 11h and goes on reading; what does not fit is lost.
	XonXoff
	// NoFlow reads on; what does not fit is lost.
	NoFlow
)

func (o Options) withDefaults() Options {
	if o.Model == "" {
		o.Model = Epson
	}
	if o.Baud == 0 {
		o.Baud = 19200
	}
	if o.MMPerSecond == 0 {
		o.MMPerSecond = 150
	}
	t, _ := traitsOf(o.Model)
	if o.Dots == 0 {
		o.Dots = t.dots
	}
	if t.noFlow {
		o.Flow = NoFlow
	}
	if o.Buffer == 0 {
		o.Buffer = 4096
	}
	if o.TakeAfter == 0 {
		o.TakeAfter = 2 * time.Second
	}
	if o.Out == nil {
		o.Out = func(Sheet) {}
	}
	return o
}

func (o Options) check() error {
	_, err := ParseModel(string(o.Model))
	switch {
	case err != nil:
		return err
	case o.Baud < 0, o.MMPerSecond < 0:
		return fmt.Errorf("paper: negative speed: %d baud, %v mm/s", o.Baud, o.MMPerSecond)
	case o.Dots < 64 || o.Dots > 2048:
		return fmt.Errorf("paper: a print width of %d dots: want 64 to 2048", o.Dots)
	case o.Buffer < 32 || o.Buffer > 1<<20:
		return fmt.Errorf("paper: a receive buffer of %d bytes: want 32 to 1048576", o.Buffer)
	case o.Flow < Hold || o.Flow > NoFlow:
		return fmt.Errorf("paper: unknown flow control %d", o.Flow)
	}
	return nil
}

// slack is the room, in bytes, at which BUSY rises.
func (o Options) slack() int {
	if o.Buffer < 1024 {
		return min(16, o.Buffer/4)
	}
	return 128
}

func (o Options) byteTime(n int) time.Duration {
	return time.Duration(n) * 10 * time.Second / time.Duration(o.Baud)
}

// traits is the model's dialect with the options that change it.
func (o Options) traits() traits {
	t, _ := traitsOf(o.Model)
	if o.NoProcessID {
		t.confirm = false
	}
	if o.Presenter && (t.star || t.nippon) {
		t.mouth = automatic
	}
	return t
}
