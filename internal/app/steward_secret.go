// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"bytes"
	"regexp"

	"github.com/avanti-queue/avanti/internal/config"
)

// brokerPassword finds the only secret that stands in a configuration as it is: the password in the
// address of an external broker, also in a comment or a text with faults.
var brokerPassword = regexp.MustCompile(`(mqtts?://[^\s"'/:@]*:)([^\s"']*)(@)`)

// hidden stands for it on pages.
const hidden = "********"

// hide takes the password out of a text that is going to be seen.
func hide(text []byte) []byte {
	return brokerPassword.ReplaceAll(text, []byte("${1}"+hidden+"${3}"))
}

// reveal puts the password back into a text that comes from a page, where it is the one that stands in the file.
func reveal(text, stands []byte) []byte {
	known := brokerPassword.FindAll(stands, -1)
	if f, err := config.Parse("", stands); err == nil && f.MQTT.URL != "" {
		known = append([][]byte{brokerPassword.Find([]byte(f.MQTT.URL))}, known...)
	}
	for _, address := range known {
		if len(address) > 0 {
			text = bytes.ReplaceAll(text, hide(address), address)
		}
	}
	return text
}
