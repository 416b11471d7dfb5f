// SPDX-License-Identifier: EUPL-1.2

// Package queue is the core of Avanti: what an office's queue is and how it changes.
//
// A [Command] is a wish, an [Event] is a fact. [State.Decide] turns a wish into
// facts or refuses it, [State.Apply] lets a fact happen; both are pure: time and
// everything else they need are arguments. The [Writer] decides, commits to a
// [Journal] and applies; the [Engine] puts a clock and a goroutine around it.
//
// The package knows no wire, no screen, no file and no clock of its own. Only
// engine.go reads the time.
package queue
