// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"flag"
	"path/filepath"
	"testing"
)

var shots = flag.String("shots", "", "directory for the pictures of the pages; none are made without it")

// TestScreenshots makes the pictures of README and guides, of every page in two languages;
// see `make screenshots`.
func TestScreenshots(t *testing.T) {
	dir := *shots
	if dir == "" {
		dir = t.TempDir() // that they can be made is tested all the same
	}
	o := startOffice(t, "piacenza.yaml")
	busy(o, 45, 12)
	for _, p := range places("cie-lost") {
		tb := o.tab(t, p.access, p.path)
		tb.size(p.width, p.height)
		for _, lang := range []string{"it", "ro"} {
			tb.open(in(lang, p.path))
			tb.shoot(filepath.Join(dir, "page-"+p.name+"-"+lang+".png"))
		}
	}
}
