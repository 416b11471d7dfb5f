// SPDX-License-Identifier: EUPL-1.2

package office

import (
	"time"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/queue"
)

// Template says what stands on the office's slips above the number. The zero value is
// nothing.
type Template struct {
	Parts []TemplatePart // top to bottom

	// Both is whether texts stand in the office's own language and, where it is another
	// one, in the citizen's too; else in the citizen's alone.
	Both bool

	// Advice is by language; where there is none, the program's own words stand.
	Advice queue.Texts

	// Page returns the address of the page of a ticket of that day, for the symbol; nil:
	// slips have none.
	Page func(day queue.Date, id queue.TicketID) string
}

// TemplatePart is a part of a slip.
type TemplatePart struct {
	Name PartName
	Size device.Size // of a text
	Bold bool        // of a text
}

// PartName says what a part tells.
type PartName string

// The parts of a slip.
const (
	PartMark    PartName = "mark"    // the office's mark that is stored in the printer
	PartOffice  PartName = "office"  // the office's name, in its own language
	PartService PartName = "service" // what the citizen came for
	PartIssued  PartName = "issued"  // date and time
	PartAhead   PartName = "ahead"   // how many are before the citizen
	PartWait    PartName = "wait"    // the expected wait, where one is known
	PartRule    PartName = "rule"    // a line across
	PartQR      PartName = "qr"      // the way to the ticket's page
	PartAdvice  PartName = "advice"
)

// Wait tells how long a ticket will wait, as a range that may be told to its citizen; false:
// nobody knows.
type Wait func(v *queue.View, t *queue.Ticket) (from, to time.Duration, ok bool)
