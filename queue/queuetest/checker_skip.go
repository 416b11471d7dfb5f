// SPDX-License-Identifier: EUPL-1.2

package queuetest

import (
	"maps"

	"github.com/avanti-queue/avanti/queue"
)

// numbersSkipped uses up what was skipped, now or when the day comes.
func (c *Checker) numbersSkipped(e queue.NumbersSkipped) error {
	if e.Date < c.date {
		return violated("I1", "numbers of %s are skipped on %s", e.Date, c.date)
	}
	if e.Date == c.skipped.Date {
		was := c.skipped.Next
		c.skipped.Next = maps.Clone(was)
		maps.Copy(c.skipped.Next, e.Next)
	} else {
		c.skipped = e
	}
	if e.Date != c.date {
		return nil
	}
	return c.useUp(e.Next)
}

// useUp takes the numbers before the next ones as given.
func (c *Checker) useUp(next map[queue.SeriesID]int) error {
	for _, series := range c.settings.Series {
		n, ok := next[series.ID]
		if !ok {
			continue
		}
		was, some := c.next[series.ID]
		if !some {
			was = series.First
		}
		if n < was || n > series.Last {
			return violated("I1", "series %s goes back from %d to %d", series.ID, was, n)
		}
		c.issued[series.ID] += n - was
		c.next[series.ID] = n
	}
	return nil
}

// allAlive reports whether citizens hold all numbers of a series from one on.
func (c *Checker) allAlive(series queue.Series, from int) bool {
	held := map[int]bool{}
	for _, t := range c.tickets {
		if t.Series == series.ID && t.closed == "" {
			held[t.Ordinal] = true
		}
	}
	for n := from; n <= series.Last; n++ {
		if !held[n] {
			return false
		}
	}
	return true
}
