// SPDX-License-Identifier: EUPL-1.2

//go:build race

package figures_test

// quarterDays is how long the quarter is under the race detector, which makes it slow.
const quarterDays = 31
