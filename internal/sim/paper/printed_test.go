// SPDX-License-Identifier: EUPL-1.2

package paper_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/avanti-queue/avanti/internal/sim/paper"
)

const slipsDir = "../../../testdata/slips"

// printers says which model prints the jobs that were made for a profile.
func printers() map[string]paper.Model {
	return map[string]paper.Model{
		"custom-tg2480":   paper.CustomTG2480,
		"custom-vkp80iii": paper.Custom,
		"epson-tm-t20iii": paper.Epson,
		"epson-tm-t88":    paper.EpsonT88,
		"generic":         paper.Generic,
		"nippon-np2511":   paper.Nippon,
		"silent":          paper.Silent,
		"star-line":       paper.Star,
		"xprinter":        paper.Generic,
	}
}

// expected is what a sheet must say, by the end of its file's name.
func expected() map[string]wording {
	const link = "https://coda.comune.example.it/t/7Q2M9XKD4WHA8R3F"
	return map[string]wording{
		"it": {number: "A012", link: link, words: []string{
			"Comune di Piacenza - Anagrafe", "Carta d'identità elettronica", "Persone prima di Lei: 12",
			"Attesa prevista: 20-30 minuti", "È possibile uscire",
		}},
		"ro": {number: "B007", link: link, words: []string{
			"Comune di Piacenza - Anagrafe", "Declarații de reședință și naștere", "Persoane înaintea dumneavoastră: 12",
			"Timp de așteptare: 20-30 de minute", "Vă rugăm să așteptați; țineți biletul",
		}},
		"es": {number: "C123", link: link, words: []string{
			"Comune di Piacenza - Anagrafe", "Certificado de empadronamiento", "Personas delante de usted: 12",
			"Espera prevista: 20-30 minutos", "¿Menos de 10 €? Pague aquí: mañana también está",
		}},
		"en": {number: "D045", link: link, words: []string{
			"Comune di Piacenza - Anagrafe", `Passport "fast track"`, "People ahead of you: 12",
			"Expected wait: 20-30 minutes", "Please keep this ticket",
		}},
		// A printer without Greek or Cyrillic letters gets pictures of them.
		"letters": {number: "E300", words: []string{
			"Zażółć gęślą jaźń: proszę czekać", "L'œuvre de Noël: où êtes-vous, garçon?", "Öffnungszeiten: große Käseglocke",
		}, drawn: []string{
			"Παρακαλώ περιμένετε τη σειρά σας", "Моля, изчакайте реда си", "Ελληνικά и кирилица",
		}},
	}
}

type wording struct {
	number, link string
	words        []string
	drawn        []string // may be a picture instead
}

// TestPrintedSlips prints every job in testdata/slips, which were made by those who print, on the printer that it was
// made for, and reads the sheet as a citizen would.
func TestPrintedSlips(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(slipsDir, "*.bin"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no jobs in %s: %v", slipsDir, err)
	}
	seen := map[string]bool{}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".bin")
		at := strings.LastIndexByte(name, '-')
		profile, kind := name[:at], name[at+1:]
		seen[profile] = true
		t.Run(name, func(t *testing.T) {
			model, known := printers()[profile]
			want, wanted := expected()[kind]
			if !known || !wanted {
				t.Fatalf("%s is for a printer or in a language that this test does not know: add it to printers or expected", file)
			}
			stream, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			bubble(t, func(t *testing.T) {
				s := printSlip(t, model, stream)
				readSlip(t, s, want)
				comparePicture(t, filepath.Join(slipsDir, name+".png"), s)
			})
			if info, err := os.Stat(filepath.Join(slipsDir, name+".png")); err != nil || info.Size() > 10<<10 {
				t.Errorf("the picture is larger than 10 kB, or: %v", err)
			}
		})
	}
	for profile := range printers() {
		if !seen[profile] {
			t.Errorf("no job for %s in %s", profile, slipsDir)
		}
	}
}

