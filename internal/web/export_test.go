// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"maps"
	"slices"
)

// Routes lists every route that is served.
func Routes() []string { return slices.Sorted(maps.Keys(rules())) }

// Spec is the OpenAPI document that is served.
func (s *Server) Spec() ([]byte, error) { return s.spec() }

// Templates, Locales and Static are the built-in files.
var Templates, Locales, Static = templateFiles, localeFiles, staticFiles
