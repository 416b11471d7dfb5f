// SPDX-License-Identifier: EUPL-1.2

package fwproto

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"
)

// The sizes of pairing, in bytes.
const (
	PasswordSize = 32
	NonceSize    = 16
)

// Hello is how a device that belongs to no office begins (SPEC 5.12).
type Hello struct {
	Commitment Bytes  `cbor:"1,keyasint"`           // see Commit
	Kind       Kind   `cbor:"2,keyasint,omitempty"` // as in State
	Firmware   string `cbor:"3,keyasint,omitempty"` // as in State
	Hardware   string `cbor:"4,keyasint,omitempty"` // as in State
	Rows       uint8  `cbor:"5,keyasint,omitempty"` // as in State
}

// Challenge is the host's answer to it (SPEC 5.13).
type Challenge struct {
	Nonce     Bytes `cbor:"1,keyasint"`          // NonceSize random bytes
	Authority Bytes `cbor:"2,keyasint,omitzero"` // SHA-256 of the hall's certificate authority; empty: no TLS
}

// Reveal opens the commitment (SPEC 5.14).
type Reveal struct {
	Nonce Bytes `cbor:"1,keyasint"`
}

// Grant makes a device one of the office's (SPEC 5.15). It is a secret.
type Grant struct {
	Device    string `cbor:"1,keyasint,omitempty"` // its id from now on; at most MaxID characters
	Office    string `cbor:"2,keyasint,omitempty"` // at most MaxID characters
	Password  Bytes  `cbor:"3,keyasint"`           // PasswordSize random bytes
	Authority Bytes  `cbor:"4,keyasint,omitzero"`  // as in Challenge
}

// Type implements [Message].
func (Hello) Type() Type { return TypeHello }

// Type implements [Message].
func (Challenge) Type() Type { return TypeChallenge }

// Type implements [Message].
func (Reveal) Type() Type { return TypeReveal }

// Type implements [Message].
func (Grant) Type() Type { return TypeGrant }

func (m Hello) validate() error {
	return first(
		exactly("commitment", m.Commitment, sha256.Size),
		text("firmware", m.Firmware, MaxVersion),
		text("hardware", m.Hardware, MaxVersion),
		required("commitment", m.Commitment != ""),
	)
}

func (m Challenge) validate() error {
	return first(
		exactly("nonce", m.Nonce, NonceSize),
		exactly("authority", m.Authority, sha256.Size),
		required("nonce", m.Nonce != ""),
	)
}

func (m Reveal) validate() error {
	return first(exactly("nonce", m.Nonce, NonceSize), required("nonce", m.Nonce != ""))
}

func (m Grant) validate() error {
	return first(
		text("device", m.Device, MaxID),
		text("office", m.Office, MaxID),
		exactly("password", m.Password, PasswordSize),
		exactly("authority", m.Authority, sha256.Size),
		required("device", m.Device != ""),
		required("office", m.Office != ""),
		required("password", m.Password != ""),
	)
}

// Commit is the commitment of a device to its nonce (SPEC 13.4). The maker's name is
// that of its user name.
func Commit(maker string, nonce Bytes) Bytes {
	sum := sha256.Sum256([]byte(string(nonce) + maker))
	return Bytes(sum[:])
}

// PairingNumber is the number of four digits that the device shows and the host's page,
// too: it is the same on both if nobody stands between them (SPEC 13.5).
func PairingNumber(maker string, device, host, authority Bytes) string {
	sum := sha256.Sum256([]byte(string(device) + string(host) + string(authority) + maker))
	return fmt.Sprintf("%04d", binary.BigEndian.Uint32(sum[:])%10000)
}

const (
	pairingUser = "_pair-" // no ValidID begins like that
	// PairingRoot is the part that all topics of pairing begin with, with its slash.
	PairingRoot = "avanti/1/_pair/"
)

// PairingUser is the user name and client id of a device that belongs to no office; the
// maker's name of it must be a [ValidID] (SPEC 13.2).
func PairingUser(maker string) string { return pairingUser + maker }

// PairingMaker takes a [PairingUser] apart; false for any other user name.
func PairingMaker(user string) (maker string, ok bool) {
	maker, ok = strings.CutPrefix(user, pairingUser)
	return maker, ok && ValidID(maker)
}

// PairingUp is where a device that belongs to no office speaks.
func PairingUp(maker string) string { return PairingRoot + maker + "/" + string(LeafUp) }

// PairingDown is where it is spoken to.
func PairingDown(maker string) string { return PairingRoot + maker + "/" + string(LeafDown) }

// EveryPairing is the filter for all that devices without an office say.
func EveryPairing() string { return PairingUp("+") }

// ParsePairing takes a topic of [PairingUp] or [PairingDown] apart; false for all others.
func ParsePairing(topic string) (maker string, leaf Leaf, ok bool) {
	rest, ok := strings.CutPrefix(topic, PairingRoot)
	if !ok {
		return "", "", false
	}
	maker, last, _ := strings.Cut(rest, "/")
	leaf = Leaf(last)
	if !ValidID(maker) || leaf != LeafUp && leaf != LeafDown {
		return "", "", false
	}
	return maker, leaf, true
}
