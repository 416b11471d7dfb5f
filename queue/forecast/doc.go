// SPDX-License-Identifier: EUPL-1.2

// Package forecast tells how long people are going to wait.
//
// A [Learner] follows the journal and keeps what services, no-shows, pauses and
// arrivals were like. A [Forecaster] takes the office as it is, lets it run ahead
// many times by the office's own calling rule ([queue.Line]) with times drawn from
// what was learned, and reads the percentiles of each wait from the runs: one run
// serves everybody who waits and everybody who might come now. Nothing in it knows a
// clerk: a counter is learned as a place, by when somebody is there.
//
// The package is pure: the same journal, instant and seed give the same [Forecast].
package forecast
