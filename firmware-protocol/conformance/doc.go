// SPDX-License-Identifier: EUPL-1.2

// Package conformance holds everything that says what the protocol is against the
// vectors and against each other: the codecs in Go and in C, the CDDL, the AsyncAPI
// document, the numbered clauses, and the reference device against a real daemon.
//
// It has tests only. They need make, a C compiler for this machine and one for
// microcontrollers, arm-none-eabi-gcc, and node with the packages of testdata/asyncapi.
package conformance
