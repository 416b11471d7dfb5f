// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"errors"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/avanti-queue/avanti/internal/health"
	"github.com/avanti-queue/avanti/queue"
)

// commits watches the journal's commits: how long they take, and whether they fail.
type commits struct {
	health  *health.Board
	failing atomic.Bool
	took    prometheus.Histogram
	failed  prometheus.Counter
}

func newCommits(reg prometheus.Registerer, board *health.Board) *commits {
	c := &commits{
		health: board,
		took: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "avanti_commit_duration_seconds", Help: "Time to decide and commit a batch of commands, sync included.",
			Buckets: []float64{.0005, .001, .002, .005, .01, .02, .05, .1, .2, .5, 1, 5},
		}),
		failed: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "avanti_commit_failures_total", Help: "Commits that failed; nothing of them was kept.",
		}),
	}
	reg.MustRegister(c.took, c.failed)
	return c
}

func (c *commits) note(commit queue.Commit) {
	c.took.Observe(commit.Took.Seconds())
	if commit.Err == nil {
		if c.failing.CompareAndSwap(true, false) {
			c.health.Clear("journal_failing", "")
		}
		return
	}
	c.failed.Inc()
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
