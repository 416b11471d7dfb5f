// SPDX-License-Identifier: EUPL-1.2

package config_test

import (
	"strings"
	"testing"
	"time"

	"github.com/avanti-queue/avanti/internal/config"
)

// TestIdleOfClerks: the PIN is asked for again neither at every word nor never.
func TestIdleOfClerks(t *testing.T) {
	for text, want := range map[string]time.Duration{"1m": time.Minute, "90m": 90 * time.Minute, "12h": 12 * time.Hour, "59s": 0, "12h1m": 0, "soon": 0} {
		f, err := config.Parse("x.yaml", []byte(minimal(t)+"\nhttp: {idle: "+text+"}\n"))
		switch {
		case want == 0 && (err == nil || !strings.Contains(err.Error(), "http.idle")):
			t.Errorf("%s: %v", text, err)
		case want != 0 && (err != nil || f.HTTP.Idle != want):
			t.Errorf("%s: %v", text, err)
		}
	}
}
