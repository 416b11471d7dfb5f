// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"iter"
	"time"

	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/figures"
	"github.com/avanti-queue/avanti/internal/report"
	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/staffing"
	"github.com/avanti-queue/avanti/queue/stats"
)

// past is what managers ask for.
type past struct {
	*figures.Advisor
	keeper  *figures.Keeper
	store   *store.Store
	engine  *queue.Engine
	charter config.Charter
}

// The keeper takes no turn: it mostly reads what is new since yesterday, and after an update that
// counts anew it reads years, for which forecasts are not to wait.
func newPast(h history, s *store.Store, c *config.Charter) *past {
	return &past{
		Advisor: figures.NewAdvisor(h, s, target(c)), keeper: figures.New(h.Engine, s),
		store: s, engine: h.Engine, charter: *c,
	}
}

// target is what advice is to reach: the first promise about waits of all, else four in five
// within a quarter of an hour.
func target(c *config.Charter) staffing.Target {
	for _, p := range c.Promises {
		if p.Measure == stats.MeasureWait && p.Groups == nil {
			return staffing.Target{Within: p.Limit, Share: p.Share}
		}
	}
	return staffing.Target{Within: 15 * time.Minute, Share: .8}
}

// Report implements [web.Figures].
func (p *past) Report(ctx context.Context, period report.Period, fine bool) (*report.Report, error) {
	return report.Make(ctx, source{p.keeper, p.store}, report.Office{Settings: p.engine.View().Settings(), Promises: p.charter.Promises, Fine: fine}, period)
}

// Quality implements [web.Figures].
func (p *past) Quality(ctx context.Context, from, to queue.Date) ([]store.QualityRow, error) {
	return p.store.Quality(ctx, from, to)
}

// Current implements [web.Figures].
func (p *past) Current() bool { return p.keeper.Current() }

// source is where reports come from while the office runs.
type source struct {
	*figures.Keeper
	*store.Store
}

// Days are those of the keeper, who also knows the one that goes on.
func (s source) Days(ctx context.Context, from, to queue.Date) iter.Seq2[*stats.Day, error] {
	return s.Keeper.Days(ctx, from, to)
}
