// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"errors"
	"sync/atomic"

	"github.com/avanti-queue/avanti/internal/health"
	"github.com/avanti-queue/avanti/queue"
)

// commits watches whether the journal's commits succeed. How long they take and how
// many fail, the store counts.
type commits struct {
	health  *health.Board
	failing atomic.Bool
}

func (c *commits) note(commit queue.Commit) {
	if commit.Err == nil {
		if c.failing.CompareAndSwap(true, false) {
			c.health.Clear("journal_failing", "")
		}
		return
	}
	c.failing.Store(true)
	c.health.Raise(health.Warning{
		Name: "journal_failing", Severity: health.Critical, Cause: commit.Err.Error(),
		Hint: "nothing can be issued or called until the journal can be written: make room on the disk, or check the card",
	})
}

// ready returns nil while the journal takes what is written.
func (c *commits) ready() error {
	if c.failing.Load() {
		return errors.New("the journal cannot be written")
	}
	return nil
}
