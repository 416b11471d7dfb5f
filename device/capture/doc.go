// SPDX-License-Identifier: EUPL-1.2

// Package capture reads and writes recorded dialogues between a host and a device on a line, with
// their times, so that a device can be played back in a test (devicetest.Replay) and a fault in the
// field can be looked at.
//
// # Format, version 1
//
// A text in UTF-8, line by line. The first line is "# avanti capture 1". Then, in any number:
//
//	# a note
//	> 1B 40 1C 2E    bytes from the host, in hexadecimal, two digits each, with blanks between them
//	< 12             bytes from the device
//	~ 12.5ms         the time that passed between the line before and the next one, as Go writes durations
//
// Empty lines mean nothing. Lines that follow each other without a time happened at once. How the bytes of a
// side are cut into lines has no meaning.
package capture
