// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"strings"

	"github.com/avanti-queue/avanti/internal/health"
	"github.com/avanti-queue/avanti/queue"
)

// tellSkipped warns on a day on which a backup was restored: some papers in the hall have numbers
// that the journal does not know.
func (a *App) tellSkipped(ctx context.Context) error {
	v := a.engine.View()
	a.noteSkipped(v)
	for r, err := range a.engine.Follow(ctx, v.Seq()) {
		if err != nil {
			return err
		}
		switch r.Event.(type) {
		case queue.NumbersSkipped, queue.DayOpened, queue.DayClosed:
			a.noteSkipped(a.engine.View())
		}
	}
	return nil
}

func (a *App) noteSkipped(v *queue.View) {
	day, open := v.Day()
	date, next := v.Skipped()
	if date == "" || date < day || date == day && !open {
		a.health.Clear("numbers_skipped", "")
		return
	}
	var from []string
	for _, r := range v.Settings().Series {
		if n, ok := next[r.ID]; ok {
			from = append(from, r.Print(n))
		}
	}
	a.health.Raise(health.Warning{
		Name: "numbers_skipped", Severity: health.Notice,
		Cause: "a backup was restored on " + string(date) + "; numbers go on from " + strings.Join(from, ", "),
		Hint:  "who holds a lower number that nobody knows takes a new one; if a higher one was printed before, restore again with avantictl restore -skip",
	})
}
