// SPDX-License-Identifier: EUPL-1.2

package escpos

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// FileFault is one thing that is wrong with a profile file.
type FileFault struct {
	File         string
	Line, Column int    // from 1
	Field        string // path such as text.pages[2].table, "" for the file as a whole
	Wrong        string // what is there
	Want         string // what would be right
}

// String returns the fault as one line: file:line:column: field: wrong; want.
func (f FileFault) String() string {
	field := f.Field
	if field != "" {
		field += ": "
	}
	return fmt.Sprintf("%s:%d:%d: %s%s; want %s", f.File, f.Line, f.Column, field, f.Wrong, f.Want)
}

// FileFaults is everything that is wrong with a profile file, by line. [Parse] returns it.
type FileFaults struct {
	List []FileFault // never empty
}

// Error returns the faults, one a line.
func (f *FileFaults) Error() string {
	lines := make([]string, len(f.List))
	for i, fault := range f.List {
		lines[i] = fault.String()
	}
	return strings.Join(lines, "\n")
}

func sortFaults(list []FileFault) {
	slices.SortStableFunc(list, func(a, b FileFault) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Field, b.Field))
	})
}
