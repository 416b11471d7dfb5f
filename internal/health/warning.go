// SPDX-License-Identifier: EUPL-1.2

package health

import (
	"cmp"
	"time"
)

// Warning is one trouble. Name and Subject together identify it.
type Warning struct {
	// Name is the kind of trouble, from the program's own fixed set, such as
	// printer_not_ready. It is a metric's label.
	Name string
	// Subject is the thing in trouble: the id of a printer, a device, a counter. It may
	// be "", and is never a person.
	Subject  string
	Severity Severity
	Since    time.Time // when it began; zero when raised: now
	Cause    string    // what was seen, in English, for technicians; may be ""
	Hint     string    // what to do about it, in English; people read the texts of Name
}

// Severity is how bad a trouble is.
type Severity string

// The severities. The zero value is not valid.
const (
	Notice   Severity = "notice"   // worth knowing, the office works as it should
	Degraded Severity = "warning"  // part of the office does not work
	Critical Severity = "critical" // the office cannot serve citizens
)

func (s Severity) rank() int {
	switch s {
	case Critical:
		return 0
	case Degraded:
		return 1
	}
	return 2
}

// byWeight sorts the worst first, then by name and subject.
func byWeight(a, b Warning) int {
	return cmp.Or(
		cmp.Compare(a.Severity.rank(), b.Severity.rank()),
		cmp.Compare(a.Name, b.Name),
		cmp.Compare(a.Subject, b.Subject),
	)
}
