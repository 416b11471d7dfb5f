// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"fmt"

	"github.com/avanti-queue/avanti/internal/sim/schedule"
	"github.com/avanti-queue/avanti/queue"
)

// playFigures runs the core alone, day after day, and prints the table.
func playFigures(ctx context.Context, o options) error {
	result, err := schedule.Run(ctx, schedule.Options{
		Settings: o.file.Settings(), Model: o.model, Seed: o.seed, Date: o.date, Days: o.days,
		Progress: func(day queue.Date, f *schedule.Figures) {
			fmt.Fprintf(o.log, "\r%s  %d tickets", day, f.Tickets)
		},
	})
	fmt.Fprintln(o.log)
	if err != nil {
		return err
	}
	return result.Table(o.out)
}
