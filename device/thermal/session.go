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
	writeWithin = 2 * time.Second        // one write, besides the time of the line
	quiet       = 200 * time.Millisecond // in which late answers to questions given up come in
	heldBytes   = 512                    // that were read and are not yet looked at
	overheard   = 64                     // bytes of a conversation that are kept to judge it
)

// Errors of a line that is open.
var (
	errSilent = errors.New("the printer does not answer")
	errHeld   = errors.New("it takes no more bytes: flow control holds the line")
)

// heard is a byte from the port, with the reply that it completed, if any.
type heard struct {
	raw   byte
	at    time.Time
	reply escpos.Reply
}

// session is a printer between the opening and the loss of its port. Only the goroutine of Run
// uses it.
type session struct {
	o       *Options
	past    *past
	tell    func() // makes the faults known
	prove   func() // settles what waits for what came out, once it is known
	port    device.Port
	heard   chan heard    // closed when the port can no longer be read
	quit    chan struct{} // ends the reading goroutine
	reading sync.WaitGroup
	readErr error // valid when heard is closed

	lost     error         // why the port must be closed; nil: it works
	known    bool          // what answers has shown to be the printer
	stranger *device.Fault // what answers is not the printer; nil: it is, or is not heard
	silent   bool          // the newest question was not answered
	said     []byte        // begin of what was written since the conversation began
	raw      []byte        // begin of what came back
	odd      int           // bytes and answers since then that nobody asked for

	status   escpos.Status // newest
	mouth    time.Time     // since when a slip is seen in the presenter; zero: none is
	inStep   bool          // the printer is not in the middle of a command
	cleared  bool          // the printer holds nothing of a slip
	emptied  bool          // it was told to clear itself, of which it says nothing
	deaf     [][]byte      // questions for its counters to which it does not answer
	asked    int           // ordered questions that are not answered yet
	answered bool          // one was since this was last set to false
	reached  bool          // the newest was
	paper    escpos.Status // what the answer told
	blunt    bool          // it names jobs and does not answer ordered questions
	finished escpos.Done   // newest report of a job's end
	ended    int           // newest count of ended jobs; -1: not known
	counts   bool          // ended is a counter, not a flag
	flagged  bool          // the flag was seen since this was last set to false

	sign    time.Time     // when it said something last
	limit   time.Duration // the longest silence in which it has not started anew
	blinked bool          // there was a longer one since attend, and before the slip has landed
	landed  bool          // the printer has all of the slip: what it forgets now, it does not answer
}

func newSession(o *Options, port device.Port, past *past) *session {
	s := &session{
		o: o, port: port, past: past,
		heard:  make(chan heard, heldBytes),
		quit:   make(chan struct{}),
		known:  len(o.Profile.Questions()) == 0,
		inStep: o.Profile.ClearAnswers() && !past.due, // clearing ends any command
		ended:  -1,
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

// read decodes the port's bytes until the port is closed.
func (s *session) read() {
	defer close(s.heard)
	decoder := s.o.Profile.Decoder()
	buf := make([]byte, 256)
	for {
		n, err := s.port.Read(buf)
		at := time.Now()
		for _, b := range buf[:n] {
			h := heard{raw: b, at: at}
			if reply, ok := decoder.Feed(b); ok {
				h.reply = reply
			}
			select {
			case s.heard <- h:
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

// take notes a byte, or that there will be no more. It returns the reply that it completed, nil
// for none, and whether nobody waits for such a reply, unless the caller does.
func (s *session) take(h heard, ok bool) (reply escpos.Reply, spare bool) {
	if !ok {
		s.lose(&device.Fault{Code: device.FaultLine, Detail: s.readErr.Error()})
		return nil, false
	}
	if len(s.raw) < overheard {
		s.raw = append(s.raw, h.raw)
	}
	paper, ordered := s.o.Profile.AnswerOrdered(h.reply)
	status, whole := s.o.Profile.Unasked(h.reply)
	switch r := h.reply.(type) {
	case nil, escpos.Flow:
		return r, false
	case escpos.Noise, escpos.RealTime, escpos.Single, escpos.Ordered, escpos.Nippon, escpos.PrintEnd:
		if !ordered || s.asked == 0 {
			s.odd++
			return r, true
		}
		s.asked--
		s.reached, s.paper = s.asked == 0, paper
		s.answered = true
	case escpos.Star:
		s.ended, s.counts = r.Ended()
		s.flagged = s.flagged || s.ended > 0
	case escpos.Process:
		s.past.remember(string(r))
	case escpos.Done:
		s.finished = r
		if r.Status().Stopping() == nil {
			s.past.remember(r.ID)
		}
	}
	s.silent = false
	s.hearSign(h.at)
	if whole {
		s.see(status)
	}
	return h.reply, false
}

// see notes a whole status.
func (s *session) see(status escpos.Status) {
	s.status = status
	switch {
	case status&escpos.Presented == 0:
		s.mouth = time.Time{}
	case s.mouth.IsZero():
		s.mouth = time.Now()
	}
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
		case h, ok := <-s.heard:
			reply, spare := s.take(h, ok)
			if reply == nil || !right(reply) {
				continue
			}
			if spare {
				s.odd--
				s.silent = false
				s.hearSign(h.at)
			}
			return nil
		case <-timer.C:
			return errSilent
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return s.lost
}

// listen takes whatever comes within a time, which is no error.
func (s *session) listen(ctx context.Context, d time.Duration) error {
	err := s.await(ctx, d, func(escpos.Reply) bool { return false })
	if errors.Is(err, errSilent) {
		return nil
	}
	return err
}

// drain takes what is there already.
func (s *session) drain() {
	for range heldBytes {
		select {
		case h, ok := <-s.heard:
			s.take(h, ok)
		default:
			return
		}
		if s.lost != nil {
			return
		}
	}
}

// converse begins a conversation, after which it can be judged what came back.
func (s *session) converse() {
	s.drain()
	s.said, s.raw, s.odd = s.said[:0], s.raw[:0], 0
}

// lineTime is what n bytes take on the line; nothing on a line that is not serial.
func (s *session) lineTime(n int) time.Duration {
	if s.o.Baud <= 0 {
		return 0
	}
	return time.Duration(10*n) * time.Second / time.Duration(s.o.Baud)
}

// write writes at once, for no longer than the line takes and two seconds, or until ctx ends.
// It returns how many bytes were taken. A write that was cut off loses the port.
func (s *session) write(ctx context.Context, data []byte) (int, error) {
	n, err := s.put(ctx, data)
	if errors.Is(err, errHeld) {
		s.lose(errHeld)
	}
	return n, err
}

// put is write but for a line that is held, which does not lose the port.
func (s *session) put(ctx context.Context, data []byte) (int, error) {
	if s.lost != nil {
		return 0, s.lost
	}
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	limit := writeWithin + s.lineTime(len(data))
	s.said = append(s.said, data[:min(len(data), overheard-len(s.said))]...)
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
		return n, errHeld
	}
	s.lose(&device.Fault{Code: device.FaultLine, Detail: err.Error()})
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
