// SPDX-License-Identifier: EUPL-1.2

package thermal

import (
	"context"
	"errors"
	"time"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/escpos"
)

// A printer that alone loses its power in the middle of a slip forgets what it has, and then takes
// what the host or an adapter still holds for it: the cut and the question behind it, perhaps. Its
// answer is as good as any. But a printer that starts says nothing for a second at least. So a slip
// goes in steps, each with a question at its end, and the tail of it only goes out when the printer
// has answered the one before.
const (
	startTime = 900 * time.Millisecond // in which no printer starts
	leeway    = 300 * time.Millisecond // of an answer, besides the time of the line and the paper
	stepTime  = 400 * time.Millisecond // of the line or of the paper in one step
	leastStep = 64                     // bytes in one step
)

// blinked is the fault of a slip whose printer was silent for so long that it may have started anew.
func blinked() *device.Fault {
	return &device.Fault{Code: device.FaultNotAnswering, Detail: "it was silent for as long as a printer that starts"}
}

// attend begins to watch over a slip: from now on silence means something.
func (s *session) attend() {
	s.sign, s.limit, s.blinked, s.landed = time.Now(), startTime, false, false
}

// allow says what time the printer may need until it answers the next question.
func (s *session) allow(d time.Duration) { s.limit = max(startTime, d+leeway) }

// hearSign notes that the printer has said something. One that was too hot to print, and has told
// so, may have held the line.
func (s *session) hearSign(at time.Time) {
	if at.Sub(s.sign) > s.limit && !s.landed && s.status&escpos.HeadHot == 0 {
		s.blinked = true
	}
	s.sign = at
}

// remembers reports whether the printer itself will tell if it has started anew.
func (s *session) remembers(a attempt) bool {
	if s.o.Profile.Confirmation == escpos.ConfirmationETB {
		return s.counts
	}
	return a.cuts >= 0 && a.ons >= 0
}

// safe reports whether silence means nothing: the printer has all of the slip, would tell if it had
// started anew, or is not asked for proof.
func (s *session) safe(a attempt) bool { return s.landed || s.remembers(a) || !asks(&s.o.Profile) }

// asks reports whether a slip ends with a question.
func asks(p *escpos.Profile) bool {
	return p.Confirmation != escpos.ConfirmationTimed && p.Confirmation != escpos.ConfirmationNone
}

// suspect returns why what the printer says of a slip proves nothing; nil: it does.
func (s *session) suspect(a attempt) error {
	switch {
	case s.safe(a):
	case s.blinked:
		return blinked()
	case s.patience(a, s.limit) <= 0:
		return errSilent
	}
	return nil
}

// patience is how much longer it makes sense to wait for an answer, at most d.
func (s *session) patience(a attempt, d time.Duration) time.Duration {
	if s.safe(a) || s.status&escpos.HeadHot != 0 {
		return d
	}
	return min(d, s.limit-time.Since(s.sign))
}

// pulse asks a printer that answers in the middle of printing whether it is there. It waits while a
// hot head may hold the line, and does without an answer where silence means nothing.
func (s *session) pulse(ctx context.Context, a attempt) error {
	profile := &s.o.Profile
	if _, err := s.patiently(ctx, profile.Questions()[0]); err != nil {
		return err
	}
	for deadline := time.Now().Add(coolWithin); ; {
		err := s.await(ctx, s.patience(a, answerWithin), func(r escpos.Reply) bool {
			_, ok := profile.Answer(0, r)
			return ok
		})
		fault := s.halted()
		switch {
		case fault != nil:
			return fault
		case !errors.Is(err, errSilent):
			return err
		case s.safe(a):
			s.silent = true
			s.tell()
			return nil
		case s.status&escpos.HeadHot == 0 || time.Now().After(deadline):
			return err
		}
	}
}

// land makes sure that a printer which answers in the middle of printing has all of a slip. From
// then on it may be silent: nothing is on its way any more that it could take for a slip.
func (s *session) land(ctx context.Context, a attempt) error {
	if !s.o.Profile.RealTime {
		return nil
	}
	if err := s.pulse(ctx, a); err != nil {
		return err
	}
	err := s.suspect(a)
	s.landed = err == nil
	return err
}
