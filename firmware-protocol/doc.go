// SPDX-License-Identifier: EUPL-1.2

// Package fwproto is the contract between the daemon and the boxes and panels
// of a hall: topics, messages, their one encoding, and the rule by which a
// display decides whether it may show what it was told.
//
// SPEC.md states the contract in numbered clauses, messages.cddl states the
// messages formally, and vectors/ holds encodings that every implementation
// must reproduce byte by byte. Comments in this package cite the clauses.
//
// A payload is one CBOR map (RFC 8949) with small unsigned integer keys, in the
// deterministic encoding of its section 4.2.1, narrowed by clauses 3.1 to 3.9
// so that every message has exactly one encoding. [Encode] writes it and
// [Decode] accepts nothing else; the class of an [Error] is part of the
// contract.
//
// The package is pure: it has no clock, no goroutine and no input or output.
package fwproto
