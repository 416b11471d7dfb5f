// SPDX-License-Identifier: EUPL-1.2

package escpos_test

import (
	"bytes"
	"image"
	"image/color"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/escpos"
)

func symbol(url string) device.Slip {
	return device.Slip{Number: "A1", Parts: []device.Part{{Kind: device.PartQR, Text: url}}}
}

func TestQRBytes(t *testing.T) {
	tests := []struct{ profile, url, want string }{
		{
			"epson-tm-t20iii", "http://a.it/1",
			"\x1d(k\x04\x001A2\x00" + "\x1d(k\x03\x001C\x06" + "\x1d(k\x03\x001E\x31" + "\x1d(k\x10\x001P\x30http://a.it/1" + "\x1d(k\x03\x001Q\x30",
		},
		{
			"custom-vkp80iii", "http://a.it/1",
			"\x1d(k\x04\x001A2\x00" + "\x1d(k\x03\x001C\x06" + "\x1d(k\x03\x001E\x32" + "\x1d(k\x10\x001P\x31http://a.it/1" + "\x1d(k\x03\x001Q\x31",
		},
		{
			"star-line", "http://a.it/1",
			"\x1b\x1dyS0\x02" + "\x1b\x1dyS1\x01" + "\x1b\x1dyS2\x06" + "\x1b\x1dyD1\x00\x0d\x00http://a.it/1" + "\x1b\x1dyP",
		},
		{"generic", "a b\x10\x04\x01è", "\x1d(k\x17\x001P\x30a%20b%10%04%01%C3%A8"},
		{"generic", strings.Repeat("u", 250), "\x1d(k\xfd\x001P\x30" + strings.Repeat("u", 250)},
		{"generic", strings.Repeat("u", 251), strings.Repeat("u", 48) + "\n"},
	}
	for _, tt := range tests {
		job := profile(t, tt.profile).Encode(device.Job{ID: "0001", Slip: symbol(tt.url)})
		if !bytes.Contains(job, []byte(tt.want)) {
			t.Errorf("%s, %q: % X\nlacks % X", tt.profile, tt.url, job, tt.want)
		}
	}
	narrow := profile(t, "generic")
	narrow.Dots, narrow.Columns = 96, 8 // too few for 37 modules of three dots
	if job := narrow.Encode(device.Job{ID: "0001", Slip: symbol(address)}); bytes.Contains(job, []byte("(k")) {
		t.Error("a symbol that is wider than the paper is not printed as text")
	}
	blind := profile(t, "generic")
	blind.QR, blind.Image = escpos.QRNone, escpos.ImageNone
	if got := strings.Join(paper(job(t, blind, symbol(address))), ""); !strings.Contains(got, address) {
		t.Errorf("a printer without symbols and images shows %q", got)
	}
}

// A symbol that is sent as an image can be read, whatever the method, the module and the length.
func TestDrawnQRIsReadable(t *testing.T) {
	base := map[string]escpos.ImageMethod{"epson-tm-t88": escpos.ImageRaster, "nippon-np2511": escpos.ImageNippon, "star-line": escpos.ImageStar}
	for name, method := range base {
		p := profile(t, name)
		p.QR, p.Image = escpos.QRNone, method
		for module := 3; module <= 8; module++ {
			for _, url := range []string{"http://a.it/1", address, address + "?" + strings.Repeat("0123456789abcdef", 9)} {
				p.Module = module
				images := pictures(job(t, p, symbol(url)))
				if len(images) != 1 {
					t.Fatalf("%s, %d dots: %d images", name, module, len(images))
				}
				if got, err := read(images[0]); err != nil || got != url {
					t.Errorf("%s, %d dots, %d letters: read %q, %v", name, module, len(url), got, err)
				}
			}
		}
	}
}

// read reads the symbol in an image with the quiet zone that the paper has around it.
func read(p *picture) (string, error) {
	const margin = 40
	m := image.NewGray(image.Rect(0, 0, len(p.rows[0])+2*margin, len(p.rows)+2*margin))
	for i := range m.Pix {
		m.Pix[i] = 0xff
	}
	for y, row := range p.rows {
		for x, dot := range row {
			if dot {
				m.SetGray(x+margin, y+margin, color.Gray{})
			}
		}
	}
	bits, err := gozxing.NewBinaryBitmapFromImage(m)
	if err != nil {
		return "", err
	}
	found, err := qrcode.NewQRCodeReader().Decode(bits, nil)
	if err != nil {
		return "", err
	}
	return found.GetText(), nil
}

func TestMarkIsPrintedFromMemory(t *testing.T) {
	slip := device.Slip{Number: "A1", Parts: []device.Part{{Kind: device.PartMark}}}
	for name, want := range map[string]string{
		"epson-tm-t20iii": "\x1d(L\x06\x000EAV\x01\x01", "epson-tm-t88": "\x1cp\x01\x00", "xprinter": "\x1cp\x01\x00",
		"custom-vkp80iii": "\x1c\x93\x00\x01\x01\x00\x00\x00", "star-line": "\x1b\x1cp\x01\x00",
	} {
		if got := profile(t, name).Encode(device.Job{ID: "0001", Slip: slip}); !bytes.Contains(got, []byte(want)) {
			t.Errorf("%s: % X lacks % X", name, got, want)
		}
	}
	for _, c := range job(t, profile(t, "generic"), slip) {
		if c.mark {
			t.Error("a printer that keeps no mark is told to print one")
		}
	}
}

