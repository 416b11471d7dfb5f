// SPDX-License-Identifier: EUPL-1.2

package mosquitto

import (
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha512"
	"encoding/base64"
	"fmt"
)

const (
	iterations = 101 // what mosquitto_passwd does; a random password of 32 bytes needs no more
	saltSize   = 12
	keySize    = 64
)

// hash is a password as Mosquitto keeps it: $7$, then the iterations of PBKDF2 with
// SHA-512, the salt and the key.
func hash(password string) string {
	var salt [saltSize]byte
	rand.Read(salt[:]) // never fails, by its contract
	key, err := pbkdf2.Key(sha512.New, password, salt[:], iterations, keySize)
	if err != nil {
		panic(err) // only for sizes that FIPS forbids
	}
	b64 := base64.StdEncoding.EncodeToString
	return fmt.Sprintf("$7$%d$%s$%s", iterations, b64(salt[:]), b64(key))
}

// NewPassword returns a password of 32 random bytes as text: 43 letters, digits, - and _,
// so that every broker and every form takes it.
func NewPassword() string {
	var b [32]byte
	rand.Read(b[:]) // never fails, by its contract
	return base64.RawURLEncoding.EncodeToString(b[:])
}
