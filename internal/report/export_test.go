// SPDX-License-Identifier: EUPL-1.2

package report

import "regexp"

// Exaggerate gives every letter of the texts an accent: what has none was not taken from them.
func (w *Words) Exaggerate() {
	words := regexp.MustCompile(`\{[a-zA-Z]+\}|[a-z]`)
	for id, text := range w.texts {
		w.texts[id] = words.ReplaceAllStringFunc(text, func(s string) string {
			if len(s) > 1 {
				return s
			}
			return s + "\u0301"
		})
	}
}
