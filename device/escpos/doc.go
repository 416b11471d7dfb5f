// SPDX-License-Identifier: EUPL-1.2

// Package escpos turns slips into the bytes of a ticket printer and its answers into faults.
//
// It is pure: bytes in, values out; device/thermal moves them. What differs between makers
// is data in a [Profile], which is read from a file in the directory profiles or from one's own
// ([Parse]): language, code pages, cutter, symbols, images, status dialect, and by what the
// printer confirms a slip.
//
// A job is made so that a slip that was cut off half-way never looks valid: the number comes
// last, just before the cut. It holds no sequence that a printer obeys out of turn (DLE EOT,
// DLE ENQ, DLE DC4): texts carry no control characters, the lengths of symbols stay below 256,
// images get one dot more where they would form one, and questions are bytes of their own.
//
// A letter is printed, in this order, from a code page of the printer, as its nearest kin (ș as ş,
// œ as oe), as a letter defined for the job, in a line drawn as an image, or spelled in Latin
// letters. What is left, and every letter of a script that runs from right to left, is '_' and told by
// [Profile.Unprintable].
//
// Sources: Epson ESC/POS command reference (download4.epson.biz/sec_pubs/pos/reference_en/escpos);
// Epson TM-T88III specification, appendix G (which answer is which); Custom VKP80III commands
// manual 915DX010100, VKP80II manual, appendix B, and KPM300 commands (stored images); Star line
// mode command specifications Rev. 0.09; Nippon Primex NP-2511/3511 specifications D-F0446 and
// NP-226/266/326 specifications D-F0382 and D-F0390.
package escpos
