// SPDX-License-Identifier: EUPL-1.2

package escpos_test

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/escpos"
)

func TestEuropeanLettersOnEpson(t *testing.T) {
	for _, text := range []string{
		"Zażółć gęślą jaźń", "Моля, изчакайте реда си", "Παρακαλώ περιμένετε τη σειρά σας", "Çağrı İçin Şığ", "Ąžuolas",
		"L'œuvre de Noël", "Größe, Öl, Übung",
	} {
		if lines := paper(job(t, profile(t, "epson-tm-t20iii"), of(text))); lines[0] != text {
			t.Errorf("paper shows %q, want %q", lines[0], text)
		}
	}
}

// Every profile shows every language: in its own letters, or as an image of the line.
func TestEveryLanguageOnEveryProfile(t *testing.T) {
	texts := map[string]string{
		"it": "È già là, più giù però", "ro": "Așteptați, vă rugăm: înțeles", "es": "¿Qué? ¡Mañana!", "en": "Please wait",
		"fr": "L'œuvre de Noël", "de": "Größe: Öl", "pl": "Zażółć gęślą jaźń", "el": "Παρακαλώ περιμένετε", "bg": "Моля, изчакайте",
	}
	shown := func(text string) []string { // the ways in which it may stand on paper
		cedilla := strings.NewReplacer("ș", "ş", "ț", "ţ").Replace(text)
		return []string{text, cedilla}
	}
	for name, p := range everyProfile(t) {
		for language, text := range texts {
			commands := job(t, p, of(text))
			lines := paper(commands)
			native := len(lines) == 2 && (lines[0] == shown(text)[0] || lines[0] == shown(text)[1])
			drawn := len(lines) == 1 && len(pictures(commands)) == 1 && black(pictures(commands)[0]) > 200
			if !native && !drawn {
				t.Errorf("%s, %s: lines %q and %d images", name, language, lines, len(pictures(commands)))
			}
			if lost := p.Unprintable(device.Job{Slip: of(text)}); lost != nil {
				t.Errorf("%s, %s: lost %q", name, language, string(lost))
			}
		}
	}
}

func black(p *picture) int {
	n := 0
	for _, row := range p.rows {
		for _, dot := range row {
			if dot {
				n++
			}
		}
	}
	return n
}

func TestTextsBecomePrintable(t *testing.T) {
	tests := []struct{ name, text, want, lost string }{
		{"decomposed letters are composed", "citta\u0300 s\u0326i t\u0326ara\u0306", "città şi ţară", ""},
		{"capital comma letters", "ȘȚ", "ŞŢ", ""},
		{"two languages in one line", "perché și după", "perché şi după", ""},
		{"euro", "10 €", "10 €", ""},
		{"quotes and dashes", "„da” ‘sì’ — ok…", `"da" 'sì' - ok...`, ""},
		{"control characters are blanks", "a\x1b@\x10\x04\x01b\r\nc\x7f\u0085d", "a @ b c d", ""},
		{"blanks are one blank, none at the ends", " \u00a0a \t\u2009 b ", "a b", ""},
		{"invisible marks vanish", "a\u00ad\u200b\u200e\u202e\ufeffb", "ab", ""},
		{"letters without a page lose their marks", "ḃẁ", "bw", ""},
		{"ligatures and wide letters come apart", "ﬁ ＡＢ №", "fi AB No", ""},
		{"letters that do not decompose", "Łódź Ø ẞ", "Łódź Ø SS", ""},
		{"a mark without a letter", "\u0301x", "x", ""},
		{"nothing is like it", "日本 a", "__ a", "日本"},
		{"a picture of a face, with its invisible tail", "ok \U0001F600\ufe0f!", "ok _!", "\U0001F600"},
		{"Hebrew and Arabic", "שלום سلام", "____ ____", "םןסבגדהוז"},
		{"damaged text", "a\xffb", "a_b", "\ufffd"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := profile(t, "generic")
			if got := paper(job(t, p, of(tt.text)))[0]; got != tt.want {
				t.Errorf("paper shows %q, want %q", got, tt.want)
			}
			lost := p.Unprintable(device.Job{Slip: of(tt.text)})
			if tt.name == "Hebrew and Arabic" {
				if len(lost) != 8 {
					t.Errorf("lost %q, want all eight letters", string(lost))
				}
				return
			}
			if string(lost) != tt.lost {
				t.Errorf("lost %q, want %q", string(lost), tt.lost)
			}
		})
	}
}

