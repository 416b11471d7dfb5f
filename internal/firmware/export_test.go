// SPDX-License-Identifier: EUPL-1.2

package firmware

import "time"

// Advance makes the offers that are due at an instant.
func (r *Rollout) Advance(now time.Time) { r.advance(now) }

// Step is the time between two looks.
const Step = step
