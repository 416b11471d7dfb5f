// SPDX-License-Identifier: EUPL-1.2

// Package schedule runs whole office days on the core of Avanti in one goroutine,
// on an agenda of events in simulated time. Citizens come as package demand says,
// clerks look at the office's view and act, printers answer, and faults strike: the
// disk is full, the daemon dies in the middle of a commit, clocks are set, presses
// arrive twice or late, the day is closed with people waiting.
//
// Every record is held against the invariants of package queuetest when it is
// written, and so is every answer: the same request has the same answer, a stale
// press calls nobody, what was acknowledged survives. Everything is drawn from one
// seed: the same options give the same run, bit by bit.
package schedule
