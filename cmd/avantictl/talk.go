// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/escpos"
)

const (
	writeWithin  = 2 * time.Second        // one question, besides the time of the line
	answerWithin = 500 * time.Millisecond // the first byte of an answer
	leftovers    = 10 * time.Millisecond  // what came too late for the question before
	silence      = 120 * time.Millisecond // ends an answer; USB adapters hand bytes over in lumps
	maxAnswer    = 256                    // bytes; whoever says more does not answer
)

// errHeld is a line that takes no bytes.
var errHeld = errors.New("the line takes no bytes: the printer holds it, or flow control waits for a wire that is not there")

// talk asks a printer questions, one after the other, without its driver.
type talk struct {
	port device.Port
	baud int
}

// ask writes a question and returns all that comes back until the line falls silent.
func (t talk) ask(ctx context.Context, question []byte) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if _, err := t.hear(leftovers); err != nil {
		return nil, err
	}
	if err := t.write(question, writeWithin); err != nil {
		return nil, err
	}
	return t.hear(answerWithin)
}

// write writes for no longer than the line takes and the limit.
func (t talk) write(data []byte, limit time.Duration) error {
	if t.baud > 0 {
		limit += time.Duration(10*len(data)) * time.Second / time.Duration(t.baud)
	}
	if err := t.port.SetWriteDeadline(time.Now().Add(limit)); err != nil {
		return err
	}
	_, err := t.port.Write(data)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return errHeld
	}
	return err
}

// hear returns what comes until the line falls silent, if its first byte comes within that time.
func (t talk) hear(wait time.Duration) ([]byte, error) {
	var heard []byte
	buf := make([]byte, maxAnswer)
	for ; len(heard) < maxAnswer; wait = silence {
		if err := t.port.SetReadDeadline(time.Now().Add(wait)); err != nil {
			return nil, err
		}
		n, err := t.port.Read(buf)
		heard = append(heard, buf[:n]...)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	return heard, nil
}

// quote shows bytes from outside: in hexadecimal, and as text where they are some.
func quote(b []byte) string {
	if len(b) == 0 {
		return "nothing"
	}
	const most = 16
	text := fmt.Sprintf("% X", b[:min(len(b), most)])
	if len(b) > most {
		text += fmt.Sprintf(" and %d bytes more", len(b)-most)
	}
	for _, c := range b[:min(len(b), most)] {
		if (c < 0x20 || c > 0x7e) && c != '\r' && c != '\n' {
			return text
		}
	}
	return fmt.Sprintf("%s %q", text, b[:min(len(b), most)])
}

// condition asks a printer how it is in a profile's dialect. False: what came back are no
// answers of that dialect; heard is the first of it.
func (t talk) condition(ctx context.Context, p *escpos.Profile) (status escpos.Status, heard []byte, ok bool, err error) {
	decoder := p.Decoder()
	ok = true
	for i, question := range p.Questions() {
		answer, err := t.ask(ctx, question)
		if err != nil {
			return 0, heard, false, err
		}
		if len(heard) == 0 {
			heard = answer
		}
		found := false
		for _, b := range answer {
			reply, whole := decoder.Feed(b)
			if !whole {
				continue
			}
			part, answers := p.Answer(i, reply)
			if _, noise := reply.(escpos.Noise); noise || answers && found {
				ok = false // line noise, or more than was asked for
			}
			status |= part
			found = found || answers
		}
		if !found || !ok {
			return 0, heard, false, nil
		}
	}
	return status, heard, ok, nil
}
