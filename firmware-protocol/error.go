// SPDX-License-Identifier: EUPL-1.2

package fwproto

import "fmt"

// Class says which rule of the encoding a payload breaks (SPEC 3.10). All
// implementations report the same class for the same bytes.
type Class string

// The classes, in the order in which a decoder looks for them.
const (
	TooLong       Class = "TooLong"       // longer than the limit of its type
	Truncated     Class = "Truncated"     // ends inside an item
	NotAMap       Class = "NotAMap"       // the outermost item is no map
	Indefinite    Class = "Indefinite"    // a length left open
	NonMinimalInt Class = "NonMinimalInt" // an argument not in its shortest form
	Unsupported   Class = "Unsupported"   // a tag, a float, null or another simple value
	NotASCII      Class = "NotASCII"      // text outside 0x20 to 0x7e
	TooDeep       Class = "TooDeep"       // a container inside a container inside the map
	BadKey        Class = "BadKey"        // a map key that is no unsigned integer
	UnsortedKeys  Class = "UnsortedKeys"  // keys not ascending
	DuplicateKey  Class = "DuplicateKey"  // the same key twice
	ZeroValue     Class = "ZeroValue"     // a key that carries 0, false or something empty
	TrailingBytes Class = "TrailingBytes" // bytes behind the map
	UnknownType   Class = "UnknownType"   // key 0 absent or not the type that was expected
	BadValue      Class = "BadValue"      // a known key with a value of the wrong type or range
	MissingKey    Class = "MissingKey"    // a required key is absent

	// On a bus only (SPEC 8.6).
	BadStuffing Class = "BadStuffing" // a frame ends inside a block
	BadCRC      Class = "BadCRC"      // the checksum is wrong
)

// Error tells why a payload was refused, or why a message cannot be encoded.
type Error struct {
	Class  Class
	Detail string // for people; never contains the payload
}

// Error implements error.
func (e *Error) Error() string { return fmt.Sprintf("malformed payload (%s): %s", e.Class, e.Detail) }

func fail(c Class, format string, args ...any) error {
	return &Error{Class: c, Detail: fmt.Sprintf(format, args...)}
}