// printSlip prints a job on a printer in whose memory the office's mark is.
func printSlip(t *testing.T, model paper.Model, stream []byte) paper.Sheet {
	t.Helper()
	b := newBench(t, paper.Options{Model: model})
	b.send(storeMark(model))
	settle()
	b.PowerOff()
	b.PowerOn()
	stored := b.Counters().Ignored
	b.send(stream)
	settle()
	if c := b.Counters(); len(c.Ignored) > 0 {
		t.Errorf("commands without effect: %v, of which for the mark: %v", c.Ignored, stored)
	}
	sheets := b.out()
	if len(sheets) != 1 || sheets[0].Torn {
		t.Fatalf("%d sheets, want 1, whole", len(sheets))
	}
	return sheets[0]
}

func readSlip(t *testing.T, s paper.Sheet, want wording) {
	t.Helper()
	if len(s.Numbers) != 1 || s.Number != want.number {
		t.Errorf("the largest text is %q, want %s alone", s.Numbers, want.number)
	}
	lines := strings.Split(s.Text, "\n")
	if lines[len(lines)-1] != want.number {
		t.Errorf("the last line is %q, want the number", lines[len(lines)-1])
	}
	text := strings.Join(lines, " ")
	for _, w := range want.words {
		if !reads(text, w) {
			t.Errorf("%q is not on the sheet:\n%s", w, s.Text)
		}
	}
	missing := 0
	for _, w := range want.drawn {
		if !reads(text, w) {
			missing++
		}
	}
	if n := strings.Count(text, "[image "); want.drawn != nil && n != missing {
		t.Errorf("%d lines are pictures, but %d of %q are not on the sheet:\n%s", n, missing, want.drawn, s.Text)
	}
	if want.link != "" {
		if got := scan(t, s.Image()); got != want.link {
			t.Errorf("the QR code reads %q, want %q", got, want.link)
		}
	}
}

// reads reports whether a text has these words. No printer has the letters with a comma below: those with a cedilla
// stand for them, or a character that the host has drawn.
func reads(text, words string) bool {
	cedilla := strings.NewReplacer("ș", "ş", "ț", "ţ", "Ș", "Ş", "Ț", "Ţ").Replace(words)
	drawn := []rune(cedilla)
	for i, r := range drawn {
		if slices.Contains([]rune("şţŞŢ"), r) {
			drawn[i] = paper.OwnGlyph
		}
	}
	return strings.Contains(text, cedilla) || strings.Contains(text, string(drawn))
}

// storeMark is what puts a mark where those who print look for it.
func storeMark(model paper.Model) []byte {
	rows, columns := mark()
	switch model {
	case paper.Epson:
		n := len(rows) + 11
		return job("1D 28 4C", []byte{byte(n), byte(n >> 8)}, "30 43 30", raw("AV"), "01 60 00 40 00 31", rows)
	case paper.EpsonT88, paper.Generic:
		return job("1C 71 01 0C 00 08 00", columns)
	case paper.Star:
		return job("1B 1C 71 01 0C 00 08 00", columns)
	case paper.Custom:
		return job("1C 94 00 01 00 60 00 40 00 00", raw("MARK.BMP"), make([]byte, 8), rows, "3E")
	default:
		return nil
	}
}

// mark is a picture of 96 x 64 dots, by rows and by columns: a gate with three doors.
func mark() (rows, columns []byte) {
	rows, columns = make([]byte, 12*64), make([]byte, 96*8)
	for y := range 64 {
		for x := range 96 {
			door := y > 28 && (x-8)%30 < 20 && x > 8 && x < 88
			roof := y < 20 && (x < 46-2*y || x > 49+2*y)
			if !door && !roof {
				rows[y*12+x/8] |= 0x80 >> (x % 8)
				columns[x*8+y/8] |= 0x80 >> (y % 8)
			}
		}
	}
	return rows, columns
}
