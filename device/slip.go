// SPDX-License-Identifier: EUPL-1.2

package device

import (
	"fmt"
	"time"
)

// Slip is what stands on a citizen's paper, whatever printer makes it. All texts are in the
// citizen's language already. They are hostile: a printer's driver keeps control characters
// and endless lines off the wire. Lines that do not fit are wrapped at words.
type Slip struct {
	Office  string    // of which the hall is; the headline
	Number  string    // the printed number, "A012"; the largest text, last on the paper
	Service string    // what the citizen came for
	Issued  time.Time // in the office's zone: date and clock are printed as they stand

	// Ahead is how many people were ahead at Issued; below 0: not known, neither it nor
	// AheadText is printed.
	Ahead int
	// AheadText is the label that Ahead follows, without colon or number: "Persone prima di
	// Lei". "": nothing is printed of Ahead.
	AheadText string

	Advice string // one more line; "": none
	QR     string // an URL of printable ASCII, printed as a QR symbol; "": none

	// Copy is the word that marks a copy ("DUPLICATO"), printed just above the number.
	// "": the number's first paper, which bears no mark.
	Copy string
}

// Job is a slip on its way to one printer.
type Job struct {
	// ID is what the printer answers with when the slip is out: exactly four bytes from
	// 0x20 to 0x7E (Epson, GS ( H function 48). It ought not to repeat while a slip with the
	// same one may still be in the printer; an ascending "0001" to "9999" does.
	ID   string
	Slip Slip
}

// Validate says what keeps the job from being printed: an ID that no printer could answer
// with, or a slip without a number. Nil: it can be printed.
func (j Job) Validate() error {
	if len(j.ID) != 4 {
		return fmt.Errorf("job id %q has %d bytes: give it 4 printable ASCII characters", j.ID, len(j.ID))
	}
	for i := range len(j.ID) {
		if c := j.ID[i]; c < 0x20 || c > 0x7e {
			return fmt.Errorf("job id %q: byte %d is not printable ASCII", j.ID, i+1)
		}
	}
	if j.Slip.Number == "" {
		return fmt.Errorf("job %s: the slip has no number", j.ID)
	}
	return nil
}
