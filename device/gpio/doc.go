// SPDX-License-Identifier: EUPL-1.2

// Package gpio is the buttons and lamps that are wired to the board's own lines.
//
// It drives the kernel's GPIO character device through periph.io and trusts neither to tell of
// each edge: a key is read every 20 ms as well, and a pure state machine decides from levels and
// edges what a press is.
//
// Known of periph.io v3.8.5, and the reason for what looks roundabout here: waiting for an edge
// cannot tell a timeout from an error; a line that has gone away reads as low, which a key with a
// pull-up takes for pressed, and only setting it up again says that it has gone; a chip that
// appears later is not found until the program starts anew.
package gpio
