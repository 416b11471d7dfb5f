// SPDX-License-Identifier: EUPL-1.2

package thermal

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/escpos"
)

// gate asks whether a slip would come out now; nil: it would.
func (s *session) gate(ctx context.Context) *device.Fault {
	if err := s.ask(ctx); err != nil {
		return asFault(err)
	}
	if fault := s.status.Stopping(); fault != nil {
		return fault
	}
	if !s.cleared {
		return &device.Fault{Code: device.FaultUncleared}
	}
	return s.emptyMouth(ctx)
}

// emptyMouth waits a while until the slip before was taken. To take back or throw out one that
// nobody takes is the presenter's business, which the profile sets up.
func (s *session) emptyMouth(ctx context.Context) *device.Fault {
	for !s.mouth.IsZero() {
		presented := &device.Fault{Code: device.FaultPresented}
		if time.Since(s.mouth) >= takenWithin {
			return presented
		}
		if err := s.listen(ctx, pollEvery); err != nil {
			if ctx.Err() != nil {
				return presented
			}
			return asFault(err)
		}
		if err := s.ask(ctx); err != nil {
			return asFault(err)
		}
		if fault := s.status.Stopping(); fault != nil {
			return fault
		}
	}
	return nil
}

// print makes one paper. An error before its first byte was taken is a failure, any later one
// makes the outcome unknown. An attempt is returned if the port was lost behind the last byte, and
// the printer may yet prove that the paper came out.
func (s *session) print(ctx context.Context, j device.Job) (device.Outcome, *attempt) {
	fault := s.gate(ctx)
	if fault != nil && fault.Code == device.FaultUncleared && s.cleanse(ctx) == nil {
		fault = s.emptyMouth(ctx)
	}
	if fault != nil {
		return failed(fault), nil
	}
	profile := &s.o.Profile
	if lost := profile.Unprintable(j); lost != nil {
		s.o.Log.Warn("the printer has no such letters", slog.String("letters", string(lost)))
	}
	a, err := s.prepare(ctx, j)
	if err != nil {
		return failed(asFault(err)), nil
	}
	pieces := profile.Pieces(j)
	_, a.mm = profile.Measure(pieces)
	if s.past.litter && profile.Cuts == nil {
		pieces, a.severs = append([][]byte{profile.Sever()}, pieces...), true
	}
	for _, piece := range pieces {
		a.size += len(piece)
	}
	sent, err := s.send(ctx, pieces, a)
	if sent == 0 {
		return failed(asFault(err)), nil
	}
	a.whole = sent == a.size
	level := device.LevelNone
	if err == nil {
		level, err = s.confirm(ctx, a)
	}
	if err != nil {
		return s.settle(ctx, a, err)
	}
	return s.printed(ctx, a, level), nil
}

// prepare makes the printer ready to prove the slip, and lets the caller write the attempt down.
func (s *session) prepare(ctx context.Context, j device.Job) (attempt, error) {
	profile := &s.o.Profile
	a := attempt{id: j.ID, cuts: -1, ons: -1, ended: -1}
	s.past.forget(j.ID)
	s.finished, s.flagged = escpos.Done{}, false
	patience := answerWithin
	if s.past.litter && profile.Cuts != nil {
		// A cut of its own, before the cuts are counted.
		if _, err := s.write(ctx, profile.Sever()); err != nil {
			return a, err
		}
		patience = profile.Patience(0, 0)
	}
	if profile.ResetEnded() != nil {
		if err := s.reset(ctx); err != nil {
			return a, err
		}
		if s.counts {
			a.ended = s.ended
		}
	}
	if a.cuts = s.count(ctx, profile.Cuts, profile.AnswerCuts, patience); a.cuts >= 0 {
		a.ons = s.count(ctx, profile.PowerUps, profile.AnswerPowerUps, answerWithin)
	}
	if s.lost != nil {
		return a, s.lost
	}
	if j.Begin != nil {
		if err := j.Begin(a.evidence()); err != nil {
			return a, &device.Fault{Code: device.FaultBusy, Detail: "the attempt could not be written down: " + err.Error()}
		}
	}
	return a, nil
}

// reset has the counter of ended jobs begin at one, so that nothing but this slip can make it two:
// a printer that was switched off and on meanwhile counts from zero. One that has a flag in its place
// begins without it.
func (s *session) reset(ctx context.Context) error {
	begin, first := s.o.Profile.ResetEnded(), 0
	if s.counts {
		begin, first = append(begin, s.o.Profile.EndJob()...), 1
	}
	if _, err := s.write(ctx, begin); err != nil {
		return err
	}
	for deadline := time.Now().Add(answerWithin); ; {
		if err := s.ask(ctx); err != nil {
			return err
		}
		if s.ended == first {
			s.flagged = false
			return nil
		}
		if time.Now().After(deadline) {
			return &device.Fault{Code: device.FaultUncleared, Detail: "its counter of ended jobs does not begin anew"}
		}
		if err := s.listen(ctx, quiet/4); err != nil {
			return err
		}
	}
}

// count asks for one of the printer's counters; -1: it has none.
func (s *session) count(ctx context.Context, question []byte, answer func(escpos.Reply) (int, bool), within time.Duration) int {
	if question == nil || slices.ContainsFunc(s.deaf, func(q []byte) bool { return bytes.Equal(q, question) }) {
		return -1
	}
	if _, err := s.write(ctx, question); err != nil {
		return -1
	}
	value := -1
	err := s.await(ctx, within, func(r escpos.Reply) bool {
		n, ok := answer(r)
		if ok {
			value = n
		}
		return ok
	})
	if errors.Is(err, errSilent) {
		s.deaf = append(s.deaf, question)
	}
	return value
}

// printed is the outcome of a slip that is out, or sent, with what the printer told besides.
func (s *session) printed(ctx context.Context, a attempt, level device.Level) device.Outcome {
	s.past.litter = false
	outcome := device.Outcome{Result: device.ResultPrinted, Level: level, Length: s.length(ctx, a)}
	if level == device.LevelNone {
		outcome.Result = device.ResultSent
	}
	if faults := s.status.Faults(); len(faults) > 0 {
		outcome.Fault = &faults[0]
	}
	return outcome
}

// length returns the millimetres of paper since the slip before, or the estimate for this one.
func (s *session) length(ctx context.Context, a attempt) int {
	before := s.past.meter
	if before < 0 {
		return a.mm
	}
	s.past.meter = s.count(ctx, s.o.Profile.Meter, s.o.Profile.AnswerMeter, answerWithin)
	if used := s.past.meter - before; s.past.meter >= 0 && used > 0 {
		return 10 * used
	}
	return a.mm
}

// at is the profile with the length of this slip, from which follows what time it takes.
func (s *session) at(a attempt) *escpos.Profile {
	p := s.o.Profile
	p.Length = max(p.Length, a.mm)
	return &p
}
