// SPDX-License-Identifier: EUPL-1.2

package panel

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "write the golden files")

const printable = " -0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// golden compares with a file of testdata, or writes it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s (-want +got):\n%s", file, d)
	}
}

// draw puts a stroke for each segment that is lit onto five columns and five rows.
func draw(lit func(segment string) bool) [5]string {
	strokes := []struct {
		segment string
		row     int
		column  int
		text    string
	}{
		{"A", 0, 1, "___"},
		{"F", 1, 0, "|"},
		{"F", 2, 0, "|"},
		{"B", 1, 4, "|"},
		{"B", 2, 4, "|"},
		{"left", 2, 1, "__"},
		{"right", 2, 2, "__"},
		{"E", 3, 0, "|"},
		{"E", 4, 0, "|"},
		{"C", 3, 4, "|"},
		{"C", 4, 4, "|"},
		{"D", 4, 1, "___"},
		{"upleft", 1, 1, `\`},
		{"up", 1, 2, "|"},
		{"upright", 1, 3, "/"},
		{"downleft", 3, 1, "/"},
		{"down", 3, 2, "|"},
		{"downright", 3, 3, `\`},
	}
	grid := bytes.Repeat([]byte("     "), 5)
	for _, s := range strokes {
		if lit(s.segment) {
			copy(grid[5*s.row+s.column:], s.text)
		}
	}
	var out [5]string
	for i := range out {
		out[i] = string(grid[5*i : 5*i+5])
	}
	return out
}

// specimen is all characters that there are, eight in a row.
func specimen(glyph func(r rune) (func(string) bool, bool)) string {
	var out strings.Builder
	var rows [5]string
	n := 0
	flush := func() {
		for _, r := range rows {
			out.WriteString(strings.TrimRight(r, " ") + "\n")
		}
		out.WriteString("\n")
		rows, n = [5]string{}, 0
	}
	for _, r := range printable {
		lit, ok := glyph(r)
		if !ok {
			continue
		}
		for i, line := range draw(lit) {
			rows[i] += line + "   "
		}
		if n++; n == 8 {
			flush()
		}
	}
	flush()
	return out.String()
}

func TestSevenSegments(t *testing.T) {
	golden(t, "seven.txt", specimen(func(r rune) (func(string) bool, bool) {
		s, ok := seven(r)
		return func(segment string) bool {
			switch segment {
			case "left", "right":
				return s&sG != 0
			}
			n := strings.Index("ABCDEF", segment)
			return n >= 0 && s&(1<<n) != 0
		}, ok
	}))
}

func TestFourteenSegments(t *testing.T) {
	names := []string{"A", "B", "C", "D", "E", "F", "left", "right", "upleft", "up", "upright", "downleft", "down", "downright"}
	golden(t, "fourteen.txt", specimen(func(r rune) (func(string) bool, bool) {
		s, ok := fourteen(r)
		return func(segment string) bool {
			for i, n := range names {
				if n == segment {
					return s&(1<<i) != 0
				}
			}
			return false
		}, ok
	}))
}

// What a citizen reads must be what was meant.
func TestNoTwoCharactersLookAlike(t *testing.T) {
	sevens, fourteens := map[byte]rune{}, map[uint16]rune{}
	for _, r := range printable {
		if s, ok := seven(r); ok {
			if other, twice := sevens[s]; twice {
				t.Errorf("7 segments: %q looks like %q", r, other)
			}
			sevens[s] = r
		}
		s, ok := fourteen(r)
		if !ok {
			t.Errorf("14 segments: no %q", r)
		}
		if other, twice := fourteens[s]; twice {
			t.Errorf("14 segments: %q looks like %q", r, other)
		}
		fourteens[s] = r
	}
	for _, r := range "IKMQSVWXZ\x00.aé" {
		if _, ok := seven(r); ok {
			t.Errorf("7 segments: %q is shown", r)
		}
	}
}

func TestFit(t *testing.T) {
	tests := []struct {
		name   string
		face   Face
		number string
		want   string
		wrong  string
	}{
		{"to the right", Face{Glyphs: GlyphsSeven, Places: 6}, "A012", "  A012", ""},
		{"just fits", Face{Glyphs: GlyphsSeven, Places: 4}, "A012", "A012", ""},
		{"nothing", Face{Glyphs: GlyphsDigits, Places: 3}, "", "   ", ""},
		{"too long", Face{Glyphs: GlyphsSeven, Places: 3}, "A012", "", "4 characters to show on 3 places"},
		{"no such letter", Face{Glyphs: GlyphsSeven, Places: 4}, "S012", "", "'S'"},
		{"letters there", Face{Glyphs: GlyphsFourteen, Places: 4}, "S012", "S012", ""},
		{"no letters", Face{Glyphs: GlyphsSigned, Places: 4}, "A012", "", "'A'"},
		{"prefix dropped", Face{Glyphs: GlyphsDigits, Places: 4, DropPrefix: true}, "A012", " 012", ""},
		{"nothing left", Face{Glyphs: GlyphsDigits, Places: 4, DropPrefix: true}, "A", "", "no digit"},
		{"hostile", Face{Glyphs: GlyphsText, Places: 4}, "^M\r", "", "cannot show"},
		{"wide", Face{Glyphs: GlyphsText, Places: 4}, "é1", "", "cannot show"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := tt.face.Fit(tt.number)
			if got != tt.want || (err == nil) != (tt.wrong == "") || err != nil && !strings.Contains(err.Error(), tt.wrong) {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
}

// A number is shown whole or not at all.
func TestFitNeverCuts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := Face{
			Glyphs:     rapid.SampledFrom([]Glyphs{GlyphsDigits, GlyphsSigned, GlyphsSeven, GlyphsFourteen, GlyphsText}).Draw(t, "glyphs"),
			Places:     rapid.IntRange(1, 16).Draw(t, "places"),
			DropPrefix: rapid.Bool().Draw(t, "drop"),
		}
		number := rapid.OneOf(rapid.StringMatching(`[A-Z]{0,3}[0-9]{0,4}`), rapid.String()).Draw(t, "number")
		text, err := f.Fit(number)
		if err != nil {
			return
		}
		if len(text) != f.Places {
			t.Fatalf("%q on %d places", text, f.Places)
		}
		shown := strings.TrimLeft(text, " ")
		dropped, ok := strings.CutSuffix(number, shown)
		if !ok || !f.DropPrefix && strings.Trim(dropped, " ") != "" || strings.ContainsAny(dropped, "0123456789") {
			t.Fatalf("%q shows %q", number, shown)
		}
	})
}

func TestMark(t *testing.T) {
	for _, tt := range []struct {
		face Face
		want string
	}{
		{Face{Glyphs: GlyphsSeven, Places: 3}, "   "},
		{Face{Glyphs: GlyphsSeven, Places: 3, Dashes: true}, "---"},
		{Face{Glyphs: GlyphsDigits, Places: 3, Dashes: true}, "   "},
	} {
		if got := tt.face.mark(); got != tt.want {
			t.Errorf("%+v: %q", tt.face, got)
		}
	}
}
