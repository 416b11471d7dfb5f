// SPDX-License-Identifier: EUPL-1.2

// Package figures keeps what managers read up to date: it follows the journal, keeps the
// figures of each day that has ended in the store, and knows those of the day that goes on.
// What the figures mean is said in one place, package stats.
package figures
