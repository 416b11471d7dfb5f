// SPDX-License-Identifier: EUPL-1.2

package accounts

// ParseHash reads a hash and writes it again.
func ParseHash(s string) (string, error) {
	h, err := parseHash(s)
	return h.String(), err
}

// Matches reports whether a hash is that of a secret.
func Matches(s, secret string) bool {
	h, err := parseHash(s)
	return err == nil && h.matches(secret)
}
