// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/forecast"
)

const (
	judgedDays  = 28 // whole days before today that count
	judgedLeast = 30 // tickets of which something is said

	unreadFor = time.Minute // after a failing read none is tried
)

// errUnread says that a read has failed just now, as another caller was told.
var errUnread = errors.New("web: the figures could not be read a moment ago")

// Judged is how good the announced waits were, for everybody.
type Judged struct {
	From     queue.Date `json:"from"`
	To       queue.Date `json:"to" doc:"Yesterday"`
	Tickets  int        `json:"tickets" doc:"Whose announced wait was held against what they waited"`
	Error    *float64   `json:"mean_error_minutes" doc:"Mean absolute error; null: fewer than 30 tickets"`
	Hit      *float64   `json:"hit" doc:"Share that was off by at most 5 minutes or a quarter of the wait; null: fewer than 30 tickets"`
	Coverage *float64   `json:"coverage" doc:"Share of waits between the 10th and the 90th percentile of what was expected, aim 0.8; null: fewer than 30 tickets"`
}

type judgedOutput struct {
	OpenHeaders
	Body Judged
}

// judge remembers how good the waits were that were announced before a day.
type judge struct {
	mu     sync.Mutex
	today  queue.Date
	score  forecast.Score
	failed time.Time // when a read last failed
}

// ask returns how good the announced waits of the days before today were. It reads them once a day; where
// that fails, it is told once, and for a minute after all get [errUnread].
func (j *judge) ask(ctx context.Context, from Figures, today queue.Date, now time.Time) (Judged, error) {
	midnight, err := today.Midnight(time.UTC)
	if err != nil {
		return Judged{}, fmt.Errorf("web: %w", err)
	}
	out := Judged{From: queue.DateOf(midnight.AddDate(0, 0, -judgedDays)), To: queue.DateOf(midnight.AddDate(0, 0, -1))}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.today != today {
		if since := now.Sub(j.failed); since >= 0 && since < unreadFor {
			return Judged{}, errUnread
		}
		rows, err := from.Quality(ctx, out.From, out.To)
		if err != nil {
			if ctx.Err() == nil { // else it is the caller who has gone
				j.failed = now
			}
			return Judged{}, err
		}
		j.today, j.score = today, joined(rows)
	}
	out.Tickets = j.score.N
	if out.Tickets >= judgedLeast {
		off, hit, coverage := rounded(j.score.MAE().Minutes(), 1), rounded(j.score.Hit(), 2), rounded(j.score.Coverage(), 2)
		out.Error, out.Hit, out.Coverage = &off, &hit, &coverage
	}
	return out, nil
}

func joined(rows []store.QualityRow) (all forecast.Score) {
	for _, r := range rows {
		all.Join(r.Score)
	}
	return all
}

func rounded(x float64, decimals int) float64 {
	scale := math.Pow10(decimals)
	return math.Round(x*scale) / scale
}

func (s *Server) registerForecasts(api huma.API) {
	huma.Register(api, s.operation(api, huma.Operation{
		OperationID: "get-public-forecasts", Method: http.MethodGet, Path: "/api/v1/public/forecasts",
		Summary: "How good the announced waits of the last 28 days were, where the office publishes it", Tags: []string{"public"},
	}), func(ctx context.Context, in *publicInput) (*judgedOutput, error) {
		if err := s.mayRead(in, s.o.Publish.Forecasts && s.o.Figures != nil); err != nil {
			return nil, err
		}
		judged, ok := s.judged(ctx)
		if !ok {
			return nil, &Problem{Code: codeUnavailable, Status: http.StatusServiceUnavailable, Detail: "the figures cannot be read now"}
		}
		return &judgedOutput{openHeaders(), judged}, nil
	})
}

// judged returns how good the announced waits were, false if that cannot be read now.
func (s *Server) judged(ctx context.Context) (Judged, bool) {
	out, err := s.judge.ask(ctx, s.o.Figures, s.todayIs(), s.office.Now())
	if err != nil && !errors.Is(err, context.Canceled) && !errors.Is(err, errUnread) {
		s.o.Log.LogAttrs(ctx, slog.LevelError, "how good announced waits were cannot be read", slog.Any("error", err))
	}
	return out, err == nil
}

// hit is how many in 100 announced waits were good, for citizens; 0: nothing is said.
func (s *Server) hit(ctx context.Context) int {
	if !s.o.Publish.Forecasts || s.o.Figures == nil {
		return 0
	}
	judged, ok := s.judged(ctx)
	if !ok || judged.Hit == nil {
		return 0 // the page is of use without it
	}
	return int(math.Round(100 * *judged.Hit))
}
