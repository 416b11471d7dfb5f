// SPDX-License-Identifier: EUPL-1.2

package outline

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Fault is one thing that is wrong with a file.
type Fault struct {
	File         string
	Line, Column int    // from 1
	Field        string // path such as services[3].target, "" for the file as a whole
	Wrong        string // what is there
	Want         string // what would be right
}

// String returns the fault as one line: file:line:column: field: wrong; want.
func (f Fault) String() string {
	field := f.Field
	if field != "" {
		field += ": "
	}
	return fmt.Sprintf("%s:%d:%d: %s%s; want %s", f.File, f.Line, f.Column, field, f.Wrong, f.Want)
}

// Faults is everything that is wrong with a file, by line.
type Faults struct {
	List []Fault // never empty
}

// InOrder returns faults by their places, nil if there is none.
func InOrder(list []Fault) *Faults {
	if len(list) == 0 {
		return nil
	}
	slices.SortStableFunc(list, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Field, b.Field))
	})
	return &Faults{List: list}
}

// Error returns the faults, one a line.
func (f *Faults) Error() string {
	lines := make([]string, len(f.List))
	for i, fault := range f.List {
		lines[i] = fault.String()
	}
	return strings.Join(lines, "\n")
}
