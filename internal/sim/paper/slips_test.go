// SPDX-License-Identifier: EUPL-1.2

package paper_test

import "bytes"

// Streams that a host would send, written by hand from the manuals.

const (
	boldOn, boldOff = "1B 45 01", "1B 45 00"
	centre, leftAl  = "1B 61 01", "1B 61 00"
	feedCut         = "1D 56 42 10" // feed to the cutter and 16 dots, partial cut
)

// processID is GS ( H fn 48.
func processID(id string) []byte { return job("1D 28 48 06 00 30 30", raw(id)) }

// storeQR is functions 65, 67, 69, 80 and 81 of GS ( k; m is the parameter of the last two.
func nativeQR(module, ecc byte, m string, text string) []byte {
	n := len(text) + 3
	return job(
		"1D 28 6B 04 00 31 41 32 00",
		"1D 28 6B 03 00 31 43", []byte{module},
		"1D 28 6B 03 00 31 45", []byte{ecc},
		"1D 28 6B", []byte{byte(n), byte(n >> 8)}, "31 50", m, raw(text),
		"1D 28 6B 03 00 31 51", m,
	)
}

// slip is a ticket for an Epson-like printer: header, service, number last, cut.
func slip(number string) []byte {
	return job(
		"1B 40 1C 2E 1B 74 13", centre, boldOn, raw("Comune di Piacenza"), "0A", boldOff,
		raw("Anagrafe"), "0A", raw("21.11.2026 09:41"), "0A",
		"1D 21 55", raw(number), "0A 1D 21 00", leftAl, feedCut,
	)
}

// slipText is what slip puts on paper.
func slipText(number string) string {
	return "Comune di Piacenza\nAnagrafe\n21.11.2026 09:41\n" + number
}

// bilingual changes the code page in the middle of a line.
func bilingual() []byte {
	return job(
		"1B 40 1C 2E", centre, boldOn,
		"1B 74 13", raw("COMUNE DI PIACENZA"), "0A", boldOff, // PC858
		raw("Identit"), "85", raw(" e et"), "85", raw(": 5 "), "D5", "0A", // à à €
		"1B 74 12", raw("Carte de identitate "), "AE C7 AF", "0A", // PC852: « ă »
		raw("a"), "EE", raw("tepta"), "EE", raw("i / "), "1B 74 10", raw("perch"), "E9", "0A", // ţ ţ, then WPC1252: é
		"1B 4D 01", raw("font B, 64 columns on 80 mm paper: "), "1B 2D 01", raw("underlined"), "1B 2D 00 0A 1B 4D 00",
		"1D 42 01", raw(" SPORTELLO 7 "), "1D 42 00 0A",
		nativeQR(5, 0x31, "30", "https://avanti.example/t/5Rk2mQ"),
		"1B 4A 10 1D 21 77", raw("A042"), "0A 1D 21 00", leftAl, feedCut,
		processID("0042"),
	)
}

// kiosk is a ticket for a Custom printer.
func kiosk() []byte {
	return job(
		"1B 40 1B 74 13", centre, raw("Ufficio Anagrafe"), "0A",
		nativeQR(4, 0x32, "31", "https://avanti.example/t/9"), // 32h is M here
		"1D 21 33", raw("B007"), "0A 1D 21 00",
		raw("DUPLICATO b"), "0A",
		"1B 69 1D 65 03 10",
	)
}

// chinese forgets FS ., so that a board in double-byte mode shows what it must.
func chinese() []byte {
	return job(
		"1B 40 1B 74 13", raw("Identit"), "85", raw(" e citt"), "85 0A",
		"B5 DA 0A",
		"1C 2E", raw("Identit"), "85", raw(" e citt"), "85 0A",
		"1D 21 11", raw("C01"), "0A 1D 21 00", feedCut,
	)
}

// pictograms is two raster images, the second with doubled dots on the right.
func pictograms() []byte {
	ramp := bytes.Repeat(job("FF FF F0 0F FF FF", "80 00 00 00 00 01"), 24)
	return job(
		"1B 40 1C 2E", raw("arrow"), "0A",
		"1D 76 30 00 06 00 30 00", ramp,
		"1B 61 02", "1D 76 30 03 02 00 10 00", bytes.Repeat(job("F0 F0 0F 0F"), 8),
		"1B 61 00", raw("after"), "0A", feedCut,
	)
}

// tg2480Slip has a bar code below the number.
func tg2480Slip() []byte {
	return job(
		"1B 40 1B 74 13", centre, raw("Ufficio Tributi"), "0A", raw("Citt"), "85 0A",
		"1D 21 33", raw("T031"), "0A 1D 21 00",
		"1D 77 02 1D 68 40 1D 48 02 1D 6B 49 06", raw("{BT031"), "0A 1B 69",
	)
}
