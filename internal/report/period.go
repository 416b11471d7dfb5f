// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"fmt"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// Period is from one date to another, both included.
type Period struct{ From, To queue.Date }

// longest is how many days a period has at most: what an office keeps for its whole life.
const longest = 40 * 366

// Month returns a month that is written like 2026-10.
func Month(text string) (Period, error) {
	first, err := time.Parse("2006-01", text)
	if err != nil {
		return Period{}, fmt.Errorf("report: %q is no month: want one such as 2026-10", text)
	}
	return Period{queue.DateOf(first), queue.DateOf(first.AddDate(0, 1, -1))}, nil
}

// MonthBefore returns the last whole month before a date.
func MonthBefore(d queue.Date) Period {
	t, err := d.Midnight(time.UTC)
	if err != nil {
		return Period{d, d}
	}
	first := time.Date(t.Year(), t.Month()-1, 1, 0, 0, 0, 0, time.UTC)
	return Period{queue.DateOf(first), queue.DateOf(first.AddDate(0, 1, -1))}
}

// Days returns how many days of the calendar the period has; 0: it is none.
func (p Period) Days() int {
	from, err := p.From.Midnight(time.UTC)
	to, otherErr := p.To.Midnight(time.UTC)
	if n := int(to.Sub(from).Hours()/24) + 1; err == nil && otherErr == nil && n > 0 && n <= longest {
		return n
	}
	return 0
}

// Before returns the period of the same length that ends where this one begins; a whole month
// is compared with the month before it.
func (p Period) Before() Period {
	from, err := p.From.Midnight(time.UTC)
	if err != nil {
		return p
	}
	if m, err := Month(from.Format("2006-01")); err == nil && m == p {
		return MonthBefore(p.From)
	}
	return Period{queue.DateOf(from.AddDate(0, 0, -p.Days())), queue.DateOf(from.AddDate(0, 0, -1))}
}
