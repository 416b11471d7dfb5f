// SPDX-License-Identifier: EUPL-1.2

package thermal

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/escpos"
)

const (
	chunkSize  = 256              // bytes of a slip between two looks at what comes back
	coolWithin = 30 * time.Second // a line that a hot head holds
)

// send writes a slip step by step and returns how many bytes were taken. It stops at the first fault
// that the printer tells of, and where it may have started anew. A line without flow control never
// has more bytes on it than the printer's buffer holds: the printer is asked to tell when it has
// worked them off, or is given the time that it needs.
func (s *session) send(ctx context.Context, pieces [][]byte, a attempt) (int, error) {
	s.converse()
	s.attend()
	profile := &s.o.Profile
	room := s.room()
	if a.size <= room {
		room = 0
	}
	tells := profile.Ordered != nil || profile.EndJob() != nil
	all := s.portions(pieces, a, room)
	var open portion // what was sent since the printer has last come to a question
	sent := 0
	for i, part := range all {
		var err error
		switch {
		case i == 0:
		case tells && (!profile.RealTime || room > 0 && len(open.data)+len(part.data) > room):
			err = s.acknowledged(ctx, open, a)
			open = portion{}
		case profile.RealTime:
			err = s.pulse(ctx, a)
			open.data = append(open.data, profile.Questions()[0]...) // it lies in the buffer too
		}
		if err == nil {
			err = s.suspect(a)
		}
		if err != nil {
			return sent, err
		}
		if i == len(all)-1 {
			s.expect(s.ordered())
		}
		part.chunk = chunkSize
		if room > 0 {
			part.chunk = min(chunkSize, room)
		}
		part.timed = room > 0 && (!tells || len(part.data) > room)
		s.allow(s.answerTime(part))
		n, err := s.stream(ctx, part)
		sent += n
		if err != nil {
			return sent, err
		}
		open.data, open.mm = append(open.data, part.data...), open.mm+part.mm
	}
	return sent, nil
}

// answerTime is how long it takes until the printer answers a question behind a portion.
func (s *session) answerTime(part portion) time.Duration {
	p := &s.o.Profile
	if p.RealTime {
		return s.lineTime(len(part.data))
	}
	d := s.lineTime(len(part.data)) + time.Duration(part.mm)*time.Second/time.Duration(max(1, p.Speed))
	if part.cuts {
		d += p.CutTime
	}
	return d
}

// room is how many bytes may be on their way on a line without flow control; 0: any number.
func (s *session) room() int {
	p := &s.o.Profile
	if s.o.Flow != "none" || s.o.Baud <= 0 || p.Buffer <= 0 {
		return 0
	}
	n := p.Buffer - p.Slack - len(p.Ordered)
	if p.RealTime {
		n -= 2 * len(p.Questions()[0]) // behind the slip, and behind the step before
	}
	return max(1, n)
}

// portion is a part of a slip behind which no command is open.
type portion struct {
	data  []byte
	mm    int  // of paper
	cuts  bool // there is a cut in it
	chunk int  // bytes of it at a time
	timed bool // the printer gets the time that it needs for each chunk
}

// portions cuts a slip into steps: none takes long on the line or, where the question behind it
// waits for the paper, on that; none has more than room bytes, if that is not 0. A piece that is
// longer stays alone. The cut, and what asks whether it is done, come last, alone.
func (s *session) portions(pieces [][]byte, a attempt, room int) []portion {
	p := &s.o.Profile
	each, whole := p.Measure(pieces)
	bytes, mm := a.size, whole
	if p.RealTime || p.Ordered != nil {
		mm = int(stepTime * time.Duration(p.Speed) / time.Second)
		if s.o.Baud > 0 {
			bytes = max(leastStep, int(stepTime*time.Duration(s.o.Baud)/(10*time.Second)))
		}
	}
	if room > 0 {
		bytes = min(bytes, room)
	}
	tail := len(pieces) - 1
	if asks(p) {
		tail-- // the question
	}
	var out []portion
	for i, piece := range pieces {
		cuts := i == tail || i == 0 && a.severs
		begins := i == 0 || i == tail || i == 1 && a.severs
		last := len(out) - 1
		if begins || len(out[last].data)+len(piece) > bytes || i < tail && out[last].mm+each[i] > mm {
			out = append(out, portion{data: slices.Clone(piece), mm: each[i], cuts: cuts})
			continue
		}
		out[last].data = append(out[last].data, piece...)
		out[last].mm += each[i]
	}
	for _, n := range each {
		whole -= n
	}
	out[len(out)-1].mm += max(0, whole) // from the head to the blade
	return out
}

