// SPDX-License-Identifier: EUPL-1.2

// Package hosts tests the simulated printers against a program that others wrote: receiptio, from npm, prints over TCP
// and says success, paperempty, coveropen, error, offline, disconnect or timeout. What it takes our printers for is
// evidence that neither our encoder nor our reading of the manuals could give.
//
// Its exact version and those of what it needs are in package-lock.json; "npm ci" in this directory installs them.
package hosts
