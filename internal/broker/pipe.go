// SPDX-License-Identifier: EUPL-1.2

package broker

import (
	"io"
	"net"
	"os"
	"sync"
	"time"
)

// pipeBuffer is what one direction of a pipe holds before a writer waits. Two
// ends that both write before they read, as a client and the broker do with
// their acknowledgements, would lock each other up on an unbuffered pipe.
const pipeBuffer = 64 << 10

// newPipe gives the two ends of a connection inside the process. Unlike
// net.Pipe it buffers, as a socket does. Closing one end gives io.EOF to the
// reader of the other once it has read what was written before.
func newPipe() (client, server net.Conn) {
	up, down := newHalf(), newHalf()
	return &pipeEnd{in: down, out: up}, &pipeEnd{in: up, out: down}
}

type pipeEnd struct{ in, out *half }

func (p *pipeEnd) Read(b []byte) (int, error)         { return p.in.read(b) }
func (p *pipeEnd) Write(b []byte) (int, error)        { return p.out.write(b) }
func (p *pipeEnd) LocalAddr() net.Addr                { return pipeAddr{} }
func (p *pipeEnd) RemoteAddr() net.Addr               { return pipeAddr{} }
func (p *pipeEnd) SetReadDeadline(t time.Time) error  { return p.in.setDeadline(&p.in.reader, t) }
func (p *pipeEnd) SetWriteDeadline(t time.Time) error { return p.out.setDeadline(&p.out.writer, t) }

func (p *pipeEnd) SetDeadline(t time.Time) error {
	_ = p.SetWriteDeadline(t)
	return p.SetReadDeadline(t)
}

func (p *pipeEnd) Close() error {
	p.in.close(&p.in.reader)
	p.out.close(&p.out.writer)
	return nil
}

type pipeAddr struct{}

func (pipeAddr) Network() string { return "pipe" }
func (pipeAddr) String() string  { return "pipe" }

// half is one direction: a bounded buffer with one side that reads and one that
// writes.
type half struct {
	mu             sync.Mutex
	data           []byte
	reader, writer side
}

// side is what one end knows about itself in one direction.
type side struct {
	waits    *sync.Cond // its own, so that a writer's deadline, set for each message, wakes no reader
	closed   bool
	deadline time.Time
	timer    *time.Timer // wakes a waiting call at the deadline; armed only while one waits
}

func newHalf() *half {
	h := &half{}
	h.reader.waits, h.writer.waits = sync.NewCond(&h.mu), sync.NewCond(&h.mu)
	return h
}

func (h *half) read(b []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for {
		switch {
		case h.reader.closed:
			return 0, net.ErrClosed
		case h.reader.late():
			return 0, os.ErrDeadlineExceeded
		case len(b) == 0:
			return 0, nil
		case len(h.data) > 0:
			n := copy(b, h.data)
			h.data = append(h.data[:0], h.data[n:]...)
			h.writer.waits.Broadcast()
			return n, nil
		case h.writer.closed:
			return 0, io.EOF
		}
		h.wait(&h.reader)
	}
}

func (h *half) write(b []byte) (n int, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for {
		switch {
		case h.writer.closed:
			return n, net.ErrClosed
		case h.reader.closed:
			return n, io.ErrClosedPipe
		case h.writer.late():
			return n, os.ErrDeadlineExceeded
		}
		if room := min(pipeBuffer-len(h.data), len(b)-n); room > 0 {
			h.data = append(h.data, b[n:n+room]...)
			n += room
			h.reader.waits.Broadcast()
		}
		if n == len(b) {
			return n, nil
		}
		h.wait(&h.writer)
	}
}

// wait sleeps until something changed or the side's deadline passed.
func (h *half) wait(s *side) {
	if !s.deadline.IsZero() {
		left := time.Until(s.deadline)
		if s.timer == nil {
			s.timer = time.AfterFunc(left, func() { h.wake(s) })
		} else {
			s.timer.Reset(left)
		}
	}
	s.waits.Wait()
	if s.timer != nil {
		s.timer.Stop()
	}
}

// wake takes the lock so that it cannot fall between a check and its wait.
func (h *half) wake(s *side) {
	h.mu.Lock()
	defer h.mu.Unlock()
	s.waits.Broadcast()
}

func (h *half) setDeadline(s *side, t time.Time) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	s.deadline = t
	s.waits.Broadcast()
	return nil
}

func (h *half) close(s *side) {
	h.mu.Lock()
	defer h.mu.Unlock()
	s.closed = true
	h.reader.waits.Broadcast()
	h.writer.waits.Broadcast()
}

func (s *side) late() bool {
	return !s.deadline.IsZero() && !time.Now().Before(s.deadline)
}
