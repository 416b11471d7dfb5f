// SPDX-License-Identifier: EUPL-1.2

package office

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/internal/health"
	"github.com/avanti-queue/avanti/queue"
)

// keepEvery is how often a roll's figures are written down, unless the roll was changed.
const keepEvery = time.Minute

// Memory keeps a little of each device across restarts.
type Memory interface {
	// DeviceState returns what was kept last; nil: nothing.
	DeviceState(ctx context.Context, id string) ([]byte, error)
	// SetDeviceState keeps the state in place of the one before.
	SetDeviceState(ctx context.Context, id string, state []byte) error
}

// condition is what is known of a printer: what is wrong with it and how much paper it has.
// Whatever changes is shown to the staff.
type condition struct {
	id      string
	whole   int // metres of a whole roll as configured; 0: not known
	length  int // mm of an ordinary slip
	health  *health.Board
	metrics *metrics
	memory  Memory // nil: nothing is kept

	keeping sync.Mutex // held while notes are written down: older ones must not replace newer ones

	mu     sync.Mutex
	asked  bool // whether the printer has ever told anything
	faults []device.Fault
	notes  notes
	kept   notes // as written down
	keptAt time.Time
}

// notes are what is kept of a printer across restarts.
type notes struct {
	roll
	// Begun is the newest attempt at a slip that the printer gave evidence for.
	Begun begun `json:"begun,omitzero"`
}

// begun is an attempt at a slip whose first byte may have gone out, and what the printer will
// know it by; see [device.Witness].
type begun struct {
	Ticket   queue.TicketID `json:"ticket"`
	Attempt  int            `json:"attempt"`
	Evidence string         `json:"evidence"`
}

func newCondition(p Printer, o Options, m *metrics) *condition {
	m.begin(p.ID)
	return &condition{id: p.ID, whole: p.Roll, length: p.SlipLength, health: o.Health, metrics: m, memory: o.Memory}
}

// stopping returns the newest known fault that keeps slips from coming out; nil: one would
// come out now.
func (c *condition) stopping() *device.Fault {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.asked {
		return &device.Fault{Code: device.FaultNotAnswering, Detail: "not asked yet"}
	}
	for _, f := range c.faults {
		if f.Stops() {
			return &f
		}
	}
	return nil
}

// told notes everything that is wrong; none: nothing is.
func (c *condition) told(faults []device.Fault) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.set(joined(faults))
}

// met notes what a question or a slip met with, which tells of one fault at most.
func (c *condition) met(f *device.Fault) {
	c.mu.Lock()
	defer c.mu.Unlock()
	stops := f != nil && f.Stops()
	if stops && slices.ContainsFunc(c.faults, func(o device.Fault) bool { return o.Code == f.Code }) {
		c.set(c.faults) // known, perhaps with others
		return
	}
	faults := slices.DeleteFunc(slices.Clone(c.faults), func(o device.Fault) bool {
		return o.Stops() || f != nil && o.Code == f.Code
	})
	if f != nil {
		faults = append(faults, *f)
	}
	c.set(faults)
}

// set shows what has changed. The caller holds mu.
func (c *condition) set(faults []device.Fault) {
	for _, f := range c.faults {
		if !slices.ContainsFunc(faults, func(o device.Fault) bool { return o.Code == f.Code }) {
			c.health.Clear(warningOf(c.id, f).Name, c.id)
			c.metrics.fault.WithLabelValues(c.id, string(f.Code)).Set(0)
		}
	}
	for _, f := range faults {
		c.health.Raise(warningOf(c.id, f))
		c.metrics.fault.WithLabelValues(c.id, string(f.Code)).Set(1)
	}
	c.asked, c.faults = true, faults
	c.notes.look(faults)
	c.showRoll()
}

// printed notes the paper that an attempt has used. One whose fate is unknown may have.
func (c *condition) printed(o device.Outcome) {
	c.metrics.attempt(c.id, o)
	if o.Result == device.ResultFailed {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.notes.print(cmp.Or(max(0, o.Length), c.length))
	c.showRoll()
}

// showRoll says how much paper is left. The caller holds mu.
func (c *condition) showRoll() {
	left, known := c.notes.left(c.whole)
	c.metrics.left(c.id, left, known)
	if !known || left >= lowRoll {
		c.health.Clear("printer_roll_low", c.id)
		return
	}
	c.health.Raise(health.Warning{
		Name: "printer_roll_low", Subject: c.id, Severity: health.Notice,
		Cause: fmt.Sprintf("about %d m are left", (left+metre/2)/metre), Hint: "have a new roll at hand",
	})
}

// state returns what the staff see of the printer.
func (c *condition) state() PrinterState {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := PrinterState{ID: c.id, Ready: c.asked, Used: c.notes.Used}
	for _, f := range c.faults {
		s.Ready = s.Ready && !f.Stops()
		s.Needs = append(s.Needs, warningOf(c.id, f).Name)
	}
	s.Left, s.Known = c.notes.left(c.whole)
	if s.Known && s.Left < lowRoll {
		s.Needs = append(s.Needs, "printer_roll_low")
	}
	return s
}

// recall takes up what was kept.
func (c *condition) recall(ctx context.Context) error {
	if c.memory == nil {
		return nil
	}
	data, err := c.memory.DeviceState(ctx, c.id)
	if err != nil {
		return fmt.Errorf("printer %s: what was kept of it: %w", c.id, err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if data != nil {
		if err := json.Unmarshal(data, &c.notes); err != nil {
			c.notes = notes{}
			return fmt.Errorf("printer %s: what was kept of it: %w", c.id, err)
		}
	}
	c.kept = c.notes
	c.showRoll()
	return nil
}

// keep writes the notes down if that is due. A power cut loses a minute of the roll's figures.
func (c *condition) keep(ctx context.Context, now bool) error {
	if c.memory == nil {
		return nil
	}
	c.keeping.Lock()
	defer c.keeping.Unlock()
	c.mu.Lock()
	n, was := c.notes, c.kept
	changed := n.Used < was.Used || n.Whole != was.Whole || n.Out != was.Out || n.Open != was.Open || n.Begun != was.Begun
	due := n != was && (now || changed || time.Since(c.keptAt) >= keepEvery)
	c.mu.Unlock()
	if !due {
		return nil
	}
	data, err := json.Marshal(n)
	if err == nil {
		err = c.memory.SetDeviceState(ctx, c.id, data)
	}
	if err != nil {
		return fmt.Errorf("printer %s: keep what is known of it: %w", c.id, err)
	}
	c.mu.Lock()
	c.kept, c.keptAt = n, time.Now()
	c.mu.Unlock()
	return nil
}

// begin writes down that an attempt is about to begin, durably, if there will be evidence.
func (c *condition) begin(ctx context.Context, b begun) error {
	if b.Evidence == "" {
		return nil
	}
	c.mu.Lock()
	c.notes.Begun = b
	c.mu.Unlock()
	return c.keep(ctx, true)
}

// evidence returns what was kept for an attempt, "" if nothing.
func (c *condition) evidence(id queue.TicketID, attempt int) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if b := c.notes.Begun; b.Ticket == id && b.Attempt == attempt {
		return b.Evidence
	}
	return ""
}
