// SPDX-License-Identifier: EUPL-1.2

package layers_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestEveryFileNamesItsLicence reads the first line of every source file that git knows.
func TestEveryFileNamesItsLicence(t *testing.T) {
	root := filepath.Join("..", "..")
	cmd := exec.CommandContext(t.Context(), "git", "ls-files", "--cached", "--others", "--exclude-standard")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("git ls-files: %v", err)
	}
	for _, name := range strings.Fields(string(out)) {
		switch filepath.Ext(name) {
		case ".go", ".js", ".css", ".html", ".sql", ".sh", ".yml", ".yaml", ".c", ".h":
		default:
			continue
		}
		if strings.HasPrefix(name, "testdata/configs/bad") {
			continue // faulty on purpose, also at the top
		}
		text, err := os.ReadFile(filepath.Join(root, name))
		if os.IsNotExist(err) {
			continue // deleted, not yet committed
		}
		if err != nil {
			t.Fatal(err)
		}
		head, _, _ := bytes.Cut(text, []byte("\n\n"))
		if !bytes.Contains(head, []byte("SPDX-License-Identifier: EUPL-1.2")) {
			t.Errorf("%s does not begin with its licence", name)
		}
	}
}
