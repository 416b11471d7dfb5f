// SPDX-License-Identifier: EUPL-1.2

package office

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/queue"
)

const (
	// maxAge is how old a press may be: a clerk who pressed longer ago has seen
	// that nothing happened and may have walked away.
	maxAge     = 5 * time.Second
	pressQueue = 16
	remembered = 64 // replies that a box may ask for again
)

// arrival is a press with the earliest moment at which it can have been sent; zero: it names no
// heartbeat, and nobody can tell.
type arrival struct {
	press fwproto.Press
	sent  time.Time
}

// Event takes what a device sent. It never blocks: a press that finds no place is
// lost, and its box sends it again.
func (f *Office) Event(device string, payload []byte) {
	b, ok := f.members.box(device)
	if !ok {
		return
	}
	press, err := fwproto.Decode[fwproto.Press](payload)
	if unknown, ok := errors.AsType[*fwproto.Error](err); ok && unknown.Class == fwproto.UnknownType {
		if boot, seq, err := fwproto.EventID(payload); err == nil {
			f.link.Reply(device, fwproto.Reply{Boot: boot, Seq: seq, Status: fwproto.Denied}) // SPEC 5.1.5
			return
		}
	}
	if err != nil {
		b.log.Warn("box sends what is not a press", slog.String("device", device), slog.Any("error", err))
		return
	}
	a := arrival{press: press}
	if press.Epoch != 0 && press.Beat != 0 {
		way, ok := f.link.Transit(press.Epoch, press.Beat, time.Duration(press.SinceMS)*time.Millisecond)
		if !ok { // it is of another connection of ours; its box, if it still waits, asks again
			f.link.Reply(device, fwproto.Reply{Boot: press.Boot, Seq: press.Seq, Status: fwproto.Busy})
			return
		}
		a.sent = time.Now().Add(-way)
	}
	select {
	case b.presses <- a:
	default:
		f.link.Reply(device, fwproto.Reply{Boot: press.Boot, Seq: press.Seq, Status: fwproto.Busy})
	}
}

// box turns the presses of one box into commands, one after another.
type box struct {
	id      string
	counter queue.CounterID
	engine  *queue.Engine
	link    Link
	screens *screens
	log     *slog.Logger
	presses chan arrival

	replies []fwproto.Reply // newest last
}

func (b *box) run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case a := <-b.presses:
			if ctx.Err() != nil {
				continue // of several cases that are ready, select takes any
			}
			b.screens.hold(b.id)
			if reply, ok := b.answer(ctx, a); ok {
				b.link.Reply(b.id, reply)
			}
			b.screens.release(b.id)
		}
	}
}

// answer carries a press out, or finds the reply that it got before. There is none
// when the outcome is not known: the box will ask again.
func (b *box) answer(ctx context.Context, a arrival) (fwproto.Reply, bool) {
	p := a.press
	for _, r := range b.replies {
		if r.Boot == p.Boot && r.Seq == p.Seq {
			return r, true
		}
	}
	reply := fwproto.Reply{Boot: p.Boot, Seq: p.Seq}
	age := time.Duration(p.AgeMS)*time.Millisecond + time.Since(a.sent)
	command, known := commandOf(p.Key, b.counter, queue.Revision(p.Rev))
	switch {
	case a.sent.IsZero(), age > maxAge: // SPEC 5.1.4
		reply.Status = fwproto.Stale
	case !known:
		reply.Status = fwproto.Denied
	default:
		by := queue.Actor{
			Role: queue.RoleCounter, ID: b.id,
			Request: queue.RequestID(fmt.Sprintf("press:%s:%08x:%d", b.id, p.Boot, p.Seq)),
		}
		records, err := b.engine.Do(ctx, by, command)
		status, final := statusOf(err)
		if !final {
			b.log.Error("press not carried out", slog.String("device", b.id), slog.Any("error", err))
			return reply, false
		}
		reply.Status, reply.Number = status, b.calledNumber(records)
	}
	if status, ok := b.engine.View().Counter(b.counter); ok {
		reply.Rev = uint64(status.Seen)
	}
	b.replies = append(b.replies, reply)
	b.replies = b.replies[max(0, len(b.replies)-remembered):]
	return reply, true
}

// commandOf returns what a key wishes at a counter, false for a key that is not known.
func commandOf(key fwproto.Key, counter queue.CounterID, seen queue.Revision) (queue.Command, bool) {
	switch key {
	case fwproto.KeyNext:
		return queue.CallNext{Counter: counter, Seen: seen}, true
	case fwproto.KeyRecall:
		return queue.Recall{Counter: counter, Seen: seen}, true
	case fwproto.KeyStart:
		return queue.Start{Counter: counter, Seen: seen}, true
	case fwproto.KeyFinish:
		return queue.Finish{Counter: counter, Seen: seen}, true
	case fwproto.KeyNoShow:
		return queue.GiveUp{Counter: counter, Seen: seen}, true
	}
	return nil, false
}

// statusOf maps the engine's answer; final is false when the press may still come
// true if it is sent again.
func statusOf(err error) (status fwproto.Status, final bool) {
	if err == nil {
		return fwproto.OK, true
	}
	refusal, ok := errors.AsType[*queue.Refusal](err)
	switch {
	case !ok:
		return 0, false
	case refusal.Code == queue.RefusedConflict:
		return fwproto.Conflict, true
	}
	return fwproto.Denied, true
}

// calledNumber returns the number that the records call, "" if they call none.
func (b *box) calledNumber(records []queue.Record) string {
	for _, r := range records {
		switch e := r.Event.(type) {
		case queue.TicketCalled:
			return b.number(e.Ticket)
		case queue.TicketRecalled:
			return b.number(e.Ticket)
		}
	}
	return ""
}

func (b *box) number(id queue.TicketID) string {
	if t := b.engine.View().Ticket(id); t != nil {
		return t.Number
	}
	return ""
}
