// SPDX-License-Identifier: EUPL-1.2

package thermal

import (
	"context"
	"errors"
	"time"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/escpos"
)

const (
	clearWithin   = 3 * time.Second // the clear command
	restartWithin = 2 * time.Second // a printer that clears itself and says nothing of it
)

// settle ends a slip that the printer may or may not have made: it takes what is left of it out
// of the printer, and looks for late proof meanwhile. A port over which that cannot be done is
// given up, so that unsent bytes do not come out later. The attempt is returned if the printer,
// once it is back, may still prove that the paper is out.
func (s *session) settle(ctx context.Context, a attempt, why error) (device.Outcome, *attempt) {
	fault := asFault(why)
	unknown := device.Outcome{Result: device.ResultUnknown, Level: device.LevelNone, Fault: fault}
	told := s.stopped(a) != nil // by the printer: the paper is not out
	intact := s.suspect(a) == nil
	s.silent = s.silent || errors.Is(why, errSilent)
	s.tell() // what follows takes its time
	s.past.litter = true
	s.cleared, s.emptied = false, false
	s.past.lacks = a.size
	s.inStep = a.whole || s.o.Profile.ClearAnswers()
	err := s.cleanse(ctx)
	if s.out(a) {
		return s.printed(ctx, a, device.LevelConfirmed), nil
	}
	if err == nil && a.whole && !told && s.counted(ctx, a) {
		return s.printed(ctx, a, device.LevelOrdered), nil
	}
	if err == nil {
		return unknown, nil
	}
	s.lose(&device.Fault{Code: device.FaultUncleared, Detail: "after " + string(fault.Code)})
	if told || !a.whole || ctx.Err() != nil || !s.provable(a, intact) {
		return unknown, nil
	}
	s.past.due = true
	return unknown, &a
}

// counted reports whether the printer has made one cut since before the slip, and was not off
// meanwhile. An answer to the question by which we cleared it is no proof: it might have been.
func (s *session) counted(ctx context.Context, a attempt) bool {
	profile := &s.o.Profile
	return s.remembers(a) && s.count(ctx, profile.Cuts, profile.AnswerCuts, answerWithin) == a.cuts+1 && s.awake(ctx, a)
}

// awake reports whether the printer, which counts its power-ups, has counted none since before the
// slip.
func (s *session) awake(ctx context.Context, a attempt) bool {
	return s.count(ctx, s.o.Profile.PowerUps, s.o.Profile.AnswerPowerUps, answerWithin) == a.ons
}

// provable reports whether the printer keeps something by which the slip can be proven later. A
// name proves it if the printer was awake all the time until its line was lost, and with that what
// the host still held.
func (s *session) provable(a attempt, intact bool) bool {
	switch s.o.Profile.Confirmation {
	case escpos.ConfirmationProcess, escpos.ConfirmationJob:
		return intact
	case escpos.ConfirmationETB, escpos.ConfirmationOrdered, escpos.ConfirmationTimed, escpos.ConfirmationNone:
	}
	return a.evidence() != ""
}

// hear asks the printer what came out of it, before anything is cleared: it lets one that is well
// finish what it holds, takes the names of jobs that it has held back, and reads its counters. An
// error: it could not be asked yet.
func (s *session) hear(ctx context.Context) error {
	if err := s.ask(ctx); err != nil {
		return err
	}
	if err := s.listen(ctx, quiet); err != nil {
		return err
	}
	profile := &s.o.Profile
	switch fault := s.status.Stopping(); {
	case fault == nil && profile.Ordered != nil:
		if err := s.finish(ctx); err != nil && !profile.ClearAnswers() {
			return err
		}
		s.past.cuts = s.count(ctx, profile.Cuts, profile.AnswerCuts, answerWithin)
		s.past.ons = s.count(ctx, profile.PowerUps, profile.AnswerPowerUps, answerWithin)
	case fault != nil && !profile.ClearAnswers():
		return fault // what it holds may still come out
	}
	if profile.ResetEnded() != nil {
		if err := s.last(ctx); err != nil {
			return err
		}
	}
	s.past.due = false
	s.prove()
	return nil
}

// last waits for the end of a job that the printer may be at, and notes how many have ended.
func (s *session) last(ctx context.Context) error {
	for deadline := time.Now().Add(s.o.Profile.Patience(0, 0)); s.counts && s.ended == 1 && time.Now().Before(deadline); {
		if err := s.listen(ctx, pollEvery); err != nil {
			return err
		}
		if err := s.ask(ctx); err != nil {
			return err
		}
	}
	if s.counts {
		s.past.ended = s.ended
	}
	return nil
}

// finish lets the printer work off what it holds. Of earlier questions it may have lost some; one
// answer and then nothing for long enough is the end too.
func (s *session) finish(ctx context.Context) error {
	if err := s.order(ctx); err != nil {
		return err
	}
	err := s.await(ctx, s.o.Profile.Patience(0, 0), func(escpos.Reply) bool { return s.reached })
	if errors.Is(err, errSilent) && s.answered {
		s.asked = 0
		err = nil
	}
	if err == nil {
		s.clean()
	}
	return err
}

// clean notes that the printer holds nothing.
func (s *session) clean() { s.cleared, s.past.lacks = true, 0 }

// cleanse makes sure that the printer holds nothing of an earlier slip: by its own command, else
// by a question that it only comes to when everything before is worked off.
func (s *session) cleanse(ctx context.Context) error {
	profile := &s.o.Profile
	switch {
	case profile.ClearAnswers():
		err := s.empty(ctx)
		if !errors.Is(err, errSilent) {
			return err
		}
		s.inStep = false
	case profile.Clear != nil && !s.emptied:
		if _, err := s.write(ctx, profile.Clear); err != nil {
			return err
		}
		s.emptied = true
		if err := s.listen(ctx, restartWithin); err != nil {
			return err
		}
	}
	if err := s.ask(ctx); err != nil {
		return err
	}
	if profile.Ordered == nil {
		s.clean() // as far as one can tell
		return nil
	}
	if fault := s.status.Stopping(); fault != nil {
		return fault // it would not come to the question
	}
	return s.finish(ctx)
}

// empty has the printer clear its buffers and say so, and switches its unasked status on.
func (s *session) empty(ctx context.Context) error {
	if _, err := s.write(ctx, s.o.Profile.Clear); err != nil {
		return err
	}
	if err := s.await(ctx, clearWithin, func(r escpos.Reply) bool { return r == escpos.Cleared{} }); err != nil {
		return err
	}
	s.clean()
	s.asked = 0 // they were cleared too
	_, err := s.write(ctx, s.o.Profile.Auto)
	return err
}
