// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/avanti-queue/avanti/internal/app"
	"github.com/avanti-queue/avanti/internal/config"
)

// TestClipsMustBeThere: who names a directory of recorded words wants to hear them.
func TestClipsMustBeThere(t *testing.T) {
	text, err := os.ReadFile("../../testdata/configs/good/hall.yaml")
	if err != nil {
		t.Fatal(err)
	}
	_, err = config.Parse("hall.yaml", text, app.CheckConfig)
	faults, ok := errors.AsType[*config.Faults](err)
	if !ok || len(faults.List) != 1 || faults.List[0].Field != "sound.clips" {
		t.Errorf("got %v, want the one fault of sound.clips", err)
	}
	there := strings.ReplaceAll(string(text), "/srv/avanti/clips", t.TempDir())
	if _, err := config.Parse("hall.yaml", []byte(there), app.CheckConfig); err != nil {
		t.Error(err)
	}
}
