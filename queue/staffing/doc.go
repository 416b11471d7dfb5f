// SPDX-License-Identifier: EUPL-1.2

// Package staffing says how many counters an office needs, and what would change if it
// opened more of them, fewer, or moved breaks.
//
// [Required] is the first plan: Erlang C on the modified offered load, which comes a
// service time later than the arrivals do (Jennings, Mandelbaum, Massey and Whitt
// 1996). [Advise] does not believe it: it lets resampled days of the office's own past
// run by the office's own calling rule, once as they were and once changed, and says
// only what is better by more than chance, and by enough to be worth it. A past that the simulation cannot reproduce
// is no ground for advice, and none is given.
//
// A [Collector] follows the journal and keeps the days. The package is pure: the same
// past and seed give the same advice.
package staffing
