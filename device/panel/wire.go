// SPDX-License-Identifier: EUPL-1.2

package panel

import (
	"context"
	"errors"
)

// ErrNoAnswer is what a [Wire] returns, wrapped, when a panel did not take its text while the wire
// itself works.
var ErrNoAnswer = errors.New("no answer from the panel")

// Wire brings texts to the panels on it. A [Line] is its only user, one call at a time.
type Wire interface {
	// Put makes panel i show the text, which has one character for each place, and sets up
	// everything else that the panel may have forgotten; of a blank text nothing is lit. It
	// returns within a second or two, sooner when ctx ends. Confirmed: the panel answered that it
	// has the text. An error that is not [ErrNoAnswer] means that the wire is lost.
	Put(ctx context.Context, i int, text string) (confirmed bool, err error)
	// Close gives the wire back, and wakes a call of Put.
	Close() error
}
