// SPDX-License-Identifier: EUPL-1.2

package schedule

import (
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// Table writes the figures as a table for people: waits by the hour of issue, then
// what became of tickets and papers. It returns the error of w.
func (f *Figures) Table(w io.Writer) error {
	rows := "issued\tanswered\tmean wait min\tP90 wait min\t\n"
	row := func(name string, x Waits) {
		rows += fmt.Sprintf("%s\t%d\t%s\t%s\t\n", name, x.N, inMinutes(x.Mean), inMinutes(x.P90))
	}
	for hour := range 24 {
		if x := f.Waits(hour, hour+1); x.N > 0 {
			row(fmt.Sprintf("%02d-%02d", hour, hour+1), x)
		}
	}
	row("all", f.Waits(0, 24))
	columns := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, err := io.WriteString(columns, rows)
	_, rest := fmt.Fprintf(columns, `
days     %d
tickets  %d: %d served, %d no-shows, %d cancelled, %d void, %d expired
calls    %d, recalls %d
slips    %d printed, %d sent, %d failed, %d unknown; %d marked copies
`,
		f.Days, f.Tickets, f.Ends[queue.EndServed], f.Ends[queue.EndNoShow], f.Ends[queue.EndCancelled],
		f.Ends[queue.EndVoid], f.Ends[queue.EndExpired], f.Calls, f.Recalls,
		f.Slips[queue.SlipResultPrinted], f.Slips[queue.SlipResultSent], f.Slips[queue.SlipResultFailed],
		f.Slips[queue.SlipResultUnknown], f.Copies)
	if err := errors.Join(err, rest, columns.Flush()); err != nil {
		return fmt.Errorf("schedule: write the table: %w", err)
	}
	return nil
}

func inMinutes(d time.Duration) string { return fmt.Sprintf("%.1f", d.Minutes()) }
