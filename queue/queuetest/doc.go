// SPDX-License-Identifier: EUPL-1.2

// Package queuetest checks the core from outside: what must always hold, as
// functions that scenario, property, kill and soak tests call; random commands; a
// journal in memory and the conformance suite of journals.
package queuetest
