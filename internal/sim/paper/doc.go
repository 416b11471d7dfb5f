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
// commands (DLE EOT, DLE ENQ, DLE DC4) are seen as the bytes come in, inside other commands' data too; they stay in
// the stream, where the command that was cut in two takes them for its parameters. Everything else is executed in
// order, and nothing is executed while the printer is stopped.
//
// The mechanism: paper moves at a given speed; the head stands a hand's breadth behind the cutter, so that a cut
// without a feed leaves the last lines on the next sheet; a cut is ignored unless it comes at the start of a line. When
// the paper ends, the cover opens, the cutter jams or the head is hot, the printer stops, keeps its buffer, and later
// goes on with it, beginning with the line that was interrupted. Paper that has left the head stays where it is: what
// was printed before a power cut comes out on top of the next sheet.
//
// The answers: status bytes, automatic status, the process-ID response of GS ( H after everything before it has been
// printed. A response that the host has not taken waits; only the latest of a kind is kept.
//
// # What it leaves out
//
// Page mode, bar codes, bit images other than GS v 0, stored graphics, user-defined glyphs, rotated and upside-down
// text: their bytes are read and dropped, and Counters.Ignored names them. One motion unit is one dot (0.125 mm).
//
// Sources: Epson ESC/POS reference (DLE EOT, DLE DC4 fn 8, GS ( H fn 48 and 49, GS V, GS a, GS r, GS v 0, GS ( k);
// Custom command references for VKP80II, KPM216H and KPM300 (full status, GS E0 to GS E5, ESC i).
package paper
