// SPDX-License-Identifier: EUPL-1.2

package thermal

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/escpos"
)

const (
	pollEvery = 500 * time.Millisecond  // of a printer that answers while it prints
	overdue   = 1500 * time.Millisecond // a confirmation, before the printer counts as silent
	aside     = 100 * time.Millisecond  // behind an answer, in which nothing else may come
)

// confirm waits until the slip is as sure as the printer can make it, and returns how sure.
func (s *session) confirm(ctx context.Context, a attempt) (device.Level, error) {
	profile := s.at(a)
	switch profile.Confirmation {
	case escpos.ConfirmationProcess, escpos.ConfirmationJob, escpos.ConfirmationETB:
		return s.named(ctx, a)
	case escpos.ConfirmationOrdered:
		return s.workedOff(ctx, a, profile.Patience(a.size, s.o.Baud))
	case escpos.ConfirmationTimed, escpos.ConfirmationNone:
	}
	// Nothing will come back by itself. The next slip waits until this one must be out, for nobody
	// holds it back when the printer's buffer is full.
	if err := s.listen(ctx, profile.Paces(a.size, s.o.Baud)); s.lost != nil {
		return device.LevelNone, err
	}
	if profile.Confirmation == escpos.ConfirmationNone || len(profile.Questions()) == 0 {
		return device.LevelNone, nil
	}
	return s.atRest(ctx, time.Now().Add(profile.Patience(0, 0)), device.LevelTimed, 0)
}

// out reports whether the printer has told that the slip is on paper. The name alone is proof, of a
// printer that was awake all the time: it is sent after the last dot and the cut, whatever happens
// next.
func (s *session) out(a attempt) bool {
	if s.o.Profile.Confirmation == escpos.ConfirmationETB {
		return s.counts && s.ended == a.ended+1 || !s.counts && s.flagged && !s.blinked
	}
	return s.past.named(a.id) && !s.blinked
}

// stopped returns the fault that keeps the slip from coming out, as far as the printer told.
func (s *session) stopped(a attempt) *device.Fault {
	if s.finished.ID == a.id {
		if fault := s.finished.Status().Stopping(); fault != nil {
			return fault
		}
	}
	return s.halted()
}

// named waits until the printer names the job. One that does not may still have come to the
// question that was sent right behind it. A question that is sent later proves nothing: a printer
// that was off for a moment answers it too.
func (s *session) named(ctx context.Context, a attempt) (device.Level, error) {
	profile := s.at(a)
	if profile.Ordered != nil && !s.blunt {
		if err := s.order(ctx); err != nil {
			return device.LevelNone, err
		}
	}
	if err := s.land(ctx, a); err != nil {
		return device.LevelNone, err
	}
	start := time.Now()
	deadline := start.Add(profile.Patience(a.size, s.o.Baud))
	for !s.out(a) {
		if fault := s.stopped(a); fault != nil {
			return device.LevelNone, fault
		}
		if err := s.suspect(a); err != nil {
			return device.LevelNone, err
		}
		step := min(pollEvery, time.Until(deadline))
		if step <= 0 {
			return s.reachedOnly(ctx)
		}
		s.watch(start, a)
		err := s.await(ctx, step, func(escpos.Reply) bool { return s.out(a) || s.stopped(a) != nil })
		if errors.Is(err, errSilent) && profile.RealTime && time.Now().Before(deadline) {
			// A question that stays without answer is no fault in the middle of printing.
			err = s.ask(ctx)
		}
		if err != nil && !errors.Is(err, errSilent) {
			return device.LevelNone, err
		}
	}
	if s.asked > 0 {
		// Its answer must not be taken for that to a later question.
		_ = s.await(ctx, answerWithin, func(escpos.Reply) bool { return s.asked == 0 })
		s.blunt = s.asked > 0
		s.cleared = !s.blunt
	}
	return device.LevelConfirmed, nil
}

// reachedOnly ends the wait for a name that does not come.
func (s *session) reachedOnly(ctx context.Context) (device.Level, error) {
	if !s.reached {
		return device.LevelNone, faultOr(s.status.Stopping(), errSilent)
	}
	return s.atRest(ctx, time.Now(), device.LevelOrdered, s.paper)
}

// workedOff waits until the printer has come to the question behind the cut, is well and at rest
// after that, and has counted a cut if it counts them.
func (s *session) workedOff(ctx context.Context, a attempt, limit time.Duration) (device.Level, error) {
	profile := &s.o.Profile
	start := time.Now()
	deadline := start.Add(limit)
	// The answer is one byte, which a glitch on the line may be too: two questions, two answers.
	if err := s.order(ctx); err != nil {
		return device.LevelNone, err
	}
	if err := s.land(ctx, a); err != nil {
		return device.LevelNone, err
	}
	for again := false; ; again = true {
		if err := s.comes(ctx, a, start, deadline); err != nil {
			return device.LevelNone, err
		}
		// Whoever talks by chance goes on talking.
		if err := s.listen(ctx, aside); err != nil {
			return device.LevelNone, err
		}
		if err := s.suspect(a); err != nil {
			return device.LevelNone, err
		}
		if s.odd == 0 {
			break
		}
		if again {
			return device.LevelNone, s.estrange()
		}
		s.converse()
		if err := s.order(ctx); err != nil {
			return device.LevelNone, err
		}
	}
	level, err := s.atRest(ctx, deadline, device.LevelOrdered, s.paper)
	switch {
	case err != nil:
	case a.cuts >= 0 && s.count(ctx, profile.Cuts, profile.AnswerCuts, answerWithin) == a.cuts:
		return device.LevelNone, &device.Fault{Code: device.FaultUncleared, Detail: "it has counted no cut"}
	case s.remembers(a) && !s.awake(ctx, a):
		return device.LevelNone, blinked()
	}
	return level, err
}

// comes waits until the printer has come to the question.
func (s *session) comes(ctx context.Context, a attempt, start, deadline time.Time) error {
	for !s.reached {
		if fault := s.stopped(a); fault != nil {
			return fault
		}
		silence := s.suspect(a)
		step := min(pollEvery, time.Until(deadline))
		if step <= 0 || silence != nil {
			// It does not come to questions while it is off line: find out why.
			if err := s.ask(ctx); err != nil {
				return err
			}
			return faultOr(s.status.Stopping(), cmp.Or(silence, errSilent))
		}
		s.watch(start, a)
		err := s.await(ctx, step, func(escpos.Reply) bool { return s.reached || s.stopped(a) != nil })
		if err != nil && !errors.Is(err, errSilent) {
			return err
		}
	}
	return nil
}

// atRest asks for the status until the printer is at rest, and returns the level if it is well
// then.
func (s *session) atRest(ctx context.Context, deadline time.Time, level device.Level, paper escpos.Status) (device.Level, error) {
	for {
		if err := s.ask(ctx); err != nil {
			return device.LevelNone, err
		}
		s.see(s.status | paper)
		if s.status&escpos.Moving == 0 || time.Now().After(deadline) {
			if fault := s.status.Stopping(); fault != nil {
				return device.LevelNone, fault
			}
			return level, nil
		}
		if err := s.listen(ctx, quiet); err != nil {
			return device.LevelNone, err
		}
	}
}

// watch makes it known when the printer ought to have told of the slip long ago.
func (s *session) watch(start time.Time, a attempt) {
	if time.Since(start) >= s.at(a).Paces(a.size, s.o.Baud)+overdue {
		s.silent = true
		s.tell()
	}
}

// faultOr returns the fault as an error if there is one, else the other error.
func faultOr(fault *device.Fault, other error) error {
	if fault != nil {
		return fault
	}
	return other
}
