// SPDX-License-Identifier: EUPL-1.2

package qr_test

import (
	"image"
	"image/color"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"github.com/makiuchi-d/gozxing/qrcode/encoder"

	"github.com/avanti-queue/avanti/device/qr"
)

// read reads a symbol that is drawn with modules of three dots, as small as we ever print them. The
// reader misses one upright symbol in a hundred, whoever made it; like a phone in a hand it gets to see
// it from more than one side.
func read(t testing.TB, s *qr.Symbol) (string, error) {
	t.Helper()
	var text string
	var err error
	for turn := range 4 {
		if text, err = look(s, turn); err == nil {
			break
		}
	}
	return text, err
}

// look reads the symbol once, after quarter turns.
func look(s *qr.Symbol, turns int) (string, error) {
	const module, margin = 3, 12
	side := module*s.Side + 2*margin
	m := image.NewGray(image.Rect(0, 0, side, side))
	for i := range m.Pix {
		m.Pix[i] = 0xff
	}
	for i := range module * s.Side {
		for j := range module * s.Side {
			x, y := i/module, j/module
			for range turns {
				x, y = y, s.Side-1-x
			}
			if s.Dark(x, y) {
				m.SetGray(i+margin, j+margin, color.Gray{})
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

// addresses are made of what stands on slips: hosts of every length and tokens.
func addresses(n int) []string {
	const letters, token = "abcdefghijklmnopqrstuvwxyz0123456789-", "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	random := rand.New(rand.NewPCG(18004, 7))
	pick := func(from string, n int) string {
		var b strings.Builder
		for range n {
			b.WriteByte(from[random.IntN(len(from))])
		}
		return b.String()
	}
	out := make([]string, n)
	for i := range out {
		scheme := []string{"http", "https"}[random.IntN(2)]
		out[i] = scheme + "://" + pick(letters[:26], 1) + pick(letters, random.IntN(60)) + ".it/t/" + pick(token, 24)
	}
	return out
}

// Every symbol can be read.
func TestEveryAddressIsRead(t *testing.T) {
	for _, level := range []qr.Level{qr.L, qr.M} {
		for _, url := range addresses(300) {
			s, err := qr.New(url, level)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := read(t, s); err != nil || got != url {
				t.Errorf("level %d: %q is read as %q, %v", level, url, got, err)
			}
		}
	}
}

// Another maker of symbols, who knows the rules too, makes the same ones.
func TestSameAsAnother(t *testing.T) {
	levels := map[qr.Level]decoder.ErrorCorrectionLevel{
		qr.L: decoder.ErrorCorrectionLevel_L, qr.M: decoder.ErrorCorrectionLevel_M, qr.Q: decoder.ErrorCorrectionLevel_Q, qr.H: decoder.ErrorCorrectionLevel_H,
	}
	for level, theirs := range levels {
		for _, text := range append(addresses(20), "1", "0123456789", "HTTP://A.IT/1", strings.Repeat("a", 250)) {
			want, failure := encoder.Encoder_encodeWithoutHint(text, theirs)
			if failure != nil {
				t.Fatal(failure)
			}
			got, err := qr.New(text, level)
			if err != nil {
				t.Fatal(err)
			}
			if differ := differences(got, want.GetMatrix()); differ > 0 {
				t.Errorf("%q, level %d: %d modules differ, mask %d is theirs", text, level, differ, want.GetMaskPattern())
			}
		}
	}
}

func differences(s *qr.Symbol, m *encoder.ByteMatrix) int {
	if s.Side != m.GetWidth() {
		return s.Side*s.Side + 1
	}
	n := 0
	for y := range s.Side {
		for x := range s.Side {
			if s.Dark(x, y) != (m.Get(x, y) == 1) {
				n++
			}
		}
	}
	return n
}

func TestOutsideIsLight(t *testing.T) {
	s, err := qr.New("http://a.it", qr.M)
	if err != nil {
		t.Fatal(err)
	}
	if !s.Dark(0, 0) || s.Dark(-1, 0) || s.Dark(0, -1) || s.Dark(s.Side, 0) || s.Dark(0, s.Side) {
		t.Error("the symbol does not end at its sides")
	}
}

func TestRefusals(t *testing.T) {
	for _, tt := range []struct {
		text  string
		level qr.Level
		want  string
	}{
		{"", qr.M, "no text"}, {strings.Repeat("a", 3000), qr.L, "too long"}, {"a", 4, "level 4"}, {"a", -1, "level -1"},
	} {
		if _, err := qr.New(tt.text, tt.level); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%.10q, level %d: %v", tt.text, tt.level, err)
		}
	}
}

func FuzzNew(f *testing.F) {
	for _, url := range addresses(3) {
		f.Add(url, 1)
	}
	f.Add("0123", 0)
	f.Add("\x00\xff", 3)
	f.Fuzz(func(t *testing.T, text string, level int) {
		s, err := qr.New(text, qr.Level(level))
		if err == nil && (s.Side < 21 || s.Side > 177 || s.Side%4 != 1) {
			t.Errorf("a side of %d", s.Side)
		}
	})
}

func BenchmarkNew(b *testing.B) {
	url := addresses(1)[0]
	for b.Loop() {
		if _, err := qr.New(url, qr.M); err != nil {
			b.Fatal(err)
		}
	}
}
