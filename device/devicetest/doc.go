// SPDX-License-Identifier: EUPL-1.2

// Package devicetest helps to test what prints: [Printer] is a printer without paper whose
// troubles can be arranged, and [TestPrinter] is the conformance suite that every
// [device.Printer] passes, the fake included.
package devicetest
