// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/forecast"
	"github.com/avanti-queue/avanti/queue/stats"
)

// Source is where the past is kept: the days of a figures.Keeper, each in the place of the one
// before, the rest of a [store.Store].
type Source interface {
	Days(ctx context.Context, from, to queue.Date) iter.Seq2[*stats.Day, error]
	Votes(ctx context.Context, from, to time.Time) ([]store.Vote, error)
	Quality(ctx context.Context, from, to queue.Date) ([]store.QualityRow, error)
}

// Office is what a report has to know of the office.
type Office struct {
	Settings *queue.Settings
	Promises []stats.Promise
	// Fine reports also tell each group in each half hour of the week: spreadsheets have the room.
	Fine bool
}

// Limit is the wait that shares are told of first: that of the first promise about waits of all,
// else a quarter of an hour.
func (o Office) Limit() time.Duration {
	for _, p := range o.Promises {
		if p.Measure == stats.MeasureWait && p.Groups == nil {
			return p.Limit
		}
	}
	return 15 * time.Minute
}

// Report is what happened in a period. It is not to be changed.
type Report struct {
	Period
	office Office

	Charter []stats.Kept
	Total   stats.Summary // of walks nothing, of visits only if something was promised of them
	groups  map[queue.GroupID]*stats.Summary
	hours   map[stats.Hour]stats.Mean // waits
	came    [7]int                    // by weekday
	bands   map[stats.Band]*stats.Summary
	cells   map[hourOf]*stats.Summary // of a fine report
	teams   map[stats.TeamID]*stats.Team
	classes map[queue.ClassID]*stats.Summary // waits and overtaking alone
	reasons map[string]int                   // of calls out of order
	votes   stats.Votes
	quality map[queue.GroupID]*forecast.Score
}

// Make reads what is kept of a period. An error is the source's, or that of a period that is none.
func Make(ctx context.Context, from Source, o Office, p Period) (*Report, error) {
	if p.Days() == 0 {
		return nil, fmt.Errorf("report: from %q to %q is no period", p.From, p.To)
	}
	r, err := Of(from.Days(ctx, p.From, p.To), o, p)
	if err != nil {
		return nil, err
	}
	rows, err := from.Quality(ctx, p.From, p.To)
	if err != nil {
		return nil, err
	}
	votes, err := votes(ctx, from, o.Settings.Zone, p)
	if err != nil {
		return nil, err
	}
	for _, v := range votes {
		r.votes.Add(v.Vote)
	}
	r.judge(rows)
	return r, nil
}

// Of makes the report of days alone, without what citizens said and were told. It reads each
// day once and keeps none; the error is that of the days.
func Of(days iter.Seq2[*stats.Day, error], o Office, p Period) (*Report, error) {
	sums := newSums(o)
	for d, err := range days {
		if err != nil {
			return nil, err
		}
		sums.add(d)
	}
	return sums.report(p), nil
}

func votes(ctx context.Context, from Source, zone string, p Period) ([]store.Vote, error) {
	place, err := time.LoadLocation(zone)
	if err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	begin, err := p.From.Midnight(place)
	if err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	end, err := p.To.Midnight(place)
	if err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	return from.Votes(ctx, begin, end.AddDate(0, 0, 1))
}

// judge adds up how good promises of waits were, by group.
func (r *Report) judge(rows []store.QualityRow) {
	group := map[queue.ServiceID]queue.GroupID{}
	for _, s := range r.office.Settings.Services {
		group[s.ID] = s.Group
	}
	for _, row := range rows {
		g := group[row.Service]
		if r.quality[g] == nil {
			r.quality[g] = &forecast.Score{}
		}
		r.quality[g].Join(row.Score)
	}
}

// told is how many of something there must be before anything is said of them.
const told = 10
