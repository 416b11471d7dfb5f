// SPDX-License-Identifier: EUPL-1.2

// Package escpos turns slips into the bytes of a ticket printer and its answers into faults.
//
// It is pure: bytes in, values out; device/thermal moves them. What differs between makers
// is data in a [Profile]: code pages, cutter, QR dialect, status dialect, and by what the
// printer confirms a slip.
//
// A job is made so that a slip that was cut off half-way never looks valid: the number comes
// last, just before the cut. It holds no sequence that a printer obeys out of turn (DLE EOT,
// DLE ENQ, DLE DC4): texts carry no control characters, lengths stay below 256, and questions
// are bytes of their own that only go out between jobs.
//
// Sources: Epson ESC/POS command reference (download4.epson.biz/sec_pubs/pos/reference_en/escpos);
// Epson TM-T88III specification, appendix G (which answer is which); Custom VKP80III commands
// manual 915DX010100 and VKP80II manual, appendix B.
package escpos