// acknowledged waits until the printer has worked off a portion.
func (s *session) acknowledged(ctx context.Context, part portion, a attempt) error {
	p := s.o.Profile
	p.Length = max(p.Length, part.mm)
	patience := p.Patience(len(part.data), s.o.Baud)
	if end := p.EndJob(); end != nil {
		return s.ends(ctx, end, patience)
	}
	if p.RealTime { // an answer in the middle of printing was allowed for
		s.allow(p.Paces(len(part.data), s.o.Baud))
	}
	if err := s.order(ctx); err != nil {
		return err
	}
	start := time.Now()
	for deadline := start.Add(s.patience(a, patience)); !s.reached; {
		if fault := s.halted(); fault != nil {
			return fault
		}
		left := time.Until(deadline)
		if left <= 0 {
			return errSilent
		}
		s.watch(start, a)
		err := s.await(ctx, min(pollEvery, left), func(escpos.Reply) bool { return s.reached || s.halted() != nil })
		if err != nil && !errors.Is(err, errSilent) {
			return err
		}
	}
	return nil
}

// ends has the printer count what it has so far as a job, and begins to count anew.
func (s *session) ends(ctx context.Context, end []byte, patience time.Duration) error {
	before := s.ended
	s.flagged = false
	if _, err := s.write(ctx, end); err != nil {
		return err
	}
	for deadline := time.Now().Add(patience); s.counts && s.ended != before+1 || !s.counts && !s.flagged; {
		if time.Now().After(deadline) {
			return errSilent
		}
		if err := s.listen(ctx, quiet); err != nil {
			return err
		}
		if err := s.ask(ctx); err != nil {
			return err
		}
		if fault := s.halted(); fault != nil {
			return fault
		}
	}
	return s.reset(ctx)
}

// stream writes chunk after chunk. A line that is held is an error, unless it is the heat of the
// head that holds it.
func (s *session) stream(ctx context.Context, part portion) (int, error) {
	sent := 0
	for chunk := range slices.Chunk(part.data, part.chunk) {
		n, err := s.patiently(ctx, chunk)
		sent += n
		if err != nil {
			return sent, err
		}
		s.drain()
		if part.timed {
			if err := s.listen(ctx, s.lineTime(n)+s.share(part, n)); err != nil {
				return sent, err
			}
		}
		if fault := s.halted(); fault != nil {
			return sent, fault
		}
	}
	return sent, nil
}

// share is the time that the paper needs for n bytes of a portion.
func (s *session) share(part portion, n int) time.Duration {
	paper := time.Duration(part.mm) * time.Second / time.Duration(max(1, s.o.Profile.Speed))
	return paper * time.Duration(n) / time.Duration(len(part.data))
}

// patiently writes a chunk, for as long as the head must cool down.
func (s *session) patiently(ctx context.Context, chunk []byte) (int, error) {
	sent := 0
	for deadline := time.Now().Add(coolWithin); ; {
		n, err := s.put(ctx, chunk[sent:])
		sent += n
		if !errors.Is(err, errHeld) {
			return sent, err
		}
		s.drain()
		if s.status&escpos.HeadHot == 0 || time.Now().After(deadline) {
			s.lose(errHeld)
			return sent, errHeld
		}
	}
}

// halted returns the fault that ends a slip under way. A hot head does not: it cools down and
// goes on.
func (s *session) halted() *device.Fault {
	fault := s.status.Stopping()
	if fault == nil || fault.Code == device.FaultHeadHot {
		return nil
	}
	return fault
}

// ordered returns how many ordered questions a slip ends with.
func (s *session) ordered() int {
	if s.o.Profile.Confirmation == escpos.ConfirmationOrdered {
		return 1
	}
	return 0
}

// expect notes that so many more ordered questions go out now.
func (s *session) expect(n int) {
	s.asked += n
	s.answered, s.reached = false, false
}

// order asks the question that the printer comes to when everything before is worked off.
func (s *session) order(ctx context.Context) error {
	s.expect(1)
	_, err := s.write(ctx, s.o.Profile.Ordered)
	return err
}
