// SPDX-License-Identifier: EUPL-1.2

package thermal

import (
	"bytes"
	"context"
	"fmt"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/escpos"
)

// quoted is how many of the bytes of a stranger are shown.
const quoted = 16

// challenge makes sure that what answered is the printer: asked again it says the same, and
// besides the answers nothing comes back. Our own bytes do not pass, nor does noise, nor what a
// modem says.
func (s *session) challenge(ctx context.Context, first escpos.Status) error {
	again, err := s.questions(ctx)
	if err != nil {
		return err
	}
	if err := s.listen(ctx, quiet); err != nil {
		return err
	}
	if s.odd > 0 || s.echoes() || (first^again)&^restless != 0 {
		return s.estrange()
	}
	s.known, s.stranger = true, nil
	return nil
}

// echoes reports whether what came back are the bytes that were written.
func (s *session) echoes() bool {
	questions := s.o.Profile.Questions()
	if len(questions) == 0 {
		return false
	}
	n := min(len(s.raw), len(s.said))
	return n >= len(questions[0]) && bytes.Equal(s.raw[:n], s.said[:n])
}

// estrange notes that what answers is not the printer, and what it said. The same fault stands
// until the printer is back, whatever else is heard meanwhile.
func (s *session) estrange() error {
	s.known = false
	if s.stranger == nil {
		s.stranger = &device.Fault{Code: device.FaultStranger, Detail: s.verdict()}
	}
	return s.stranger
}

// verdict says what came back.
func (s *session) verdict() string {
	if s.echoes() {
		return "our own bytes come back: an echo"
	}
	raw := s.raw[:min(len(s.raw), quoted)]
	for _, b := range raw {
		if (b < 0x20 || b > 0x7e) && b != '\r' && b != '\n' {
			return fmt.Sprintf("heard % X: noise, another speed, or another printer", raw)
		}
	}
	return fmt.Sprintf("heard the text %q: not a printer", raw)
}
