// SPDX-License-Identifier: EUPL-1.2

// Package panel is the number displays that hang on wires: digits on SPI and I²C, and makers'
// panels on serial lines.
//
// A [Line] owns one wire and decides, by a pure schedule, what is written next: the newest content
// first, then each panel's whole content again every second. A [Wire] knows how: [NewMAX7219],
// [NewHT16K33], and [NewSerial] with a [Protocol].
//
// A panel shows the current number, or nothing, or dashes. A content is taken off
//
//   - when nobody has said it again for five seconds: the program runs, but not what decides;
//   - when the program ends in order;
//   - when it starts, before it knows what to show;
//   - and replaced by the mark when the panel cannot show the number as it is printed.
//
// What cannot be helped from here is a program that is killed or a board that loses its power while
// the panels keep theirs: they show their last number until the program has started again, a few
// seconds where the system restarts it. What an installer can do about it:
//
//   - MAX7219 and HT16K33: supply them from the board, and they go dark with it. Both stay as they
//     are while only the program is down: have the service manager restart it at once.
//   - "edi" and "board": these have no time limit of their own. Supply them from the same switched
//     outlet as the board.
//   - "callshop" and "callshop-concentrator": the same.
//   - "modbus": many have a register for what is shown after power-on; set it to blanks or dashes.
//
// None of them but those that answer can say what it shows. Their contents are unverified for ever,
// and those without a checksum can show a wrong digit after a disturbance, until the next second.
package panel
