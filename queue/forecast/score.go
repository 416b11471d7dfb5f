// SPDX-License-Identifier: EUPL-1.2

package forecast

import (
	"math"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// Outcome is a promise that came due: the ticket was called.
type Outcome struct {
	Ticket  queue.TicketID
	Service queue.ServiceID
	At      time.Time // of the promise
	Promise Wait
	Actual  time.Duration // from At to the call
}

// Score counts how good promises were. The zero value is ready to use.
type Score struct {
	N                    int
	Hits                 int // off by no more than 5 minutes or a quarter of the wait
	Below, Inside, Above int // of the interval from P10 to P90

	// Sums of the error without its sign, of its square, of the median minus the wait, and
	// of the quantile loss of P90; in minutes.
	Off, Square, Bias, Pinball float64
}

// Add counts a promise that was known.
func (s *Score) Add(w Wait, actual time.Duration) {
	off := (w.P50 - actual).Minutes()
	s.N++
	if math.Abs(off) <= max(5, .25*actual.Minutes()) {
		s.Hits++
	}
	switch {
	case actual < w.P10:
		s.Below++
	case actual > w.P90:
		s.Above++
	default:
		s.Inside++
	}
	s.Off += math.Abs(off)
	s.Square += off * off
	s.Bias += off
	above := (actual - w.P90).Minutes()
	s.Pinball += max(.9*above, -.1*above)
}

// Worthwhile reports whether a promise counts: that somebody is called at once is easily
// foreseen and would flatter every method.
func Worthwhile(w Wait, actual time.Duration) bool { return max(w.P50, actual) >= worthwhile }

// Join adds what another score has counted.
func (s *Score) Join(o Score) {
	s.N, s.Hits = s.N+o.N, s.Hits+o.Hits
	s.Below, s.Inside, s.Above = s.Below+o.Below, s.Inside+o.Inside, s.Above+o.Above
	s.Off, s.Square, s.Bias, s.Pinball = s.Off+o.Off, s.Square+o.Square, s.Bias+o.Bias, s.Pinball+o.Pinball
}

func (s *Score) mean(sum float64) time.Duration {
	return time.Duration(sum / float64(max(1, s.N)) * float64(time.Minute))
}

func (s *Score) share(n int) float64 { return float64(n) / float64(max(1, s.N)) }

// MAE returns the mean absolute error of the median, 0 without promises.
func (s *Score) MAE() time.Duration { return s.mean(s.Off) }

// RMSE returns the root of the mean squared error of the median, 0 without promises.
func (s *Score) RMSE() time.Duration {
	return time.Duration(math.Sqrt(s.Square/float64(max(1, s.N))) * float64(time.Minute))
}

// MeanBias returns the mean of median minus wait: above zero, too much was promised.
func (s *Score) MeanBias() time.Duration { return s.mean(s.Bias) }

// MeanPinball returns the mean quantile loss of P90.
func (s *Score) MeanPinball() time.Duration { return s.mean(s.Pinball) }

// Hit returns the share of hits, 0 to 1.
func (s *Score) Hit() float64 { return s.share(s.Hits) }

// Coverage returns the share of waits within P10 and P90, 0 to 1; aim .8.
func (s *Score) Coverage() float64 { return s.share(s.Inside) }

// Exceedance returns the share of waits above P90, 0 to 1; aim .1.
func (s *Score) Exceedance() float64 { return s.share(s.Above) }
