// SPDX-License-Identifier: EUPL-1.2

package schedule

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"math/bits"
	"slices"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// digest is a hash over records: every field of every event, a word at a time. It
// tells runs apart and is no protection against anybody. The zero value has seen nothing.
type digest struct{ sum uint64 }

func (d *digest) int(n int64) { d.word(uint64(n)) }

func (d *digest) word(w uint64) {
	hi, lo := bits.Mul64(d.sum^w^0x9e3779b97f4a7c15, 0xd6e8feb86659fd93)
	d.sum = bits.RotateLeft64(hi^lo, 23) + w
}

func (d *digest) str(s string) {
	d.int(int64(len(s)))
	for len(s) >= 8 {
		d.word(binary.LittleEndian.Uint64([]byte(s[:8])))
		s = s[8:]
	}
	w := uint64(0)
	for i := range len(s) {
		w = w<<8 | uint64(s[i])
	}
	d.word(w)
}

func (d *digest) time(t time.Time) {
	if t.IsZero() {
		d.int(0)
		return
	}
	d.int(t.UnixMilli())
}

func (d *digest) bool(b bool) {
	if b {
		d.int(1)
		return
	}
	d.int(0)
}

func (d *digest) record(r queue.Record) {
	d.int(int64(r.Seq))
	d.time(r.At)
	d.str(string(r.By.Role))
	d.str(r.By.ID)
	d.str(string(r.By.Request))
	d.str(queue.EventKind(r.Event))
	d.event(r.Event)
}

func (d *digest) numbers(next map[queue.SeriesID]int) {
	d.int(int64(len(next)))
	for _, id := range slices.Sorted(maps.Keys(next)) {
		d.str(string(id))
		d.int(int64(next[id]))
	}
}

func (d *digest) event(e queue.Event) {
	switch e := e.(type) {
	case queue.SettingsChanged:
		body, err := json.Marshal(e.Settings)
		d.str(string(body))
		d.bool(err != nil)
	case queue.DayOpened:
		d.str(string(e.Date))
		d.numbers(e.Next)
		for _, id := range slices.Sorted(maps.Keys(e.Issued)) {
			d.str(string(id))
			d.int(int64(e.Issued[id]))
		}
		d.bool(e.Skipped)
	case queue.NumbersSkipped:
		d.str(string(e.Date))
		d.numbers(e.Next)
	case queue.DayClosed:
		d.str(string(e.Date))
	case queue.ClockStepped:
		d.int(int64(e.By))
	case queue.CounterOpened:
		d.str(string(e.Counter))
	case queue.CounterPaused:
		d.str(string(e.Counter))
		d.str(e.Reason)
		d.time(e.Until)
	case queue.CounterClosed:
		d.str(string(e.Counter))
	case queue.SlipRequested:
		d.int(int64(e.Ticket))
		d.int(int64(e.Attempt))
		d.str(e.Printer)
		d.bool(e.Copy)
	case queue.SlipPrinted:
		d.slip(e.Ticket, e.Attempt, e.Level)
	case queue.SlipSent:
		d.slip(e.Ticket, e.Attempt, "")
	case queue.SlipFailed:
		d.slip(e.Ticket, e.Attempt, e.Fault)
	case queue.SlipUnknown:
		d.slip(e.Ticket, e.Attempt, e.Fault)
	default:
		d.ticket(e)
	}
}

func (d *digest) ticket(e queue.Event) {
	switch e := e.(type) {
	case queue.TicketIssued:
		d.int(int64(e.Ticket))
		d.str(e.Number)
		d.str(string(e.Series))
		d.int(int64(e.Ordinal))
		d.str(string(e.Service))
		d.str(string(e.Class))
		d.str(string(e.Channel))
		d.str(e.Language)
		d.time(e.Due)
		d.time(e.Slot)
		d.str(e.Printer)
	case queue.TicketCalled:
		d.step(e.Ticket, e.Counter, e.Reason, int64(e.Wait))
	case queue.TicketRecalled:
		d.step(e.Ticket, e.Counter, "", int64(e.Call))
	case queue.ServiceStarted:
		d.step(e.Ticket, e.Counter, "", int64(e.Walk))
	case queue.TicketReturned:
		d.step(e.Ticket, e.Counter, "", 0)
	case queue.TicketParked:
		d.step(e.Ticket, e.Counter, e.Reason, int64(e.Service))
	case queue.TicketTransferred:
		d.step(e.Ticket, e.Counter, string(e.Service), int64(e.Spent))
		d.str(string(e.To))
		d.time(e.Due)
	case queue.TicketPassed:
		d.step(e.Ticket, "", "", int64(e.By))
	case queue.TicketReclassified:
		d.step(e.Ticket, "", string(e.Class), 0)
	case queue.CallUndone:
		d.step(e.Ticket, e.Counter, "", int64(e.After))
	case queue.StepUndone:
		d.step(e.Ticket, e.Counter, string(e.Service), int64(e.Spent))
		d.int(int64(e.After))
		d.bool(e.Answered)
	case queue.TicketClosed:
		d.step(e.Ticket, e.Counter, e.Reason, int64(e.Service))
		d.str(string(e.End))
		d.str(e.Outcome)
	default:
		panic(fmt.Sprintf("schedule: the digest does not know %T", e))
	}
}

func (d *digest) slip(id queue.TicketID, attempt int, note string) {
	d.int(int64(id))
	d.int(int64(attempt))
	d.str(note)
}

func (d *digest) step(id queue.TicketID, counter queue.CounterID, note string, n int64) {
	d.int(int64(id))
	d.str(string(counter))
	d.str(note)
	d.int(n)
}
