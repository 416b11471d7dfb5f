// SPDX-License-Identifier: EUPL-1.2

// Package demand invents days of a public office: who comes when and for what, how
// long each visit takes, and which clerks are there. A [Model] holds the figures, a
// [Source] applies it to an office's settings and draws days from seeds.
//
// The package is pure: the same model, settings, seed and date give the same day,
// bit by bit. All times of a day are whole milliseconds.
package demand
