// SPDX-License-Identifier: EUPL-1.2

package thermal

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/escpos"
)

const (
	answerWithin = time.Second            // a question of an idle printer
	clearWithin  = 3 * time.Second        // the clear command
	writeWithin  = 2 * time.Second        // one write, besides the time of the line
	quiet        = 200 * time.Millisecond // in which late answers to questions given up come in
	heldReplies  = 256
)

// Errors of a line that is open.
var (
	errSilent = errors.New("the printer does not answer")
	errHeld   = errors.New("it takes no more bytes: flow control holds the line")
)

// session is a printer between the opening and the loss of its port. Only the goroutine of Run
// uses it.
type session struct {
	o       *Options
	litter  *bool // part of an interrupted slip may be on the paper; outlives the session
	port    device.Port
	replies chan escpos.Reply // closed when the port can no longer be read
	quit    chan struct{}     // ends the reading goroutine
	reading sync.WaitGroup
	readErr error // valid when replies is closed

	lost    error         // why the port must be closed; nil: it works
	silent  bool          // the newest question was not answered
	status  escpos.Status // newest
	inStep  bool          // the printer is not in the middle of a command
	cleared bool          // the printer holds nothing of a slip
	process string        // the job that the printer named last
	reached bool          // an ordered question was answered since this was last set to false
	paper   escpos.Status // what that answer told
}

func newSession(o *Options, port device.Port, litter *bool) *session {
	s := &session{
		o: o, port: port, litter: litter,
		replies: make(chan escpos.Reply, heldReplies),
		quit:    make(chan struct{}),
		inStep:  o.Profile.Clear != nil, // clearing ends any command
	}
	s.reading.Go(s.read)
	return s
}

// close closes the port and waits for the reader.
func (s *session) close() {
	close(s.quit)
	if err := s.port.Close(); err != nil {
		s.o.Log.Warn("closing the printer's port failed", slog.Any("error", err))
	}
	s.reading.Wait()
}

// read turns the port's bytes into replies until the port is closed.
func (s *session) read() {
	defer close(s.replies)
	decoder := s.o.Profile.Decoder()
	buf := make([]byte, 256)
	for {
		n, err := s.port.Read(buf)
		for _, b := range buf[:n] {
			reply, ok := decoder.Feed(b)
			if !ok {
				continue
			}
			select {
			case s.replies <- reply:
			case <-s.quit:
				return
			}
		}
		if err != nil {
			s.readErr = err
			return
		}
	}
}

// take notes a reply, or that there will be no more.
func (s *session) take(r escpos.Reply, ok bool) {
	if !ok {
		s.lose(&device.Fault{Code: device.FaultLine, Detail: s.readErr.Error()})
		return
	}
	switch r := r.(type) {
	case escpos.Noise, escpos.Flow:
		return
	case escpos.Auto:
		s.status = r.Status()
	case escpos.Process:
		s.process = string(r)
	}
	if paper, ok := s.o.Profile.AnswerOrdered(r); ok {
		s.reached, s.paper = true, paper
	}
	s.silent = false
}

// lose gives the port up. What the host has not sent yet goes with it.
func (s *session) lose(why error) {
	if s.lost == nil {
		s.lost = why
	}
}

// await takes replies until one is the right one. Errors: errSilent after the limit, a loss of
// the port, the end of ctx.
func (s *session) await(ctx context.Context, limit time.Duration, right func(escpos.Reply) bool) error {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	for s.lost == nil {
		select {
		case r, ok := <-s.replies:
			s.take(r, ok)
			if ok && right(r) {
				return nil
			}
		case <-timer.C:
			return errSilent
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return s.lost
}

// drain takes the replies that are there already.
func (s *session) drain() {
	for s.lost == nil {
		select {
		case r, ok := <-s.replies:
			s.take(r, ok)
		default:
			return
		}
	}
}

// write writes at once, for no longer than the line takes and two seconds, or until ctx ends.
// It returns how many bytes were taken. A write that was cut off loses the port.
func (s *session) write(ctx context.Context, data []byte) (int, error) {
	if s.lost != nil {
		return 0, s.lost
	}
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	limit := writeWithin
	if s.o.Baud > 0 {
		limit += time.Duration(10*len(data)) * time.Second / time.Duration(s.o.Baud)
	}
	n, err := s.writeUntil(ctx, time.Now().Add(limit), data)
	switch {
	case err == nil:
		return n, nil
	case errors.Is(err, os.ErrDeadlineExceeded) && ctx.Err() != nil:
		if n > 0 {
			s.lose(&device.Fault{Code: device.FaultUncleared, Detail: "a write was given up half-way"})
		}
		return n, ctx.Err()
	case errors.Is(err, os.ErrDeadlineExceeded):
		s.lose(errHeld)
	default:
		s.lose(&device.Fault{Code: device.FaultLine, Detail: err.Error()})
	}
	return n, s.lost
}

// writeUntil writes until a deadline that the end of ctx draws near.
func (s *session) writeUntil(ctx context.Context, deadline time.Time, data []byte) (int, error) {
	if err := s.port.SetWriteDeadline(deadline); err != nil {
		return 0, err
	}
	fired := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(fired)
		// It fails only on a closed port, of which the write tells.
		_ = s.port.SetWriteDeadline(time.Unix(1, 0))
	})
	n, err := s.port.Write(data)
	if !stop() {
		<-fired // or it would shorten the next write
	}
	return n, err
}

// ask asks for the whole status. An off-line printer that tells no reason is asked twice: it may
// have changed between two of its answers.
//
// A printer that may be in the middle of a command is brought to its end first: some take the
// bytes of a question for that command's length, and swallow the next slips.
func (s *session) ask(ctx context.Context) error {
	if !s.inStep {
		if _, err := s.write(ctx, s.o.Profile.Resync()); err != nil {
			return err
		}
		s.inStep = true
	}
	if s.silent {
		if err := s.await(ctx, quiet, func(escpos.Reply) bool { return false }); !errors.Is(err, errSilent) {
			return err
		}
	}
	for range 2 {
		s.drain()
		status, err := s.questions(ctx)
		if err != nil {
			s.silent = s.silent || errors.Is(err, errSilent)
			return err
		}
		s.status = status
		if fault := status.Stopping(); fault == nil || fault.Code != device.FaultOffline {
			break
		}
	}
	return nil
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

// look is what an idle printer is asked every few seconds. A printer that may hold something is
// cleared as soon as it answers, one with a blocked cutter is told to try again. Errors need no
// handling here: faults tells of them.
func (s *session) look(ctx context.Context) {
	if s.ask(ctx) != nil {
		return
	}
	if retry := s.o.Profile.Recover; retry != nil && s.status&escpos.CutterError != 0 {
		_, _ = s.write(ctx, retry)
	}
	if !s.cleared && (s.o.Profile.Clear != nil || s.status.Stopping() == nil) {
		_ = s.cleanse(ctx)
	}
}

// faults returns what is wrong as far as is known.
func (s *session) faults() []device.Fault {
	if s.silent {
		return []device.Fault{{Code: device.FaultNotAnswering}}
	}
	faults := s.status.Faults()
	if !s.cleared && s.status.Stopping() == nil {
		faults = append([]device.Fault{{Code: device.FaultUncleared}}, faults...)
	}
	return faults
}
