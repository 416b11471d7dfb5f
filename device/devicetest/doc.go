// SPDX-License-Identifier: EUPL-1.2

// Package devicetest helps to test what prints: [Printer] is a printer without paper whose
// troubles can be arranged, [TestPrinter] is the conformance suite that every [device.Printer]
// passes, the fake included, and [Replay] plays back a recorded device, with which a driver passes
// [TestRecorded].
package devicetest
