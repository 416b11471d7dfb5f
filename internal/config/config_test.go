// SPDX-License-Identifier: EUPL-1.2

package config_test

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/avanti-queue/avanti/internal/config"
	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the .faults files anew")

const testdata = "../../testdata/"

func glob(t testing.TB, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(testdata + pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no file %s: %v", pattern, err)
	}
	return files
}

func TestGoodFiles(t *testing.T) {
	for _, path := range append(glob(t, "configs/good/*.yaml"), glob(t, "office/*.yaml")...) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			f, err := config.Load(path)
			if err != nil {
				t.Fatal(err)
			}
			s := f.Settings()
			if faults := s.Validate(); faults != nil {
				t.Errorf("the settings are not valid: %v", faults)
			}
		})
	}
}

// Each bad file has its faults beside it, one a line.
func TestBadFiles(t *testing.T) {
	for _, path := range glob(t, "configs/bad/*.yaml") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			_, err = config.Parse(filepath.Base(path), data)
			faults, ok := errors.AsType[*config.Faults](err)
			if !ok {
				t.Fatalf("got error %v, want faults", err)
			}
			golden := strings.TrimSuffix(path, ".yaml") + ".faults"
			got := faults.Error() + "\n"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}
