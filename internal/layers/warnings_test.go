// SPDX-License-Identifier: EUPL-1.2

package layers_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// TestEveryWarningHasItsText looks for the names of warnings in the sources and for
// their texts in one language; that all languages have the same texts is tested with
// the pages.
func TestEveryWarningHasItsText(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "web", "locales", "it", "warning.json"))
	if err != nil {
		t.Fatal(err)
	}
	var texts map[string]any
	if err := json.Unmarshal(data, &texts); err != nil {
		t.Fatal(err)
	}
	raised := regexp.MustCompile(`(?:health\.Warning\{\s*Name: |w\.Name(?:, w\.Severity)? = )"([a-z_]+)"`)
	n := 0
	for _, dir := range []string{"app", "office"} {
		files, err := filepath.Glob(filepath.Join("..", dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range raised.FindAllSubmatch(source, -1) {
				n++
				for _, id := range []string{"warning." + string(m[1]), "hint." + string(m[1])} {
					if _, ok := texts[id]; !ok {
						t.Errorf("%s raises %s: no text %s", file, m[1], id)
					}
				}
			}
		}
	}
	if n < 25 {
		t.Errorf("found %d warnings: has the source changed its shape?", n)
	}
}
