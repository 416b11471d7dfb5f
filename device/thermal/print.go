// SPDX-License-Identifier: EUPL-1.2

package thermal

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/escpos"
)

const (
	chunkSize = 256                    // bytes of a slip between two looks at what comes back
	pollEvery = 500 * time.Millisecond // of a printer that answers while it prints
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
	return nil
}

// print makes one paper. An error before the first byte was taken is a failure, any later one
// makes the outcome unknown.
func (s *session) print(ctx context.Context, j device.Job) device.Outcome {
	fault := s.gate(ctx)
	if fault != nil && fault.Code == device.FaultUncleared && s.cleanse(ctx) == nil {
		fault = nil
	}
	if fault != nil {
		return failed(fault)
	}
	profile := &s.o.Profile
	if lost := profile.Unprintable(j); lost != nil {
		s.o.Log.Warn("the printer has no such letters", slog.String("letters", string(lost)))
	}
	s.process, s.reached = "", false
	data := profile.Encode(j)
	if *s.litter {
		data = append(profile.Sever(), data...)
	}
	sent, err := s.send(ctx, data)
	if sent == 0 {
		return failed(asFault(err))
	}
	if err == nil {
		err = s.confirm(ctx, j.ID, len(data))
	}
	if err != nil {
		return s.settle(ctx, j.ID, asFault(err))
	}
	*s.litter = false
	if profile.Confirm == device.LevelNone {
		return device.Outcome{Result: device.ResultSent, Level: device.LevelNone}
	}
	return s.printed()
}

// printed is the outcome of a confirmed slip, with what the printer told besides.
func (s *session) printed() device.Outcome {
	outcome := device.Outcome{Result: device.ResultPrinted, Level: s.o.Profile.Confirm}
	if faults := s.status.Faults(); len(faults) > 0 {
		outcome.Fault = &faults[0]
	}
	return outcome
}

// send writes a slip and returns how many bytes were taken. It stops at the first fault that
// the printer tells of.
func (s *session) send(ctx context.Context, data []byte) (int, error) {
	sent := 0
	for chunk := range slices.Chunk(data, chunkSize) {
		n, err := s.write(ctx, chunk)
		sent += n
		if err != nil {
			return sent, err
		}
		s.drain()
		if fault := s.halted(); fault != nil {
			return sent, fault
		}
	}
	return sent, nil
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

// confirm waits until the slip is as sure as the printer can make it.
func (s *session) confirm(ctx context.Context, id string, size int) error {
	limit := s.o.Profile.Patience(size, s.o.Baud)
	switch s.o.Profile.Confirm {
	case device.LevelConfirmed:
		return s.named(ctx, id, limit)
	case device.LevelOrdered:
		return s.workedOff(ctx, limit)
	case device.LevelTimed, device.LevelNone:
	}
	// Nothing will come back. The next slip waits until this one must be out, for nobody holds
	// it back when the printer's buffer is full.
	err := s.await(ctx, s.o.Profile.Paces(size, s.o.Baud), func(escpos.Reply) bool { return false })
	if s.lost != nil {
		return err
	}
	return nil
}

// named waits until the printer names the job. The name alone is proof: it is sent after the
// last dot and the cut, whatever happens next.
func (s *session) named(ctx context.Context, id string, limit time.Duration) error {
	deadline := time.Now().Add(limit)
	for {
		if s.process == id {
			return nil
		}
		if fault := s.halted(); fault != nil {
			return fault
		}
		step := time.Until(deadline)
		if step <= 0 {
			return faultOr(s.status.Stopping(), errSilent)
		}
		if s.o.Profile.RealTime {
			step = min(step, pollEvery)
		}
		err := s.await(ctx, step, func(escpos.Reply) bool { return s.process == id || s.halted() != nil })
		if errors.Is(err, errSilent) && s.o.Profile.RealTime && time.Now().Before(deadline) {
			// A question that stays without answer is no fault in the middle of printing.
			err = s.ask(ctx)
		}
		if err != nil && !errors.Is(err, errSilent) {
			return err
		}
	}
}

// workedOff waits until the printer has come to the question behind the cut, and is well and at
// rest after that.
func (s *session) workedOff(ctx context.Context, limit time.Duration) error {
	deadline := time.Now().Add(limit)
	if !s.reached {
		err := s.await(ctx, limit, func(escpos.Reply) bool { return s.reached })
		if errors.Is(err, errSilent) {
			// It does not come to questions while it is off line: find out why.
			if asked := s.ask(ctx); asked == nil {
				return faultOr(s.status.Stopping(), errSilent)
			}
		}
		if err != nil {
			return err
		}
	}
	paper := s.paper
	for {
		if err := s.ask(ctx); err != nil {
			return err
		}
		s.status |= paper
		if s.status&escpos.Moving == 0 || time.Now().After(deadline) {
			return faultOr(s.status.Stopping(), nil)
		}
		if err := s.await(ctx, quiet, func(escpos.Reply) bool { return false }); !errors.Is(err, errSilent) {
			return err
		}
	}
}

// faultOr returns the fault as an error if there is one, else the other error.
func faultOr(fault *device.Fault, other error) error {
	if fault != nil {
		return fault
	}
	return other
}

// settle ends a slip that the printer may or may not have made: it takes what is left of it out
// of the printer, and looks for late proof meanwhile. A port over which that cannot be done is
// given up, so that unsent bytes do not come out later.
func (s *session) settle(ctx context.Context, id string, fault *device.Fault) device.Outcome {
	*s.litter = true
	s.inStep = s.o.Profile.Clear != nil
	if s.cleanse(ctx) != nil {
		s.lose(&device.Fault{Code: device.FaultUncleared, Detail: "after " + string(fault.Code)})
	}
	if s.process == id {
		*s.litter = false
		return s.printed()
	}
	return device.Outcome{Result: device.ResultUnknown, Level: device.LevelNone, Fault: fault}
}

// cleanse makes sure that the printer holds nothing of an earlier slip: by its own command, else
// by a question that it only comes to when everything before is worked off.
func (s *session) cleanse(ctx context.Context) error {
	profile := &s.o.Profile
	if profile.Clear != nil {
		err := s.command(ctx, profile.Clear, clearWithin, func(r escpos.Reply) bool { return r == escpos.Cleared{} })
		if !errors.Is(err, errSilent) {
			return err
		}
		s.inStep = false
	}
	if err := s.ask(ctx); err != nil {
		return err
	}
	if profile.Ordered == nil {
		s.cleared = true // as far as one can tell
		return nil
	}
	if fault := s.status.Stopping(); fault != nil {
		return fault // it would not come to the question
	}
	s.reached = false
	return s.command(ctx, profile.Ordered, profile.Patience(0, 0), func(escpos.Reply) bool { return s.reached })
}

// command sends one of the clearing commands and waits for its answer.
func (s *session) command(ctx context.Context, data []byte, limit time.Duration, answer func(escpos.Reply) bool) error {
	if _, err := s.write(ctx, data); err != nil {
		return err
	}
	if err := s.await(ctx, limit, answer); err != nil {
		return err
	}
	s.cleared = true
	return nil
}
