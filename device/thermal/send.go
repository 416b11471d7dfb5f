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

// send writes a slip and returns how many bytes were taken. It stops at the first fault that
// the printer tells of. A line without flow control never has more bytes on it than the printer's
// buffer holds: behind each portion the printer is asked to tell when it has worked it off, or is
// given the time that it needs.
func (s *session) send(ctx context.Context, pieces [][]byte, a attempt) (int, error) {
	s.converse()
	profile := &s.o.Profile
	room := s.room()
	all := []portion{{data: slices.Concat(pieces...)}}
	if room > 0 && a.size > room {
		each, _ := profile.Measure(pieces)
		all = portions(pieces, each, room)
	}
	tells := profile.Ordered != nil || profile.EndJob() != nil
	sent := 0
	for i, part := range all {
		if i > 0 && tells {
			if err := s.acknowledged(ctx, all[i-1]); err != nil {
				return sent, err
			}
		}
		if i == len(all)-1 {
			s.expect(s.asks())
		}
		part.chunk = chunkSize
		if room > 0 {
			part.chunk = min(chunkSize, room)
		}
		part.timed = len(all) > 1 && (!tells || len(part.data) > room)
		n, err := s.stream(ctx, part)
		sent += n
		if err != nil {
			return sent, err
		}
	}
	return sent, nil
}

// room is how many bytes may be on their way on a line without flow control; 0: any number.
func (s *session) room() int {
	p := &s.o.Profile
	if s.o.Flow != "none" || s.o.Baud <= 0 || p.Buffer <= 0 {
		return 0
	}
	return max(1, p.Buffer-p.Slack-len(p.Ordered))
}

// portion is a part of a slip behind which no command is open.
type portion struct {
	data  []byte
	mm    int  // of paper
	chunk int  // bytes of it at a time
	timed bool // the printer gets the time that it needs for each chunk
}

// portions joins pieces as long as they have at most n bytes together. A piece that is longer
// stays alone.
func portions(pieces [][]byte, mm []int, n int) []portion {
	var out []portion
	for i, piece := range pieces {
		if last := len(out) - 1; last >= 0 && len(out[last].data)+len(piece) <= n {
			out[last].data = append(out[last].data, piece...)
			out[last].mm += mm[i]
			continue
		}
		out = append(out, portion{data: slices.Clone(piece), mm: mm[i]})
	}
	return out
}

// acknowledged waits until the printer has worked off a portion.
func (s *session) acknowledged(ctx context.Context, part portion) error {
	p := s.o.Profile
	p.Length = max(p.Length, part.mm)
	patience := p.Patience(len(part.data), s.o.Baud)
	if end := p.EndJob(); end != nil {
		return s.ends(ctx, end, patience)
	}
	if err := s.order(ctx); err != nil {
		return err
	}
	err := s.await(ctx, patience, func(escpos.Reply) bool { return s.reached || s.halted() != nil })
	if fault := s.halted(); fault != nil {
		return fault
	}
	return err
}

// ends has the printer count what it has so far as a job, and begins to count anew.
func (s *session) ends(ctx context.Context, end []byte, patience time.Duration) error {
	before := s.ended
	s.flagged = false
	if _, err := s.write(ctx, end); err != nil {
		return err
	}
	for deadline := time.Now().Add(patience); s.ended == before && !s.flagged; {
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

// asks returns how many ordered questions a slip ends with.
func (s *session) asks() int {
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
