// SPDX-License-Identifier: EUPL-1.2

//go:build !race

package figures_test

// quarterDays is how long the quarter is.
const quarterDays = 87
