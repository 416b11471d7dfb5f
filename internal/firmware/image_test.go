// SPDX-License-Identifier: EUPL-1.2

package firmware_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/avanti-queue/avanti/internal/firmware"
)

// TestImageIsHeldOnce: who asks for an image a thousand times, and anybody may, does not make the
// daemon hold it a thousand times. One that was changed on the disk is not given for long, and one
// that nobody has asked for yet not at all.
func TestImageIsHeldOnce(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "a.bin", "image", forBoxes(next), maker())
	images, err := firmware.Shelf(dir, public(maker()))
	if err != nil {
		t.Fatal(err)
	}
	h := newHall(t, dir)
	h.pass(firmware.Step)
	first, ok := h.Image(images[0].Path())
	if !ok || string(first) != "image" {
		t.Fatalf("%q, %t", first, ok)
	}
	if again, _ := h.Image(images[0].Path()); &again[0] != &first[0] {
		t.Error("it is held twice")
	}
	write(t, filepath.Join(dir, "a.bin"), "imagE")
	h.pass(6 * time.Minute)
	if data, ok := h.Image(images[0].Path()); ok {
		t.Errorf("%q, which nobody has signed, is given", data)
	}
}
