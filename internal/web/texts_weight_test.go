// SPDX-License-Identifier: EUPL-1.2

package web_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/avanti-queue/avanti/internal/citizen"
)

// TestPagesOfCitizensWeighLittle: kiosks hang at weak networks and phones pay for what they load;
// nothing comes from another host.
func TestPagesOfCitizensWeighLittle(t *testing.T) {
	h := busy(t)
	for path, as := range map[string]string{"/kiosk": "kiosk-1", "/hall": "", "/t/" + citizen.Key{1}.Token("2026-11-23", 3): ""} {
		seen, total := map[string]bool{}, 0
		var load func(path string)
		load = func(path string) {
			if seen[path] {
				return
			}
			seen[path] = true
			w := h.send(t, request{path: path, as: as})
			body := w.Body.String()
			if w.Code != http.StatusOK {
				t.Fatalf("%s: %d", path, w.Code)
			}
			total += weigh(t, w.Body.Bytes())
			if m := regexp.MustCompile(`(?:src|href|action)="(?:https?:)?//[^"]*`).FindString(body); m != "" {
				t.Errorf("%s loads from elsewhere: %s", path, m)
			}
			for _, m := range regexp.MustCompile(`"(/static/[^"]+)"`).FindAllStringSubmatch(body, -1) {
				load(m[1])
			}
			for _, m := range regexp.MustCompile(`from "\./([^"]+)"`).FindAllStringSubmatch(body, -1) {
				load(path[:strings.LastIndexByte(path, '/')+1] + m[1])
			}
		}
		load(path)
		if len(seen) < 5 || total > 60_000 {
			t.Errorf("%s: %d bytes in %d files", path, total, len(seen))
		}
	}
}
