// SPDX-License-Identifier: EUPL-1.2

package config

import (
	"strings"

	"github.com/avanti-queue/avanti/internal/outline"
)

// Fault is one thing that is wrong with a file.
type Fault = outline.Fault

// Faults is everything that is wrong with a file, by line.
type Faults = outline.Faults

// parentOf cuts the last name or index off a field path: services[3].id is below
// services[3], which is below services.
func parentOf(field string) string {
	return field[:max(0, strings.LastIndexAny(field, ".["))]
}
