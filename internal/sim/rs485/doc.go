// SPDX-License-Identifier: EUPL-1.2

// Package rs485 is the far end of a serial line with number panels: a second reading of the makers'
// manuals, with a line that can be noisy, echo, or have two panels on one address.
package rs485
