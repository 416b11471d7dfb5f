// SPDX-License-Identifier: EUPL-1.2

package store_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/internal/store"
)

func TestConfigurations(t *testing.T) {
	dir := t.TempDir()
	s := open(t, store.Options{Dir: dir})
	if _, err := s.Configuration(t.Context(), 0); !errors.Is(err, store.ErrUnknownConfiguration) {
		t.Errorf("the newest of none: %v", err)
	}
	at := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	for i := range 203 {
		c := store.Configuration{At: at.Add(time.Duration(i) * time.Second), By: "root", What: "hours slip", Text: fmt.Sprintf("log: {} # %d\n", i+1)}
		if err := s.AddConfiguration(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.AddConfiguration(t.Context(), store.Configuration{Text: strings.Repeat("x", 600<<10)}); err == nil {
		t.Error("an endless configuration is kept")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, store.Options{Dir: dir})
	list, err := s.Configurations(t.Context())
	if err != nil || len(list) != 200 || list[0].Seq != 203 || list[199].Seq != 4 {
		t.Fatalf("%d configurations, %v", len(list), err)
	}
	want := store.Configuration{Seq: 203, At: at.Add(202 * time.Second), By: "root", What: "hours slip"}
	if diff := cmp.Diff(want, list[0]); diff != "" {
		t.Error(diff)
	}
	for seq, number := range map[int64]int{0: 203, 203: 203, 4: 4} {
		c, err := s.Configuration(t.Context(), seq)
		if err != nil || c.Text != fmt.Sprintf("log: {} # %d\n", number) {
			t.Errorf("%d: %+v, %v", seq, c, err)
		}
	}
	if _, err := s.Configuration(t.Context(), 3); !errors.Is(err, store.ErrUnknownConfiguration) {
		t.Errorf("a forgotten one: %v", err)
	}
}
