// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// files are the files that were opened, to be found again under their names.
type files struct{ opened map[string]fs.FileInfo } // by path

func (f *files) note(o *Options) error {
	f.opened = map[string]fs.FileInfo{}
	paths := []string{o.file().path}
	if !o.ReadOnly {
		paths = append(paths, filepath.Join(o.Dir, lockName))
	}
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return fmt.Errorf("store: %w", err)
		}
		f.opened[path] = info
	}
	return nil
}

// Present reports whether the open journal still bears its name. If somebody has
// removed or replaced the file, SQLite goes on writing, without any error, into a
// file that nobody will find again. Call it about once a minute.
func (s *Store) Present() error {
	for path, opened := range s.files.opened {
		info, err := os.Stat(path)
		if err != nil {
			return fmt.Errorf("store: an open file is gone: %w: stop avantid, put the file back or restore a backup", err)
		}
		if !os.SameFile(opened, info) {
			return fmt.Errorf("store: %s was replaced while it was open: stop avantid and look which of the two files is right", path)
		}
	}
	return nil
}
