// SPDX-License-Identifier: EUPL-1.2

// Package stats says what managers read, and what each figure means.
//
// A [Collector] follows the journal and writes down a [Day]: counts and exact spans by
// group of services and half hour, and what teams of counters did. Days add up to any
// period. A [Summary] of some of them tells waits, services, shares within limits and
// who was not there when called; [Keep] holds them against what the office has promised.
//
// The definitions, once and for all:
//
//   - A step is what a ticket is for at one time: from its issue, or from a transfer, to
//     the end or the next transfer. A visit is all steps of a ticket.
//   - The wait of a step ends with its first call that somebody answers. The wait of one
//     who did not come is kept apart: it counts among those called in time or not, and
//     in no mean or percentile.
//   - The walk is from the call to the start, where clerks confirm it; the service from
//     the start, or else the call, to the end; all times of a step at counters add up.
//   - Spans count in whole seconds, rounded up: within 15 minutes is at most 15 minutes.
//   - A percentile is the nearest rank.
//
// Nothing here knows a clerk or a single counter: counters stand for teams of three or
// more. The package is pure.
package stats
