// SPDX-License-Identifier: EUPL-1.2

//go:build race

package schedule_test

// thorough divides the length of the long tests: the race detector makes them slow,
// and a schedule has one goroutine.
const thorough = 40
