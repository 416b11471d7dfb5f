// SPDX-License-Identifier: EUPL-1.2

// Package config reads the one YAML file that describes an office and the daemon
// that serves it.
//
// A file with faults is refused with all of them at once, each with its line, its
// field and what would be right; see [Faults]. A decoder that stops at the first
// fault cannot do that, so the package walks the syntax tree of goccy/go-yaml
// itself: a [value] knows its place and its field path, a section is asked for
// its fields one after another, and whatever was not asked for is an unknown key.
// There is one list of fields, the code that reads them.
//
// The first fault of a field counts, and nothing is said about what lies below
// it: a broken list is one fault, not one for each thing that refers to it.
// The syntax of YAML itself is the exception to "all at once": after a syntax
// error there is no tree to walk.
//
// Of YAML there are mappings, lists, texts, whole numbers, true and false, anchors,
// aliases, and "<<" with one mapping. Tags, several documents and keys that are not
// plain are faults. Nothing is read from the environment.
package config
