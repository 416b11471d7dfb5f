// SPDX-License-Identifier: EUPL-1.2

package main_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestScripts runs the programs as a technician does; see testdata/script.
func TestScripts(t *testing.T) {
	dir := t.TempDir()
	// Built in 2100: a simulated day must not mind that it lies before the build.
	built := "-X github.com/avanti-queue/avanti/internal/app.built=4102444800"
	out, err := exec.CommandContext(t.Context(), "go", "build", "-ldflags", built, "-o", dir, ".", "../avantictl", "../avantisim").CombinedOutput()
	if err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	offices, err := filepath.Abs(filepath.Join("..", "..", "testdata", "office"))
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "script"),
		Setup: func(env *testscript.Env) error {
			env.Setenv("PATH", dir+string(os.PathListSeparator)+env.Getenv("PATH"))
			env.Setenv("OFFICES", offices)
			// An office file of the script's own, so that its data stay in the script's directory.
			text, err := os.ReadFile(filepath.Join(offices, "piacenza.yaml"))
			if err != nil {
				return err
			}
			text = bytes.Replace(text, []byte("data_dir: var/piacenza"), []byte("data_dir: data"), 1)
			return os.WriteFile(filepath.Join(env.WorkDir, "office.yaml"), text, 0o600)
		},
	})
}
