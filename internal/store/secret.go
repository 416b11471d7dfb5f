// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// SecretSize is how many bytes a secret has.
const SecretSize = 32

// secretName is where a directory's secret is. It is no part of the journal, so that no backup
// of the journal has it.
const secretName = "avanti.key"

// Secret returns the data directory's secret: random bytes that were made at the first call and
// stay. Only the daemon's user can read the file. Where it is lost a new one is made, and what
// was made with the old one means nothing any more.
func (s *Store) Secret() (secret [SecretSize]byte, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.writable(); err != nil {
		return secret, err
	}
	path := filepath.Join(s.options.Dir, secretName)
	data, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return newSecret(path)
	case err != nil:
		return secret, fmt.Errorf("store: read the secret: %w", err)
	case len(data) != SecretSize:
		return secret, fmt.Errorf("store: %s has %d bytes, must have %d: delete it, and a new one is made at the next start", path, len(data), SecretSize)
	}
	return [SecretSize]byte(data), nil
}

func newSecret(path string) (secret [SecretSize]byte, err error) {
	rand.Read(secret[:]) // never fails, by its contract
	unfinished := path + ".new"
	if err := os.Remove(unfinished); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return secret, fmt.Errorf("store: make a secret: %w", err)
	}
	if err := os.WriteFile(unfinished, secret[:], 0o600); err != nil {
		return secret, fmt.Errorf("store: make a secret: %w", err)
	}
	return secret, publish(unfinished, path)
}