// Letters that are in no page are defined where the printer can do that, if they are few; else the
// line is drawn; else it is spelled.
func TestLettersWithoutAPage(t *testing.T) {
	const few, many = "Ω 3 → a", "Ωμέγα και Άλφα"
	p := profile(t, "generic")

	p.Glyphs = true
	if got := paper(job(t, p, of(few)))[0]; got != "{A} 3 {B} a" {
		t.Errorf("with defined letters: %q", got)
	}
	p.Glyphs = false
	if commands := job(t, p, of(few)); len(paper(commands)) != 1 || len(pictures(commands)) != 1 {
		t.Errorf("without defined letters: lines %q, %d images", paper(commands), len(pictures(commands)))
	}
	p.Glyphs = true
	if commands := job(t, p, of(many)); len(paper(commands)) != 1 || len(pictures(commands)) != 1 {
		t.Errorf("many letters: lines %q, %d images", paper(commands), len(pictures(commands)))
	}
	p.Image = escpos.ImageNone
	if got := paper(job(t, p, of(many)))[0]; got != "Omega kai Alfa" {
		t.Errorf("without images: %q", got)
	}
	mixed := job(t, profile(t, "generic"), of("Ωμέγα 日"))
	if lost := profile(t, "generic").Unprintable(device.Job{Slip: of("Ωμέγα 日")}); string(lost) != "日" || len(pictures(mixed)) != 1 {
		t.Errorf("a drawn line with a letter that cannot be drawn: lost %q, %d images", string(lost), len(pictures(mixed)))
	}
	number := device.Slip{Number: "Ω012"}
	if got := pictures(job(t, profile(t, "generic"), number)); len(got) != 1 || len(got[0].rows) < 150 {
		t.Errorf("a Greek number is not drawn large")
	}
}

func TestSpelling(t *testing.T) {
	p := profile(t, "silent")
	p.Image = escpos.ImageNone
	for text, want := range map[string]string{
		"Παρακαλώ περιμένετε τη σειρά σας": "Parakalo perimenete ti seira sas",
		"Θεσσαλονίκη, ΨΥΧΗ, Ούτε":          "Thessaloniki, PSYCHI, Oute",
		"Моля, изчакайте реда си":          "Molya, izchakayte reda si",
		"София, ЩАСТИЕ, Щъркел, Юлия":      "Sofia, SHTASTIE, Shtarkel, Yulia",
		"Україна, ђак":                     "Ukrayina, djak",
	} {
		if got := paper(job(t, p, of(text)))[0]; got != want {
			t.Errorf("%s is spelled %q, want %q", text, got, want)
		}
	}
}

// A page that has Hebrew would print it mirrored.
func TestNothingIsMirrored(t *testing.T) {
	p := profile(t, "generic")
	p.Pages = append(p.Pages, escpos.Page{Number: 36, Table: charmap.CodePage862}, escpos.Page{Number: 50, Table: charmap.Windows1256})
	for text, want := range map[string]string{"תור": "ורת", "دور": "درو", "\u202eRUT": ""} {
		if lost := p.Unprintable(device.Job{Slip: of(text)}); string(lost) != want {
			t.Errorf("%q: lost %q, want %q", text, string(lost), want)
		}
	}
	if got := paper(job(t, p, of("1 תור 2")))[0]; got != "1 ___ 2" {
		t.Errorf("the paper shows %q", got)
	}
}

// Whoever writes an office's texts is told of those that do not fit; see also [escpos.MaxLines].
func TestOverlong(t *testing.T) {
	p := profile(t, "generic") // 48 columns
	blind := p
	blind.Image, blind.QR = escpos.ImageNone, escpos.QRNone
	sized := func(text string, size device.Size) device.Slip {
		return device.Slip{Number: "A1", Parts: []device.Part{{Text: text, Size: size}}}
	}
	for name, test := range map[string]struct {
		profile escpos.Profile
		slip    device.Slip
		want    bool
	}{
		"six lines":              {p, of(strings.Repeat("x", 6*48)), false},
		"a letter more":          {p, of(strings.Repeat("x", 6*48+1)), true},
		"six of large letters":   {p, sized(strings.Repeat("x", 6*24), device.SizeLarge), false},
		"one more":               {p, sized(strings.Repeat("x", 6*24+1), device.SizeLarge), true},
		"drawn":                  {p, of(strings.Repeat("περιμένετε ", 12)), false},
		"drawn and longer":       {p, of(strings.Repeat("περιμένετε ", 40)), true},
		"an address as text":     {blind, symbol("https://a.it/" + strings.Repeat("u", 100)), false},
		"a long one":             {blind, symbol("https://a.it/" + strings.Repeat("u", 300)), true},
		"a number of one line":   {p, device.Slip{Number: strings.Repeat("9", 48)}, false},
		"a longer number":        {p, device.Slip{Number: strings.Repeat("9", 49)}, true},
		"a number that is drawn": {p, device.Slip{Number: strings.Repeat("Ω", 60)}, true},
	} {
		if got := test.profile.Overlong(device.Job{ID: "0001", Slip: test.slip}); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if got := paper(job(t, p, of(strings.Repeat("x", 999)))); len(got) != 7 || !strings.HasSuffix(got[5], "x...") {
		t.Errorf("lines %q", got)
	}
}

func TestDrawnLinesWrap(t *testing.T) {
	slip := of(strings.Repeat("περιμένετε ", 12))
	images := pictures(job(t, profile(t, "generic"), slip))
	rows := 0
	for _, m := range images {
		rows += len(m.rows)
		if len(m.rows[0]) > 576 {
			t.Errorf("an image %d dots wide", len(m.rows[0]))
		}
	}
	if rows < 3*24 || rows > 6*24 || rows%24 != 0 {
		t.Errorf("%d rows", rows)
	}
}
