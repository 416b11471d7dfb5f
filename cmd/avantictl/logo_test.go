// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/avanti-queue/avanti/device/escpos"
	"github.com/avanti-queue/avanti/internal/sim/paper"
)

// picture writes a PNG file with a dark triangle.
func picture(t *testing.T, width, height int) string {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			if x > y {
				m.SetGray(x, y, color.Gray{Y: 0xff})
			}
		}
	}
	name := filepath.Join(t.TempDir(), "mark.png")
	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := png.Encode(file, m); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestLogo(t *testing.T) {
	for profile, model := range map[string]paper.Model{
		"epson-tm-t20iii": paper.Epson, "custom-vkp80iii": paper.Custom, "star-line": paper.Star, "xprinter": paper.Generic,
	} {
		bubble(t, profile, func(t *testing.T) {
			d := newDesk(model)
			mark := picture(t, 96, 64)
			code, out := d.ctl(t, "\n", "logo", "-profile", profile, mark)
			expect(t, code, exitFailed, out, "wears out", "Go on? [y/N]", "not written")
			code, out = d.ctl(t, "y\n", "logo", mark, "-profile", profile)
			expect(t, code, 0, out, "Stored.")
			if profile == "custom-vkp80iii" {
				expect(t, code, 0, out, "Switch the printer off and on")
				d.PowerOff()
				d.PowerOn()
			}
			code, out = d.ctl(t, "", "test", "-profile", profile)
			expect(t, code, 0, out, "printed in ")
			if !strings.Contains(d.papers(), "[image 96x64]") {
				t.Errorf("the page shows %q", d.papers())
			}
		})
	}
}

func TestLogoOfAPrinterThatIsNotWell(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(paper.Epson)
		d.Cover(true)
		code, out := d.ctl(t, "", "logo", "-yes", "-profile", "epson-tm-t20iii", picture(t, 96, 64))
		expect(t, code, exitFailed, out, "nothing was written", "cover is open")
		d.Cover(false)
		code, out = d.ctl(t, "", "logo", "-yes", "-profile", "custom-vkp80iii", picture(t, 96, 64))
		expect(t, code, exitFailed, out, "nothing was written", "no printer of profile custom-vkp80iii")
		d.At(paper.Received(300), d.PowerOff)
		code, out = d.ctl(t, "", "logo", "-yes", "-profile", "epson-tm-t20iii", picture(t, 96, 64))
		expect(t, code, exitFailed, out, "switch the printer off and on")
	})
}

// A printer that writes its memory says nothing for a while, and loses what it is asked.
func TestLogoWaitsForTheMemory(t *testing.T) {
	profile, err := escpos.Lookup("custom-vkp80iii")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name  string
		says  string
		after time.Duration // until it answers questions again; 0: never
		want  string
	}{
		{"stored", "PC1\xaa", 9 * time.Second, ""},
		{"too large", "PC0", 9 * time.Second, "did not take the picture"},
		{"dead", "", 0, "does not answer for 1m0s"},
	}
	for _, tt := range tests {
		bubble(t, tt.name, func(t *testing.T) {
			host, far := net.Pipe()
			defer host.Close()
			begun := time.Now()
			go func() {
				_, _ = io.WriteString(far, tt.says)
				buf := make([]byte, 16)
				for {
					n, err := far.Read(buf)
					if err != nil {
						return
					}
					if tt.after > 0 && time.Since(begun) > tt.after && bytes.Equal(buf[:n], profile.Ordered) {
						_, _ = far.Write([]byte{0x00})
					}
				}
			}()
			err := talk{port: host, baud: 19200}.workedOff(t.Context(), &profile, busyWithin)
			if tt.want == "" && (err != nil || time.Since(begun) < tt.after) {
				t.Errorf("after %s: %v", time.Since(begun), err)
			}
			if tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("%v; want %q", err, tt.want)
			}
		})
	}
}