// checked is a black and white pattern whose rows are as bytes 10 04 01 10 05 02 10 14 08.
func checked(wide, high int) image.Image {
	pattern := []byte{0x10, 0x04, 0x01, 0x10, 0x05, 0x02, 0x10, 0x14, 0x08}
	m := image.NewGray(image.Rect(7, 3, 7+wide, 3+high))
	for y := range high {
		for x := range wide {
			grey := color.Gray{Y: 0xff}
			if pattern[(x/8+y)%len(pattern)]&(0x80>>(x%8)) != 0 {
				grey.Y = 0
			}
			m.SetGray(7+x, 3+y, grey)
		}
	}
	return m
}

func TestStoreMark(t *testing.T) {
	for _, tt := range []struct {
		profile, begin string
		length         int
	}{
		{"epson-tm-t20iii", "\x1d(L\x08\x0c0C0AV\x01\xf8\x00\x63\x001", 16 + 31*99},
		{"epson-tm-t88", "\x1cq\x01\x1f\x00\x0d\x00", 7 + 31*13*8},
		{"custom-vkp80iii", "\x1c\x94\x00\x01\x01\x00\x00\x63\x00\x00AVANTI.BMP\x00\x00\x00\x00\x00\x00", 26 + 32*99 + 1},
		{"star-line", "\x1b\x1cq\x01\x1f\x00\x0d\x00", 8 + 31*13*8},
	} {
		p := profile(t, tt.profile)
		jobs, err := p.StoreMark(checked(243, 99))
		if err != nil || len(jobs) != 2 {
			t.Fatalf("%s: %d jobs, %v", tt.profile, len(jobs), err)
		}
		command := jobs[1]
		if !bytes.HasPrefix(command, []byte(tt.begin)) || len(command) != tt.length {
			t.Errorf("%s: % X..., %d bytes; want % X, %d", tt.profile, command[:min(32, len(command))], len(command), tt.begin, tt.length)
		}
		if i := realTime(command); i >= 0 {
			t.Errorf("%s: a real-time command at byte %d", tt.profile, i)
		}
	}
}

func TestStoreMarkKeepsTheImage(t *testing.T) {
	m := checked(64, 16)
	jobs, err := profile(t, "epson-tm-t20iii").StoreMark(m)
	if err != nil {
		t.Fatal(err)
	}
	stored := dots(jobs[1][16:], 8, 1)
	differ := 0
	for y, row := range stored.rows {
		for x, dot := range row {
			if r, _, _, _ := m.At(7+x, 3+y).RGBA(); dot != (r == 0) {
				differ++
			}
		}
	}
	// Each of the sequences in the pattern costs one dot, all else is as drawn.
	if differ == 0 || differ > 64*16/8/3+1 {
		t.Errorf("%d dots differ", differ)
	}
}

func TestStoreMarkRefuses(t *testing.T) {
	for _, tt := range []struct {
		profile    string
		wide, high int
		want       string
	}{
		{"generic", 100, 100, "keeps no mark"},
		{"epson-tm-t20iii", 577, 100, "at most 576 x 320"},
		{"epson-tm-t20iii", 100, 321, "at most 576 x 320"},
		{"epson-tm-t20iii", 0, 10, "empty"},
	} {
		if _, err := profile(t, tt.profile).StoreMark(checked(tt.wide, tt.high)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s, %d x %d: %v", tt.profile, tt.wide, tt.high, err)
		}
	}
}

func TestGreyBecomesDots(t *testing.T) {
	m := image.NewUniform(color.Gray{Y: 0xc0})
	jobs, err := profile(t, "epson-tm-t20iii").StoreMark(subImage{m, image.Rect(0, 0, 80, 80)})
	if err != nil {
		t.Fatal(err)
	}
	if n := black(dots(jobs[1][16:], 10, 1)); n < 1400 || n > 1800 {
		t.Errorf("a quarter of 6400 dots ought to be black, %d are", n)
	}
}

// subImage is an image with bounds.
type subImage struct {
	image.Image
	bounds image.Rectangle
}

func (s subImage) Bounds() image.Rectangle { return s.bounds }

// noise is an image of repeated bytes.
type noise struct {
	wide, high int
	data       []byte
}

func (n noise) ColorModel() color.Model { return color.GrayModel }
func (n noise) Bounds() image.Rectangle { return image.Rect(0, 0, n.wide, n.high) }
func (n noise) At(x, y int) color.Color {
	if n.data[(x/8+y)%len(n.data)]&(0x80>>(x%8)) != 0 {
		return color.Gray{}
	}
	return color.Gray{Y: 0xff}
}
