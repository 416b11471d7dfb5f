// SPDX-License-Identifier: EUPL-1.2

// Package device holds what an office can touch, as values and small interfaces: the slip
// that a citizen takes home, the printer that makes it, and the ways in which it can fail.
//
// The package is shared vocabulary. It knows no wire and no maker; those are in its
// sub-packages, which all import it and of which it imports none.
package device
