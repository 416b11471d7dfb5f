// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/avanti-queue/avanti/internal/store"
)

// TestAccounts: from nobody to an admin who can log in, on the data directory alone.
func TestAccounts(t *testing.T) {
	dir := t.TempDir()
	text, err := os.ReadFile(filepath.Join("..", "..", "testdata", "office", "small.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	path, data := filepath.Join(dir, "office.yaml"), filepath.Join(dir, "data")
	text = bytes.Replace(text, []byte("data_dir: var/small"), []byte("data_dir: "+data), 1)
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	ask := func(code int, input, want string, args ...string) {
		t.Helper()
		var out, said bytes.Buffer
		args = append([]string{"account", args[0], "-config", path}, args[1:]...)
		if got := run(args, strings.NewReader(input), &out, &said); got != code || !strings.Contains(out.String()+said.String(), want) {
			t.Errorf("%v: %d, %q %q; want %d, %q", args, got, out.String(), said.String(), code, want)
		}
		if strings.Contains(out.String()+said.String(), "frase") {
			t.Errorf("%v tells the secret", args)
		}
	}
	ask(exitUsage, "", "usage", "become")
	ask(exitUsage, "", "want the NAME", "add", "-role", "admin")
	ask(exitFailed, "una frase lunga\n", "role: want", "add", "-role", "boss", "Rosa")
	ask(exitFailed, "short\n", "10 characters", "add", "-role", "admin", "Rosa")
	ask(exitFailed, "", "from the input", "add", "-role", "admin", "Rosa")
	ask(0, "una frase lunga\n", "Rosa Neri (admin) may log in", "add", "-role", "admin", "Rosa", "Neri")
	ask(0, "407193", "Anna (clerk) may log in", "add", "-role", "clerk", "Anna")
	ask(0, "un'altra frase\n", "may log in", "secret", "rosa", "neri")
	ask(exitFailed, "", "last admin", "disable", "Rosa Neri")
	ask(0, "", "cannot log in", "disable", "Anna")
	ask(0, "", "disabled", "list")
	ask(0, "", "may log in", "enable", "Anna")
	ask(exitFailed, "", "nobody here", "disable", "Bruno")
	ask(0, "", "account-disable", "audit")

	s, err := store.Open(t.Context(), store.Options{Dir: data})
	if err != nil {
		t.Fatal(err)
	}
	ask(exitFailed, "", "stop avantid", "list")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}
