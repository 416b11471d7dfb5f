// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"strconv"
	"time"
)

// Set by the linker; see the Makefile.
var (
	version = "development"
	built   = "1763769600" //nolint:gochecknoglobals // the linker can set nothing else
)

// Version returns the version of the program.
func Version() string { return version }

// builtAt returns when the program was built: a clock before it is wrong.
func builtAt() time.Time {
	seconds, err := strconv.ParseInt(built, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.Unix(seconds, 0)
}
