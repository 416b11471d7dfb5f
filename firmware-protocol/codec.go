// SPDX-License-Identifier: EUPL-1.2

package fwproto

import (
	"hash/crc32"

	"github.com/fxamacker/cbor/v2"
)

// wireSet is Set with its rows as they travel: number, desk, number, desk, ...
// in one array, so that no container is nested deeper than SPEC 3.7 allows.
type wireSet struct {
	Set
	Flat []string `cbor:"4,keyasint,omitempty"`
}

// codec holds the two immutable modes of the CBOR library.
type codec struct {
	enc cbor.EncMode
	dec cbor.DecMode
}

var modes = newCodec() //nolint:gochecknoglobals // immutable, and dear to build

func newCodec() codec {
	enc, err := cbor.CoreDetEncOptions().EncMode()
	if err != nil {
		panic(err) // the options are constants
	}
	dec, err := cbor.DecOptions{}.DecMode()
	if err != nil {
		panic(err)
	}
	return codec{enc: enc, dec: dec}
}

// Encode gives the one encoding of m (SPEC 3). The error is an [*Error] that
// says which limit m breaks; such a message must not be sent.
func Encode(m Message) ([]byte, error) {
	if err := m.validate(); err != nil {
		return nil, err
	}
	var body any = m
	if s, ok := m.(Set); ok {
		body = wireSet{Set: s, Flat: flatten(s.Rows)}
	}
	b, err := modes.enc.Marshal(body)
	if err != nil {
		return nil, fail(BadValue, "%v", err)
	}
	// Key 0 sorts before all others and no message has 23 keys, so the type
	// goes straight behind the map's head.
	out := make([]byte, 0, len(b)+2)
	out = append(out, b[0]+1, 0, byte(m.Type()))
	out = append(out, b[1:]...)
	if limit := MaxPayload(m.Type()); len(out) > limit {
		return nil, fail(TooLong, "%d bytes, at most %d", len(out), limit)
	}
	return out, nil
}

// Decode reads a message of the given type. Keys that it does not know are
// ignored (SPEC 3.8). The error is an [*Error]; the message is then zero.
func Decode[M Message](b []byte) (M, error) {
	var m, zero M
	if limit := MaxPayload(m.Type()); len(b) > limit {
		return zero, fail(TooLong, "%d bytes, at most %d", len(b), limit)
	}
	if err := checkProfile(b); err != nil {
		return zero, err
	}
	if t := typeOf(b); t != m.Type() {
		return zero, fail(UnknownType, "type %d, expected %d", t, m.Type())
	}
	if err := unmarshal(b, &m); err != nil {
		return zero, err
	}
	if err := m.validate(); err != nil {
		return zero, err
	}
	return m, nil
}

// EventID reads the identity that every event carries, known or not, so that
// even one that [Decode] refuses as [UnknownType] can be answered (SPEC 5.1).
func EventID(b []byte) (boot, seq uint32, err error) {
	if limit := MaxPayload(TypePress); len(b) > limit {
		return 0, 0, fail(TooLong, "%d bytes, at most %d", len(b), limit)
	}
	if err := checkProfile(b); err != nil {
		return 0, 0, err
	}
	var id struct {
		Boot uint32 `cbor:"1,keyasint"`
		Seq  uint32 `cbor:"2,keyasint"`
	}
	if err := modes.dec.Unmarshal(b, &id); err != nil {
		return 0, 0, fail(BadValue, "boot or seq: %v", err)
	}
	if id.Boot == 0 || id.Seq == 0 {
		return 0, 0, fail(MissingKey, "boot or seq")
	}
	return id.Boot, id.Seq, nil
}

// CRC is the CRC-32 (ISO 3309, polynomial 0xedb88320) over number, 0x1f, desk,
// 0x1e of every row: the proof, in [Shown], that these rows are what is shown.
func (m Set) CRC() uint32 {
	h := crc32.NewIEEE()
	for _, r := range m.Rows {
		h.Write([]byte(r.Number + "\x1f" + r.Desk + "\x1e"))
	}
	return h.Sum32()
}

// typeOf gives the value of key 0 of a payload that passed checkProfile, or 0.
func typeOf(b []byte) Type {
	if len(b) < 3 || b[1] != 0 {
		return 0
	}
	if v := b[2]; v < 24 {
		return Type(v)
	}
	return 0
}

func unmarshal(b []byte, m any) error {
	set, ok := m.(*Set)
	if !ok {
		if err := modes.dec.Unmarshal(b, m); err != nil {
			return fail(BadValue, "%v", err)
		}
		return nil
	}
	var w wireSet
	if err := modes.dec.Unmarshal(b, &w); err != nil {
		return fail(BadValue, "%v", err)
	}
	if len(w.Flat)%2 != 0 {
		return fail(BadValue, "key 4 has %d texts, an odd count", len(w.Flat))
	}
	*set = w.Set
	for i := 0; i < len(w.Flat); i += 2 {
		set.Rows = append(set.Rows, Row{Number: w.Flat[i], Desk: w.Flat[i+1]})
	}
	return nil
}

func flatten(rows []Row) []string {
	flat := make([]string, 0, 2*len(rows))
	for _, r := range rows {
		flat = append(flat, r.Number, r.Desk)
	}
	return flat
}
