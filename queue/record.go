// SPDX-License-Identifier: EUPL-1.2

package queue

import (
	"context"
	"iter"
	"time"
)

// Record is one fact with its place in the journal.
type Record struct {
	Seq   Seq
	At    time.Time // UTC, whole milliseconds, never before the record in front
	By    Actor
	Event Event
}

// Entry is a record that has no place yet.
type Entry struct {
	At    time.Time
	By    Actor
	Event Event
}

// Journal is the gapless sequence of everything that happened. It is used by one
// writer and any number of readers.
type Journal interface {
	// Append adds batch behind after, which must be the newest record, and returns
	// the new end. When it returns nil the batch is durable, all of it; otherwise
	// the journal is as before. A journal that ends elsewhere gives [ErrMoved].
	Append(ctx context.Context, after Seq, batch []Entry) (Seq, error)

	// Records yields what follows after, in order, up to the end at the time of the
	// call or later. It yields an error at most once, as the last pair.
	Records(ctx context.Context, after Seq) iter.Seq2[Record, error]

	// Recent yields what is needed to know the present: the newest [SettingsChanged]
	// before the window if there is one, then all records of the window. The window
	// begins with the newest [DayOpened] that is at least a day older than the newest
	// record, or with the first record.
	Recent(ctx context.Context) iter.Seq2[Record, error]
}
