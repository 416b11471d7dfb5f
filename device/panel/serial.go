// SPDX-License-Identifier: EUPL-1.2

package panel

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/avanti-queue/avanti/device"
)

const (
	writeWithin = time.Second
	mostHeard   = 256 // bytes that are looked through for an answer
)

// serial is a serial line that several panels share, an RS-485 bus as a rule.
type serial struct {
	port      device.Port
	protocol  compiled
	addresses []int
	heard     chan []byte // what comes back; closed when the port has ended
	ended     error       // why, once heard is closed
}

// NewSerial drives the panels of a serial line by their protocol. Panel i has addresses[i]; one
// without an address has 0. Closing the wire closes the port; the error closes nothing.
//
// The face of a panel must have the glyphs of the protocol, and as many places as that allows.
//
// What comes back outside of an answer, the echo of a two-wire adapter included, is thrown away.
func NewSerial(port device.Port, p Protocol, addresses []int) (Wire, error) {
	c, err := p.compile()
	if err != nil {
		return nil, err
	}
	seen := map[int]bool{}
	for _, a := range addresses {
		if a < p.First || a > p.Last {
			return nil, fmt.Errorf("panels by %s: address %d: use %d to %d", p.Name, a, p.First, p.Last)
		}
		if seen[a] {
			return nil, fmt.Errorf("panels by %s: address %d stands twice", p.Name, a)
		}
		seen[a] = true
	}
	s := &serial{port: port, protocol: c, addresses: addresses, heard: make(chan []byte, 16)}
	go s.listen()
	return s, nil
}

// listen reads until the port ends. Nobody waits for what it hears between two frames: that is
// dropped.
func (s *serial) listen() {
	defer close(s.heard)
	for {
		buffer := make([]byte, 64)
		n, err := s.port.Read(buffer)
		if n > 0 {
			select {
			case s.heard <- buffer[:n]:
			default:
			}
		}
		if err != nil {
			s.ended = err
			return
		}
	}
}

// Put implements [Wire].
func (s *serial) Put(ctx context.Context, i int, text string) (bool, error) {
	p := s.protocol
	if len(text) < p.Least || len(text) > p.Most {
		return false, fmt.Errorf("panels by %s: %d places: they have %d to %d", p.Name, len(text), p.Least, p.Most)
	}
	if blank(text) && p.Blank != "" {
		text = p.Blank
	}
	v := values{s.addresses[i], text}
	frame, err := p.frame.render(v)
	if err != nil {
		return false, fmt.Errorf("panels by %s: %w", p.Name, err)
	}
	if err := s.drain(); err != nil {
		return false, err
	}
	if err := s.port.SetWriteDeadline(time.Now().Add(writeWithin)); err != nil {
		return false, fmt.Errorf("panels by %s: %w", p.Name, err)
	}
	if _, err := s.port.Write(frame); err != nil {
		return false, fmt.Errorf("panels by %s: %w", p.Name, err)
	}
	if p.answer == nil {
		return false, s.rest(ctx, s.onWire(len(frame))+p.Gap)
	}
	failure := s.answered(ctx, v, s.onWire(len(frame)+p.answer.length(v))+p.Within)
	if failure == nil {
		return true, s.rest(ctx, p.Gap)
	}
	if !errors.Is(failure, ErrNoAnswer) {
		return false, failure
	}
	// An answer that comes too late must not be taken for that to the next frame.
	if err := s.rest(ctx, p.Within+p.Gap); err != nil {
		return false, err
	}
	return false, failure
}

// onWire is how long bytes take: ten bits each, eleven with parity.
func (s *serial) onWire(bytes int) time.Duration {
	bits := 10
	if s.protocol.Parity == "even" {
		bits = 11
	}
	return time.Duration(bytes*bits) * time.Second / time.Duration(s.protocol.Baud)
}

// drain throws away what was heard so far.
func (s *serial) drain() error {
	for {
		select {
		case _, ok := <-s.heard:
			if !ok {
				return s.lost()
			}
		default:
			return nil
		}
	}
}

// answered waits for the answer.
func (s *serial) answered(ctx context.Context, v values, within time.Duration) error {
	timer := time.NewTimer(within)
	defer timer.Stop()
	var heard []byte
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-timer.C:
			return fmt.Errorf("%w %d: %s", ErrNoAnswer, v.address, whatCame(heard))
		case b, ok := <-s.heard:
			if !ok {
				return s.lost()
			}
			heard = append(heard, b...)
			heard = heard[max(0, len(heard)-mostHeard):]
		}
		if s.protocol.answer.find(v, heard) {
			return nil
		}
		if s.protocol.refusal != nil && s.protocol.refusal.find(v, heard) {
			return fmt.Errorf("%w %d: it refuses the number: is it of another make?", ErrNoAnswer, v.address)
		}
	}
}

func whatCame(heard []byte) string {
	if len(heard) == 0 {
		return "nothing came back: check its power, the pair of wires, address and speed"
	}
	return fmt.Sprintf("what came back (% X) is no answer of its: noise, two panels with one address, or another make",
		heard[:min(len(heard), 24)])
}

// rest keeps the line quiet.
func (s *serial) rest(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

func (s *serial) lost() error {
	return fmt.Errorf("panels by %s: the line has ended: %w", s.protocol.Name, s.ended)
}

// Close implements [Wire].
func (s *serial) Close() error {
	err := s.port.Close()
	for range s.heard { // until its reader has gone
	}
	return err
}
