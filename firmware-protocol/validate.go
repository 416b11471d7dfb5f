// SPDX-License-Identifier: EUPL-1.2

package fwproto

import (
	"crypto/ed25519"
	"crypto/sha256"
)

// MaxPayload is the greatest length of a payload of type t in bytes (SPEC 3.1).
func MaxPayload(t Type) int {
	switch t {
	case TypeState:
		return 1024
	case TypeManifest:
		return 120
	}
	return 256
}

func (m Press) validate() error {
	return first(
		required("boot", m.Boot != 0),
		required("seq", m.Seq != 0),
		required("key", m.Key != 0),
	)
}

func (m Reply) validate() error {
	return first(
		text("number", m.Number, MaxNumber),
		required("boot", m.Boot != 0),
		required("seq", m.Seq != 0),
		required("status", m.Status != 0),
	)
}

func (m Set) validate() error {
	if len(m.Rows) > MaxRows {
		return fail(BadValue, "%d rows, at most %d", len(m.Rows), MaxRows)
	}
	for _, r := range m.Rows {
		if err := first(text("number", r.Number, MaxNumber), text("desk", r.Desk, MaxDesk)); err != nil {
			return err
		}
	}
	return first(
		inRange("lamp", int(m.Lamp), 0, int(LampPending)),
		text("arrows", m.Arrows, MaxRows),
		required("epoch", m.Epoch != 0),
		required("ttl", m.TTLms != 0),
	)
}

func (m Shown) validate() error { return nil }

func (m State) validate() error {
	return first(
		text("firmware", m.Firmware, MaxVersion),
		text("hardware", m.Hardware, MaxVersion),
		required("status", m.Status != 0),
		required("boot", m.Boot != 0),
		required("session", m.Session != 0),
	)
}

func (m Host) validate() error {
	return first(
		text("version", m.Version, MaxVersion),
		required("epoch", m.Epoch != 0),
	)
}

func (m Heartbeat) validate() error {
	return first(
		inRange("offset", int(m.OffsetMin), -1080, 1080),
		required("epoch", m.Epoch != 0),
		required("count", m.Count != 0),
	)
}

func (m Manifest) validate() error {
	return first(
		text("hardware", m.Hardware, MaxVersion),
		exactly("sha256", m.SHA256, sha256.Size),
		required("kind", m.Kind != 0),
		required("hardware", m.Hardware != ""),
		required("release", m.Release != 0),
		required("size", m.Size != 0),
		required("sha256", m.SHA256 != ""),
	)
}

func (m Offer) validate() error {
	if most := MaxPayload(TypeManifest); len(m.Manifest) > most {
		return fail(BadValue, "manifest has %d bytes, at most %d", len(m.Manifest), most)
	}
	return first(
		exactly("signature", m.Signature, ed25519.SignatureSize),
		text("path", m.Path, MaxPath),
		required("id", m.ID != 0),
		required("manifest", m.Manifest != ""),
		required("signature", m.Signature != ""),
		required("path", m.Path != ""),
		required("ttl", m.TTLms != 0),
	)
}

func (m Report) validate() error {
	return first(
		required("offer", m.Offer != 0),
		required("result", m.Result != 0),
		required("release", m.Release != 0),
	)
}

func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func required(field string, there bool) error {
	if there {
		return nil
	}
	return fail(MissingKey, "%s", field)
}

func inRange(field string, v, least, most int) error {
	if v < least || v > most {
		return fail(BadValue, "%s is %d, must be %d to %d", field, v, least, most)
	}
	return nil
}

// exactly lets the absent pass: required tells of it.
func exactly(field string, b Bytes, n int) error {
	if b != "" && len(b) != n {
		return fail(BadValue, "%s has %d bytes, must be %d", field, len(b), n)
	}
	return nil
}

func text(field, s string, most int) error {
	if len(s) > most {
		return fail(BadValue, "%s has %d characters, at most %d", field, len(s), most)
	}
	for i := range len(s) {
		if s[i] < 0x20 || s[i] > 0x7e {
			return fail(NotASCII, "%s has byte 0x%02x", field, s[i])
		}
	}
	return nil
}
