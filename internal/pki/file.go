// SPDX-License-Identifier: EUPL-1.2

package pki

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// fileName is where a data directory has its authority. It is no part of the journal,
// so that no backup of the journal has it.
const fileName = "ca.pem"

// Open returns the authority of a data directory, and makes both if there is none. Only
// the daemon's user can read its file; one that others can read is refused. The clock
// at that moment should be believed: now must not be before the program was built.
func Open(dir, office string, now time.Time) (*Authority, error) {
	a, err := Read(dir, office)
	if !errors.Is(err, fs.ErrNotExist) {
		return a, err
	}
	if a, err = generate(office, now); err != nil {
		return nil, fmt.Errorf("pki: make an authority: %w", err)
	}
	data, err := encodeAuthority(a)
	if err != nil {
		return nil, fmt.Errorf("pki: make an authority: %w", err)
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("pki: make the data directory: %w", err)
	}
	if err := create(filepath.Join(dir, fileName), data); err != nil {
		return nil, fmt.Errorf("pki: keep the authority: %w", err)
	}
	return a, nil
}

// Read is [Open] without making one: the error is [fs.ErrNotExist] where there is none.
func Read(dir, office string) (*Authority, error) {
	path := filepath.Join(dir, fileName)
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("pki: read the authority: %w", err)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return nil, fmt.Errorf("pki: %s can be read by others (mode %04o): it may be known to strangers; "+
			"if it is not, chmod 600, else delete it and pair all devices again", path, mode)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("pki: read the authority: %w", err)
	}
	a, err := decodeAuthority(office, data)
	if err != nil {
		return nil, fmt.Errorf("pki: %s is damaged: %w: restore it from a copy, or delete it and pair all devices again", path, err)
	}
	return a, nil
}

// create writes a file whole or not at all.
func create(path string, data []byte) error {
	unfinished := path + ".new"
	if err := os.Remove(unfinished); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := os.OpenFile(unfinished, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(unfinished, path); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
