// SPDX-License-Identifier: EUPL-1.2

// Package paper is a ticket printer in software: the far end of the serial line.
//
// It reads the bytes that a host sends, keeps the time that the line and the mechanism would need, answers as the
// chosen model answers, and hands out every sheet that its cutter lets go, as text and as a picture. It is a second
// reading of the printers' manuals and shares no code with the side that prints.
//
// # What it models
//
// The line: 10 bits a byte, a receive buffer of a given size and slack, and what happens when it is full. Real-time
// commands (DLE EOT, DLE ENQ, DLE DC4, Star's ESC ACK SOH and the like) are seen as the bytes come in, inside other
// commands' data too; they stay in the stream, where the command that was cut in two takes them for its parameters.
// Everything else is executed in order, and nothing is executed while the printer is stopped.
//
// The mechanism: paper moves at a given speed; the head stands a hand's breadth behind the cutter, so that a cut
// without a feed leaves the last lines on the next sheet; a cut is ignored unless it comes at the start of a line. When
// the paper ends, the cover opens, the cutter jams or the head is hot, the printer stops, keeps its buffer, and later
// goes on with it, beginning with the line that was interrupted. Paper that has left the head stays where it is: what
// was printed before a power cut comes out on top of the next sheet. A presenter holds the ticket until somebody takes
// it, takes it back, or pushes it out with the next.
//
// The memory: what a power cut erases (the buffer, the line, modes, glyphs that the host has drawn, automatic status)
// and what it does not (logos, counters). Writing the lasting memory takes time, in which the printer is deaf.
//
// The answers: status bytes, automatic status in three dialects, and the confirmation that a job is out: the process-ID
// response of GS ( H, Star's counter behind ETB, Nippon's notification of a finished job, or the answer to a question
// that had to wait for its turn. A response that the host has not taken waits; only the latest of a kind is kept.
//
// # Where the manuals leave a choice
//
// Star: switching automatic status on sends nothing; a change does, and ETB. Nippon: a job that something stops is
// thrown away, its notification bears the status byte, and ESC v is answered while nothing waits to be printed; GS e 5
// acts at once. Custom: ESC v is answered at once, and a sheet is fed to a shortest length.
//
// # What it leaves out
//
// Page mode swallows what it gets. Bar codes other than Code 128, Code 39, EAN-13 and EAN-8, PDF417, downloaded bit
// images (GS *), Star's raster mode and glyphs, ENQ and EOT, rotated and upside-down text: their bytes are read and
// dropped, and Counters.Ignored names them. A horizontal motion unit is one dot; a vertical one too, but half a dot with
// EpsonT88.
//
// Sources: Epson ESC/POS reference (DLE EOT, DLE DC4 fn 8, ESC &, GS ( H fn 48 and 49, GS ( L fn 48 to 113, GS V, GS a,
// GS g 2, GS k, GS r, GS v 0, GS ( k, FS p, FS q); TM-T88III specification (1.7, 1.8, 3.12); Custom command references
// for VKP80II, KPM216H, KPM150 and KPM300 (full status, ESC v, FS 90h to 94h, GS E0 to GS E8, ESC i); Star line mode
// command specifications, with appendix 2; Nippon Primex NP-2511/3511 and NP-2411 specifications (ESC s, ESC t, ESC v,
// GS G), and NP-266 for ESC b and ESC q.
package paper
