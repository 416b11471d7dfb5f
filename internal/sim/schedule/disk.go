// SPDX-License-Identifier: EUPL-1.2

package schedule

import (
	"context"
	"errors"

	"github.com/avanti-queue/avanti/queue"
)

// disk is a journal that fails when it is told to.
type disk struct {
	queue.Journal
	next   mishap
	last   mishap // that has happened
	struck bool   // it happened just now
}

// mishap is what happens to the next append.
type mishap uint8

const (
	noMishap     mishap = iota
	diskFull            // nothing is stored, the daemon lives on
	diesUnstored        // the daemon dies before the batch is durable
	diesStored          // the daemon dies after it, before anybody is told
)

var (
	errFull = errors.New("no space left on the simulated disk")
	errDied = errors.New("the simulated daemon has died")
)

func (d *disk) Append(ctx context.Context, after queue.Seq, batch []queue.Entry) (queue.Seq, error) {
	next := d.next
	d.next, d.last, d.struck = noMishap, next, next != noMishap
	switch next {
	case diskFull:
		return 0, errFull
	case diesUnstored:
		return 0, errDied
	case diesStored:
		if _, err := d.Journal.Append(ctx, after, batch); err != nil {
			return 0, err
		}
		return 0, errDied
	case noMishap:
	}
	return d.Journal.Append(ctx, after, batch)
}
