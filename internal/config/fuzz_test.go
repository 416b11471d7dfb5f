// SPDX-License-Identifier: EUPL-1.2

package config_test

import (
	"cmp"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/avanti-queue/avanti/internal/config"
)

// Whatever the file, the answer is a valid configuration or a list of faults with
// their places in order.
func FuzzParse(f *testing.F) {
	for _, pattern := range []string{"configs/*/*.yaml", "office/small.yaml"} {
		for _, path := range glob(f, pattern) {
			data, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) { parse(t, data) })
}

// parse checks what holds for every answer and returns it.
func parse(t *testing.T, data []byte) (*config.File, []config.Fault) {
	t.Helper()
	file, err := config.Parse("fuzz.yaml", data)
	if err == nil {
		s := file.Settings()
		if faults := s.Validate(); faults != nil {
			t.Fatalf("accepted, but not valid: %v", faults)
		}
		return file, nil
	}
	faults, ok := errors.AsType[*config.Faults](err)
	if !ok || file != nil || len(faults.List) == 0 {
		t.Fatalf("got file %v and error %v, want faults alone", file, err)
	}
	for _, x := range faults.List {
		if x.File != "fuzz.yaml" || x.Line < 1 || x.Column < 1 || x.Wrong == "" || x.Want == "" {
			t.Fatalf("incomplete fault %#v", x)
		}
	}
	if !slices.IsSortedFunc(faults.List, func(a, b config.Fault) int { return cmp.Compare(a.Line, b.Line) }) {
		t.Fatalf("faults out of order:\n%v", err)
	}
	if n := strings.Count(err.Error(), "\n") + 1; n != len(faults.List) {
		t.Fatalf("%d faults on %d lines:\n%v", len(faults.List), n, err)
	}
	return nil, faults.List
}
