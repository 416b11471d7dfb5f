// SPDX-License-Identifier: EUPL-1.2

package accounts

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// What a hash costs: 19 MiB and about half a second on a small board. It is the least
// that OWASP's password storage cheat sheet asks of argon2id.
const (
	costMemory = 19 * 1024 // KiB
	costTime   = 2
	costLanes  = 1
	saltSize   = 16
	hashSize   = 32
)

const (
	pinLength   = 6
	minPassword = 10  // characters
	maxSecret   = 256 // bytes
)

// CheckSecret says whether a role may have a secret: clerks a PIN of 6 digits, the
// others a password of 10 characters or more. The error is an [*InvalidError].
func CheckSecret(r Role, secret string) error {
	if r == Clerk {
		return checkPIN(secret)
	}
	secret = norm.NFC.String(secret)
	switch {
	case !utf8.ValidString(secret) || len(secret) > maxSecret:
		return invalid("secret", "password_long", fmt.Sprintf("at most %d bytes of UTF-8", maxSecret))
	case utf8.RuneCountInString(secret) < minPassword:
		return invalid("secret", "password_short", fmt.Sprintf("a password of %d characters or more", minPassword))
	case variety(secret) < 5:
		return invalid("secret", "password_plain", "a password of at least 5 different characters")
	}
	return nil
}

// checkPIN refuses what is no PIN and what everybody tries first.
func checkPIN(pin string) error {
	if len(pin) != pinLength || strings.ContainsFunc(pin, func(r rune) bool { return r < '0' || r > '9' }) {
		return invalid("secret", "pin", fmt.Sprintf("a PIN of %d digits", pinLength))
	}
	step := int(pin[1]) - int(pin[0])
	run := step >= -1 && step <= 1
	for i := 2; i < pinLength; i++ {
		run = run && int(pin[i])-int(pin[i-1]) == step
	}
	if run || variety(pin) < 3 {
		return invalid("secret", "pin_plain", "a PIN that is harder to guess: no row such as 123456, three different digits or more")
	}
	return nil
}

func variety(s string) int {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	return len(seen)
}

// hash is an argon2id hash with what it was made of.
type hash struct {
	memory, time uint32
	lanes        uint8
	salt, sum    []byte
}

func newHash(secret string) hash {
	h := hash{memory: costMemory, time: costTime, lanes: costLanes, salt: make([]byte, saltSize)}
	rand.Read(h.salt) // never fails, by its contract
	h.sum = h.of(secret, hashSize)
	return h
}

func (h hash) of(secret string, size int) []byte {
	return argon2.IDKey([]byte(norm.NFC.String(secret)), h.salt, h.time, h.memory, h.lanes, uint32(size))
}

func (h hash) matches(secret string) bool {
	return subtle.ConstantTimeCompare(h.of(secret, len(h.sum)), h.sum) == 1
}

// String returns the hash in the PHC form.
func (h hash) String() string {
	b := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s",
		argon2.Version, h.memory, h.time, h.lanes, b.EncodeToString(h.salt), b.EncodeToString(h.sum))
}

// errHash is a hash that this program has not written.
var errHash = errors.New("want $argon2id$v=19$m=,t=,p=$salt$hash with a bearable cost")

// parseHash is the inverse of [hash.String]. A cost that this board could not bear is an error.
func parseHash(s string) (hash, error) {
	parts := strings.Split(s, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return hash{}, errHash
	}
	var h hash
	if n, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &h.memory, &h.time, &h.lanes); err != nil || n != 3 {
		return hash{}, errHash
	}
	var err error
	b := base64.RawStdEncoding.Strict()
	if h.salt, err = b.DecodeString(parts[4]); err != nil {
		return hash{}, errHash
	}
	if h.sum, err = b.DecodeString(parts[5]); err != nil {
		return hash{}, errHash
	}
	bearable := h.memory >= 8*uint32(h.lanes) && h.memory <= 64*1024 && h.time >= 1 && h.time <= 10 && h.lanes >= 1 && h.lanes <= 4
	if !bearable || len(h.salt) < 8 || len(h.salt) > 64 || len(h.sum) < 16 || len(h.sum) > 64 || h.String() != s {
		return hash{}, errHash
	}
	return h, nil
}
