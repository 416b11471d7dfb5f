// SPDX-License-Identifier: EUPL-1.2

// Package thermal drives a ticket printer over a port: it asks before it prints, sends in small
// bounded steps, and waits until the printer has confirmed the slip in the way that its profile
// says. It never sends a slip twice.
//
// One goroutine, [Printer.Run], owns the port; a second one reads it. Calls are work that Run
// does between two looks at the printer. A port that goes away is opened again, after one second
// at first, after five at last.
//
// # What may still be in the printer
//
// A printer that stopped in the middle of a slip keeps the rest and prints it when it can go on.
// So after every opening of the port, and after every slip whose outcome is unknown, the printer
// counts as uncleared, and nothing is printed until it is known to hold nothing: it has cleared
// its buffers and said so, or it has answered a question that it only comes to when everything
// before is worked off. Unsent bytes in the host's own buffers are thrown away by closing the
// port.
package thermal
