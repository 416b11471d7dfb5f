// SPDX-License-Identifier: EUPL-1.2

// Package search finds what people mean when they write in their own words.
//
// Words are compared without capitals and without the marks of letters: "citta" is "città" and
// "țară" is "tara". A word may be the beginning of another one, and in longer words one or two
// letters may be wrong, missing, too many or exchanged. Words that stand in many entries weigh
// little, so that nobody needs a list of small words such as "the" or "ho".
//
// The package is pure: no clock, no files, no goroutines.
package search
