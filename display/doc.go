// SPDX-License-Identifier: EUPL-1.2

// Package display says what the public sees: it turns a [queue.View] into a
// [Board] for pages and into complete contents for panels and boxes.
//
// Everything here is meant for a hall full of strangers: numbers, counters and
// counts, never a person and never what a single citizen came for.
package display
