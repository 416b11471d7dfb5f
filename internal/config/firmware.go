// SPDX-License-Identifier: EUPL-1.2

package config

import (
	"crypto/ed25519"
	"encoding/hex"
	"fmt"
)

func readFirmware(v value) Firmware {
	const want = "the maker's public key, 64 hexadecimal digits in quotes; avantictl firmware key makes one"
	var f Firmware
	s := v.section()
	if key := s.field("key"); !key.absent() {
		text, ok := key.text(want)
		raw, err := hex.DecodeString(text)
		switch {
		case !ok:
		case err != nil || len(raw) != ed25519.PublicKeySize:
			key.report(fmt.Sprintf("a text of %d bytes that is no key", len(text)), want)
		default:
			f.Key = [ed25519.PublicKeySize]byte(raw)
		}
	}
	s.done()
	return f
}
