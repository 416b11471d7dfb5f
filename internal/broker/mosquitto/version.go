// SPDX-License-Identifier: EUPL-1.2

package mosquitto

import (
	"fmt"
	"regexp"
	"strconv"
)

// CheckVersion tells whether the files are for a Mosquitto that says this of itself: a
// version, or what mosquitto -h prints. 2.1 reads access lists by a plugin, and without
// it everybody may do everything; before 2.0 some of the settings do not exist.
func CheckVersion(says string) error {
	m := regexp.MustCompile(`(\d+)\.(\d+)(\.\d+)?`).FindStringSubmatch(says)
	if m == nil {
		return fmt.Errorf("%q does not name a version of Mosquitto", says)
	}
	major, _ := strconv.Atoi(m[1]) // digits; too many of them are not 2
	minor, _ := strconv.Atoi(m[2])
	if major == 2 && minor == 0 {
		return nil
	}
	return fmt.Errorf("version %s of Mosquitto: these files are for 2.0, as in Debian 12; another one may not heed the access list", m[0])
}
