// SPDX-License-Identifier: EUPL-1.2

// Package report says what happened in a period as managers read it: on their page, in the
// monthly report and in spreadsheets. All three are made of the same tables, so that a figure
// is the same wherever it stands; what a figure means is said in package stats.
//
// Nothing is told of fewer than ten, and nothing of a clerk or of fewer than three counters.
package report
