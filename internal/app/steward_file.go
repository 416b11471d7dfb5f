// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// disk is what a durable change of a file asks of the file system, in this order.
type disk struct {
	write   func(path string, text []byte) error // makes a file that was not there, and syncs it
	rename  func(from, to string) error
	syncDir func(dir string) error
}

func realDisk() disk { return disk{write: writeNew, rename: os.Rename, syncDir: syncDir} }

// errUnsure says that a file has its new text, and that a power cut may bring the former one back.
var errUnsure = errors.New("the disk does not confirm the new file")

// replacement is the text of a file that stands beside it, durably, and waits to take its place.
type replacement struct {
	disk         disk
	beside, name string
}

// besideOf returns where the next text of a file is written down.
func besideOf(name string) (beside, target string) {
	if link, err := filepath.EvalSymlinks(name); err == nil {
		name = link
	}
	return filepath.Join(filepath.Dir(name), "."+filepath.Base(name)+".new"), name
}

// prepare writes a text down beside a file, which stays as it is.
func (d disk) prepare(name string, text []byte) (replacement, error) {
	beside, target := besideOf(name)
	r := replacement{disk: d, beside: beside, name: target}
	if err := r.drop(); err != nil {
		return r, fmt.Errorf("write the configuration: %w", err)
	}
	if err := d.write(beside, text); err != nil {
		return r, errors.Join(fmt.Errorf("write the configuration: %w", err), r.drop())
	}
	return r, nil
}

// drop forgets the text.
func (r replacement) drop() error {
	if err := os.Remove(r.beside); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// publish gives the file its new text, as a whole. It wraps [errUnsure] where that is done and
// may not last; after any other error the file is as it was.
func (r replacement) publish() error {
	if err := r.disk.rename(r.beside, r.name); err != nil {
		return errors.Join(fmt.Errorf("write the configuration: %w", err), r.drop())
	}
	if err := r.disk.syncDir(filepath.Dir(r.name)); err != nil {
		return fmt.Errorf("%w: %w", errUnsure, err)
	}
	return nil
}

// replaceFile gives a file another text, durably and as a whole.
func replaceFile(name string, text []byte) error {
	r, err := realDisk().prepare(name, text)
	if err != nil {
		return err
	}
	return r.publish()
}

// writeNew makes a file that only the daemon's user and group can read.
func writeNew(path string, text []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o640)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Chmod(0o640), f.Sync(), f.Close())
}

func syncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
