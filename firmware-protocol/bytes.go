// SPDX-License-Identifier: EUPL-1.2

package fwproto

import (
	"encoding/hex"

	"github.com/fxamacker/cbor/v2"
)

// Bytes is a byte string of a message. Its text form, in vectors and logs, is
// hex.
type Bytes string

// String gives the bytes as hex.
func (b Bytes) String() string { return hex.EncodeToString([]byte(b)) }

// MarshalCBOR implements cbor.Marshaler.
func (b Bytes) MarshalCBOR() ([]byte, error) { return cbor.ByteString(b).MarshalCBOR() }

// UnmarshalCBOR implements cbor.Unmarshaler. It refuses what is no byte string.
func (b *Bytes) UnmarshalCBOR(item []byte) error {
	var s cbor.ByteString
	if err := modes.dec.Unmarshal(item, &s); err != nil {
		return err
	}
	*b = Bytes(s)
	return nil
}

// MarshalText implements encoding.TextMarshaler.
func (b Bytes) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, []byte(b)), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (b *Bytes) UnmarshalText(text []byte) error {
	raw, err := hex.AppendDecode(nil, text)
	if err != nil {
		return err
	}
	*b = Bytes(raw)
	return nil
}
