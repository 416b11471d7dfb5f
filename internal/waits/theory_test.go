// SPDX-License-Identifier: EUPL-1.2

package waits_test

import (
	"math"
	"testing"

	"github.com/avanti-queue/avanti/internal/waits"
)

// TestNoBetterThanTheory: with exponential times the number in front is all that can be
// known. Its error is the root of 1 - rho, that of the last wait to have ended is twice
// its square and a little more (Ibrahim and Whitt 2009); that of the oldest who waits lies
// in between.
func TestNoBetterThanTheory(t *testing.T) {
	for rho, oldest := range map[float64]float64{.8: .634, .9: .453} {
		x := waits.Predict(1, 500_000, rho)
		for _, fault := range x.Missed() {
			t.Error(fault)
		}
		if math.Abs(x.Oldest/oldest-1) > .03 {
			t.Errorf("load %v: the age of the oldest errs by %.3f, want %.3f", rho, x.Oldest, oldest)
		}
	}
}
