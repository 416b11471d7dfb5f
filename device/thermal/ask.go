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
	answerWithin = time.Second     // a question of an idle printer
	takenWithin  = 5 * time.Second // a slip out of the presenter, before that is a fault
	leastNULs    = 16              // that end a question which was cut off
)

// restless are what may change of itself between two answers of a printer at rest.
const restless = escpos.Moving | escpos.Presented | escpos.NearEnd

// ask asks for the whole status. An off-line printer that tells no reason is asked twice: it may
// have changed between two of its answers.
//
// A printer that may be in the middle of a command is brought to its end first: some take the
// bytes of a question for that command's length, and swallow the next slips.
func (s *session) ask(ctx context.Context) error {
	if !s.inStep {
		if err := s.align(ctx); err != nil {
			return err
		}
	}
	if s.silent || !s.known {
		if err := s.listen(ctx, quiet); err != nil {
			return err
		}
	}
	for range 2 {
		s.converse()
		status, err := s.questions(ctx)
		if err == nil && !s.known {
			err = s.challenge(ctx, status)
		}
		if err == nil && s.echoes() {
			err = s.estrange()
		}
		if err != nil {
			return s.unanswered(err)
		}
		s.see(status)
		if fault := status.Stopping(); fault == nil || fault.Code != device.FaultOffline {
			break
		}
	}
	return nil
}

// align brings the printer to the start of a line, and switches its unasked status on.
func (s *session) align(ctx context.Context) error {
	resync := s.o.Profile.Resync()
	spare := 0
	for spare < len(resync) && resync[spare] == 0 {
		spare++
	}
	spare = max(0, spare-max(s.past.lacks, leastNULs))
	resync = append(resync[spare:], s.o.Profile.Auto...)
	begun := time.Now()
	if _, err := s.write(ctx, resync); err != nil {
		return err
	}
	s.inStep = true
	// The system takes the bytes sooner than the line.
	return s.listen(ctx, s.lineTime(len(resync))-time.Since(begun))
}

// questions asks one question after the other.
func (s *session) questions(ctx context.Context) (escpos.Status, error) {
	profile := &s.o.Profile
	var status escpos.Status
	for i, question := range profile.Questions() {
		if _, err := s.write(ctx, question); err != nil {
			return 0, err
		}
		err := s.await(ctx, answerWithin, func(r escpos.Reply) bool {
			part, ok := profile.Answer(i, r)
			status |= part
			return ok
		})
		if err != nil {
			return 0, err
		}
	}
	return status, nil
}

// unanswered notes why there was no status.
func (s *session) unanswered(err error) error {
	if errors.Is(err, errSilent) {
		if s.echoes() || s.odd > 0 || !s.known && len(s.raw) > 0 {
			return s.estrange()
		}
		s.silent, s.stranger = true, nil
	}
	return err
}

// look is what an idle printer is asked every few seconds. A printer that may hold something is
// cleared as soon as it answers, one with a blocked cutter is told to try again. Errors need no
// handling here: faults tells of them.
func (s *session) look(ctx context.Context) {
	if s.past.due {
		if s.hear(ctx) != nil {
			return
		}
	} else if s.ask(ctx) != nil {
		return
	}
	if retry := s.o.Profile.Recover; retry != nil && s.status&escpos.CutterError != 0 {
		_, _ = s.write(ctx, retry)
	}
	if !s.cleared && (s.o.Profile.ClearAnswers() || s.status.Stopping() == nil) {
		_ = s.cleanse(ctx)
	}
	if s.cleared && s.past.meter < 0 {
		s.past.meter = s.count(ctx, s.o.Profile.Meter, s.o.Profile.AnswerMeter, answerWithin)
	}
}

// faults returns what is wrong as far as is known.
func (s *session) faults() []device.Fault {
	if s.stranger != nil {
		return []device.Fault{*s.stranger}
	}
	if s.silent {
		return []device.Fault{{Code: device.FaultNotAnswering}}
	}
	faults := s.status.Faults()
	if s.status.Stopping() != nil {
		return faults
	}
	if !s.mouth.IsZero() && time.Since(s.mouth) >= takenWithin {
		faults = append([]device.Fault{{Code: device.FaultPresented}}, faults...)
	}
	if !s.cleared {
		faults = append([]device.Fault{{Code: device.FaultUncleared}}, faults...)
	}
	return faults
}
