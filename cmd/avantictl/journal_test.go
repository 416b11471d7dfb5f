// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/avanti-queue/avanti/internal/store"
)

func TestSkipIsNeverBelowNone(t *testing.T) {
	for _, n := range []string{"-1", "-2", "many", "70000"} {
		var out, errs bytes.Buffer
		if code := run([]string{"restore", "-config", "nowhere.yaml", "-skip", n}, nil, &out, &errs); code != exitUsage || !strings.Contains(errs.String(), "0 or more") {
			t.Errorf("-skip %s: %d: %s", n, code, errs.String())
		}
	}
}

func TestToldOfTheFormerJournal(t *testing.T) {
	for want, done := range map[string]store.Restored{
		"stay as they were":           {Former: true, Kept: "x"},
		"is not that of this backup:": {Foreign: true, Kept: "x"},
		"could not be read:":          {Kept: "x"},
		"there was no journal:":       {},
	} {
		if text := told("backup", done); !strings.Contains(text, want) {
			t.Errorf("%+v: want %q in %s", done, want, text)
		}
	}
}
