// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"testing"
)

// chromium is the browser of all stories: TestMain has no other way to hand it to them.
var chromium browser

func TestMain(m *testing.M) {
	path, err := exec.LookPath("chromium")
	if err != nil {
		fmt.Fprintln(os.Stderr, "e2e: chromium is not installed (Debian: apt-get install chromium): no page was tested")
		os.Exit(1)
	}
	chromium = newBrowser(path)
	code := m.Run()
	chromium.stop()
	os.Exit(code)
}
