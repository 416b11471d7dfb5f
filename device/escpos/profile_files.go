// SPDX-License-Identifier: EUPL-1.2

package escpos

import (
	"embed"
	"fmt"
	"strings"
)

//go:embed profiles/*.yaml
var files embed.FS

// Lookup returns the profile of that name. The error names those that exist. It reads the
// profile's file anew: ask once for a printer, not once for a slip.
func Lookup(name string) (Profile, error) {
	file := "profiles/" + name + ".yaml"
	data, err := files.ReadFile(file)
	if err != nil || strings.ContainsAny(name, "/.") {
		return Profile{}, fmt.Errorf("printer profile %q is not known: use one of %s", name, strings.Join(Names(), ", "))
	}
	return Parse(file, data)
}

// Names returns the names that [Lookup] knows, in alphabetical order.
func Names() []string {
	entries, err := files.ReadDir("profiles")
	if err != nil {
		return nil
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = strings.TrimSuffix(e.Name(), ".yaml")
	}
	return names
}
