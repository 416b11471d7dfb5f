// SPDX-License-Identifier: EUPL-1.2

package queue

// OfficeID names an office (one hall). Ids are lower-case letters, digits and
// hyphens, 1 to 32 characters, first one a letter or digit; see [ValidID].
type OfficeID string

// ServiceID names a service: what citizens come for.
type ServiceID string

// GroupID names a group of services that managers read as one.
type GroupID string

// SeriesID names a series of printed numbers.
type SeriesID string

// CounterID names a counter.
type CounterID string

// ClassID names a class of tickets: normal, priority, appointment and the like.
type ClassID string

// Seq is the position of a record in the journal. The first record has 1, there
// are no gaps; 0 is the place before the first record.
type Seq int64

// TicketID identifies a ticket for ever. It is the [Seq] of the record that issued
// it, so ids grow in the order of issue. The zero value is no ticket.
type TicketID int64

// RequestID names one wish of one person or device, at most 128 bytes. The same
// id gives the same answer, however often it arrives. The zero value names
// nothing: such a request is decided anew each time.
type RequestID string

// Revision tells which state of a counter somebody has seen: it is the [Seq] of
// the last record that changed the counter. 0 is a counter that nobody has touched
// since the office was set up.
type Revision = Seq

// ValidID reports whether s may be an id: 1 to 32 characters of a-z, 0-9 and
// hyphen, not beginning with a hyphen. Ids stand in topics, addresses and metrics.
func ValidID(s string) bool {
	if len(s) == 0 || len(s) > 32 || s[0] == '-' {
		return false
	}
	for _, c := range []byte(s) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return true
}
