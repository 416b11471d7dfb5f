// SPDX-License-Identifier: EUPL-1.2

package web

import "testing"

// TestEveryPageCanBeRead: a template with a fault is found here, not by who first looks at its page.
func TestEveryPageCanBeRead(t *testing.T) {
	all, err := loadPages()
	if err != nil {
		t.Fatal(err)
	}
	for name, read := range all {
		if _, err := read(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
