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
//
// # What proves a slip
//
// The name of the job, or a counter of jobs that goes from one to two, is level A. An answer to a
// question that was sent in or right behind the slip is level B; one to a question that was sent
// later proves nothing, for a printer that was off for a moment answers it too. A counter of cuts
// that has risen by one is level B, and lasts: with the evidence that [device.Job].Begin was given,
// it proves the slip after the port was lost or the program has died ([Printer.Testify]). Before
// anything is cleared then, a printer that is well may finish what it holds.
//
// All this holds of a printer that was awake all the time. One whose power fails forgets what it has
// and may then get the end of the slip, with the question, from the host's buffer. So a counter of
// power-ups must not have moved, Star's counter must have gone from one to two; and a printer that
// has neither must never be silent for as long as one that starts: a slip goes in short steps, and
// each waits for an answer to the one before.
//
// # What is no printer
//
// At each opening the printer is asked for its status twice. An echo, a modem or noise does not say
// the same twice and nothing else, and is a fault, with what was heard. The answer to an ordered
// question counts only if nothing that nobody asked for came with it.
package thermal
