// SPDX-License-Identifier: EUPL-1.2

package fwproto

import (
	"crypto/ed25519"
	"fmt"
)

// Release is the version of a firmware as a number, so that a device can compare
// two: major in the highest byte, minor in the next, patch in the lower two
// (SPEC 9.2). 0 is no release.
type Release uint32

// String gives "major.minor.patch".
func (r Release) String() string { return fmt.Sprintf("%d.%d.%d", r>>24, r>>16&0xff, r&0xffff) }

// Manifest says what a firmware image is. Who builds firmware signs its encoding,
// and nobody else can make a device take an image (SPEC 9).
type Manifest struct {
	Kind     Kind    `cbor:"1,keyasint,omitempty"` // the kind of device it is for
	Hardware string  `cbor:"2,keyasint,omitempty"` // the hardware it runs on, as in State; at most MaxVersion characters
	Release  Release `cbor:"3,keyasint,omitempty"`
	Size     uint32  `cbor:"4,keyasint,omitempty"` // bytes of the image
	SHA256   Bytes   `cbor:"5,keyasint"`           // of the image; 32 bytes
	Least    Release `cbor:"6,keyasint,omitempty"` // the oldest release that may be followed by this one; 0: any
	Group    uint8   `cbor:"7,keyasint,omitempty"` // the roll-out group it is for; 0: all
}

// Offer offers an image to a device (SPEC 9.4).
type Offer struct {
	ID        uint32 `cbor:"1,keyasint,omitempty"` // the host's, new for each offer
	Manifest  Bytes  `cbor:"2,keyasint"`           // a Manifest as it was signed; at most 120 bytes
	Signature Bytes  `cbor:"3,keyasint"`           // Ed25519 over Manifest; 64 bytes
	Path      string `cbor:"4,keyasint,omitempty"` // of the image on the host's HTTP server; at most MaxPath characters
	TTLms     uint32 `cbor:"5,keyasint,omitempty"` // within how many milliseconds of its arrival the download must have begun
}

// Report says what became of an offer (SPEC 9.6).
type Report struct {
	Offer   uint32  `cbor:"1,keyasint,omitempty"` // its ID
	Result  Result  `cbor:"2,keyasint,omitempty"`
	Reason  Reason  `cbor:"3,keyasint,omitempty"` // why it was refused, failed or rolled back
	Release Release `cbor:"4,keyasint,omitempty"` // that runs now
	Tried   Release `cbor:"5,keyasint,omitempty"` // that was offered; 0: not known
}

// Result is what became of an offer.
type Result uint8

// The results.
const (
	Loading    Result = 1 // the offer holds, the image is being loaded
	Confirmed  Result = 2 // the new image runs and has proved itself
	Refused    Result = 3 // the offer does not hold; nothing was loaded
	Failed     Result = 4 // the image could not be loaded; the old one runs
	RolledBack Result = 5 // the new image did not prove itself; the old one runs
)

// Reason is why an offer came to nothing.
type Reason uint8

// The reasons. Those up to ReasonSize are found by [Offer.Check], in this order.
const (
	NoReason         Reason = 0
	ReasonSignature  Reason = 1  // the signature is not of the maker's key
	ReasonManifest   Reason = 2  // what was signed is no manifest
	ReasonKind       Reason = 3  // for another kind of device
	ReasonHardware   Reason = 4  // for other hardware
	ReasonGroup      Reason = 5  // for another roll-out group
	ReasonRelease    Reason = 6  // not newer than what runs
	ReasonLeast      Reason = 7  // what runs is too old to be followed by it
	ReasonSize       Reason = 8  // larger than the device has room for
	ReasonExpired    Reason = 9  // the download did not begin in time
	ReasonDownload   Reason = 10 // the image did not arrive whole
	ReasonDigest     Reason = 11 // the image is not the one of the manifest
	ReasonStart      Reason = 12 // the new image did not start, or started again by itself
	ReasonConnection Reason = 13 // the new image did not get online
	ReasonHeartbeats Reason = 14 // the new image was online and did not hear ten heartbeats
)

// Running is what a device is before an update.
type Running struct {
	Kind     Kind
	Hardware string
	Release  Release
	Group    uint8  // 0: in none
	Room     uint32 // bytes of the greatest image it can take
}

// Check decides whether a device takes an offer (SPEC 9.5); with [NoReason] it
// does. The maker is an Ed25519 public key of 32 bytes. The manifest is zero when it
// has not been read.
func (m Offer) Check(d Running, maker ed25519.PublicKey) (Manifest, Reason) {
	if !ed25519.Verify(maker, []byte(m.Manifest), []byte(m.Signature)) {
		return Manifest{}, ReasonSignature
	}
	image, err := Decode[Manifest]([]byte(m.Manifest))
	switch {
	case err != nil:
		return Manifest{}, ReasonManifest
	case image.Kind != d.Kind:
		return image, ReasonKind
	case image.Hardware != d.Hardware:
		return image, ReasonHardware
	case image.Group != 0 && image.Group != d.Group:
		return image, ReasonGroup
	case image.Release <= d.Release:
		return image, ReasonRelease
	case d.Release < image.Least:
		return image, ReasonLeast
	case image.Size > d.Room:
		return image, ReasonSize
	}
	return image, NoReason
}

// Sign encodes a manifest and signs it: the two parts of an [Offer] that its
// maker gives. The error is that of [Encode].
func (m Manifest) Sign(maker ed25519.PrivateKey) (manifest, signature Bytes, err error) {
	b, err := Encode(m)
	if err != nil {
		return "", "", err
	}
	return Bytes(b), Bytes(ed25519.Sign(maker, b)), nil
}
