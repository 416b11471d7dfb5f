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

	off, square, bias, pinball float64 // minutes
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
	s.off += math.Abs(off)
	s.square += off * off
	s.bias += off
	above := (actual - w.P90).Minutes()
	s.pinball += max(.9*above, -.1*above)
}

func (s *Score) mean(sum float64) time.Duration {
	return time.Duration(sum / float64(max(1, s.N)) * float64(time.Minute))
}

func (s *Score) share(n int) float64 { return float64(n) / float64(max(1, s.N)) }

// MAE returns the mean absolute error of the median, 0 without promises.
func (s *Score) MAE() time.Duration { return s.mean(s.off) }

// RMSE returns the root of the mean squared error of the median, 0 without promises.
func (s *Score) RMSE() time.Duration {
	return time.Duration(math.Sqrt(s.square/float64(max(1, s.N))) * float64(time.Minute))
}

// Bias returns the mean of median minus wait: above zero, too much was promised.
func (s *Score) Bias() time.Duration { return s.mean(s.bias) }

// Pinball returns the mean quantile loss of P90.
func (s *Score) Pinball() time.Duration { return s.mean(s.pinball) }

// Hit returns the share of hits, 0 to 1.
func (s *Score) Hit() float64 { return s.share(s.Hits) }

// Coverage returns the share of waits within P10 and P90, 0 to 1; aim .8.
func (s *Score) Coverage() float64 { return s.share(s.Inside) }

// Exceedance returns the share of waits above P90, 0 to 1; aim .1.
func (s *Score) Exceedance() float64 { return s.share(s.Above) }
