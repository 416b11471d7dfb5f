// SPDX-License-Identifier: EUPL-1.2

package config

import (
	"fmt"
	"strings"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// Board is what hangs on the board's own wires. None of it has a password.
type Board struct {
	Buttons   []Button
	Lamps     []Lamp
	Panels    []PanelLine
	Protocols []PanelProtocol
}

// Button is a key at a counter on a GPIO line.
type Button struct {
	ID         string
	Counter    queue.CounterID
	Key        Key
	Line       string // as GPIO17, gpiochip0:17 or a chip's label, a colon and a name
	Pull       Pull
	ActiveHigh bool          // the pressed key brings the line up
	Long       time.Duration // how long the key has to be held for LongKey; 0: it has none
	LongKey    Key           // "" without Long
}

// Key is what a press wishes.
type Key string

// The keys.
const (
	KeyNext   Key = "next"
	KeyRecall Key = "recall"
	KeyStart  Key = "start"
	KeyFinish Key = "finish"
	KeyNoShow Key = "no_show"
)

// Pull is the resistor that the board puts to a line.
type Pull string

// The pulls.
const (
	PullUp   Pull = "up"
	PullDown Pull = "down"
	PullNone Pull = "none" // it is outside
)

// Lamp is a lamp at a counter on a GPIO line.
type Lamp struct {
	ID        string
	Counter   queue.CounterID
	Line      string // as of a [Button]
	ActiveLow bool   // lit while the line is low
}

// longestLong leaves a long press time to be carried out before it is too old.
const longestLong = 3 * time.Second

const (
	wantLine    = "the name of a GPIO line such as GPIO17, or chip:number such as gpiochip0:17"
	wantCounter = "the id of the counter it stands at"
)

func (r *reader) board(v value, printers []Printer) Board {
	s := v.section()
	lines := map[string]int{}
	b := Board{
		Buttons:   r.buttonList(s.field("buttons"), lines),
		Lamps:     r.lampList(s.field("lamps"), lines),
		Panels:    r.panelLines(s.field("panels"), printers),
		Protocols: protocolList(s.field("protocols")),
	}
	s.done()
	return b
}

func (r *reader) buttonList(v value, lines map[string]int) []Button {
	var out []Button
	for _, item := range v.items("{id, counter, key, line, pull, active_high, long, long_key}") {
		s := item.section()
		b := Button{
			ID:      r.devices.define(s.field("id")),
			Counter: r.counterOf(s.field("counter"), wantCounter),
			Key:     key(s.need("key", wantKey)),
			Line:    gpioLine(s.need("line", wantLine), lines),
			Pull:    choice(s.field("pull"), DefaultPull, PullUp, PullDown, PullNone),
		}
		// A key that is held down by a resistor can only be pressed upwards.
		b.ActiveHigh = s.field("active_high").truth(b.Pull == PullDown)
		long, longKey := s.field("long"), s.field("long_key")
		switch {
		case !longKey.absent():
			b.LongKey = key(longKey)
			b.Long = long.span(DefaultLong, 500*time.Millisecond, longestLong)
			if b.LongKey != "" && b.LongKey == b.Key {
				longKey.report(longKey.is()+" is what a short press does", "another key, or no long press")
			}
		case !long.absent():
			longKey.report("missing", "what a long press does, or no long")
		}
		s.done()
		out = append(out, b)
	}
	return out
}

const wantKey = "next, recall, start, finish or no_show"

func key(v value) Key {
	return choice(v, "", KeyNext, KeyRecall, KeyStart, KeyFinish, KeyNoShow)
}

func (r *reader) lampList(v value, lines map[string]int) []Lamp {
	var out []Lamp
	for _, item := range v.items("{id, counter, line, active_low}") {
		s := item.section()
		out = append(out, Lamp{
			ID:        r.devices.define(s.field("id")),
			Counter:   r.counterOf(s.field("counter"), wantCounter),
			Line:      gpioLine(s.need("line", wantLine), lines),
			ActiveLow: s.field("active_low").truth(false),
		})
		s.done()
	}
	return out
}

// gpioLine reads the name of a line that nothing else has.
func gpioLine(v value, used map[string]int) string {
	s, ok := v.text(wantLine)
	if !ok {
		return ""
	}
	chip, name, parted := strings.Cut(s, ":")
	if strings.ContainsAny(s, " \t/") || parted && (chip == "" || name == "") {
		v.report(v.is(), wantLine)
		return ""
	}
	if line, twice := used[s]; twice {
		v.report(fmt.Sprintf("%s has the one on line %d already", v.is(), line), "a GPIO line of its own")
	}
	used[s] = v.line
	return s
}
