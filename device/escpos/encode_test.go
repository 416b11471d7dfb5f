// SPDX-License-Identifier: EUPL-1.2

package escpos_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/escpos"
)

var update = flag.Bool("update", false, "write the golden slips anew")

const address = "https://coda.comune.example.it/t/7Q2M9XKD4WHA8R3F"

// slips are what an office prints on an ordinary day, one for each language of its pages, and a sheet
// with the letters of others.
func slips() map[string]device.Slip {
	slip := func(number, service, ahead, wait, advice string) device.Slip {
		return device.Slip{Number: number, Parts: []device.Part{
			{Kind: device.PartMark},
			{Text: "Comune di Piacenza - Anagrafe", Bold: true},
			{Text: service, Size: device.SizeTall},
			{Text: "02/03/2026 09:05"},
			{Text: ahead},
			{Text: wait},
			{Kind: device.PartRule},
			{Kind: device.PartQR, Text: address},
			{Text: advice, Size: device.SizeSmall},
		}}
	}
	return map[string]device.Slip{
		"it": slip("A012", "Carta d\u2019identità elettronica", "Persone prima di Lei: 12", "Attesa prevista: 20\u201330 minuti", "È possibile uscire: La avviseremo."),
		"ro": slip("B007", "Declarații de reședință și naștere", "Persoane înaintea dumneavoastră: 12", "Timp de așteptare: 20\u201330 de minute", "Vă rugăm să așteptați; țineți biletul la îndemână."),
		"es": slip("C123", "Certificado de empadronamiento", "Personas delante de usted: 12", "Espera prevista: 20\u201330 minutos", "¿Menos de 10 €? Pague aquí: mañana también está abierto."),
		"en": slip("D045", "Passport \u201cfast track\u201d", "People ahead of you: 12", "Expected wait: 20\u201330 minutes", "Please keep this ticket\u2026"),
		"letters": {Number: "E300", Parts: []device.Part{
			{Text: "Zażółć gęślą jaźń: proszę czekać"},
			{Text: "Παρακαλώ περιμένετε τη σειρά σας"},
			{Text: "Моля, изчакайте реда си"},
			{Text: "L\u2019œuvre de Noël: où êtes-vous, garçon?", Bold: true},
			{Text: "Öffnungszeiten: große Käseglocke", Size: device.SizeLarge},
			{Text: "Ελληνικά и кирилица", Size: device.SizeTall},
		}},
	}
}

// of is a slip of one text.
func of(text string) device.Slip {
	return device.Slip{Number: "A1", Parts: []device.Part{{Text: text}}}
}

func profile(t testing.TB, name string) escpos.Profile {
	t.Helper()
	p, err := escpos.Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// everyProfile looks all profiles up, once for a test.
func everyProfile(t testing.TB) map[string]escpos.Profile {
	t.Helper()
	all := map[string]escpos.Profile{}
	for _, name := range escpos.Names() {
		all[name] = profile(t, name)
	}
	return all
}

// job encodes a slip and reads the job.
func job(t testing.TB, p escpos.Profile, slip device.Slip) []command {
	t.Helper()
	data := p.Encode(device.Job{ID: "0042", Slip: slip})
	commands, err := parse(p.Name, data)
	if err != nil {
		t.Fatalf("%s: %v in % X", p.Name, err, data)
	}
	return commands
}

func TestGoldenSlips(t *testing.T) {
	for name, p := range everyProfile(t) {
		for language, slip := range slips() {
			t.Run(name+"-"+language, func(t *testing.T) {
				golden(t, name+"-"+language+".bin", p.Encode(device.Job{ID: "0042", Slip: slip}))
				golden(t, name+"-"+language+".txt", []byte(listing(job(t, p, slip))))
			})
		}
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("..", "..", "testdata", "slips", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is not as recorded (-update writes it anew):\n%s", path, cmp.Diff(string(want), string(got)))
	}
}

// The paper shows the slip's words: what is folded is folded as written down here, all else is
// there letter by letter.
func TestPaperShowsTheSlip(t *testing.T) {
	fold := strings.NewReplacer("\u2019", "'", "\u201c", `"`, "\u201d", `"`, "\u2013", "-", "\u2026", "...",
		"ș", "ş", "ț", "ţ", "Ș", "Ş", "Ț", "Ţ")
	for name, p := range everyProfile(t) {
		for language, slip := range slips() {
			if language == "letters" {
				continue
			}
			t.Run(name+"-"+language, func(t *testing.T) {
				commands := job(t, p, slip)
				lines := paper(commands)
				whole := strings.Join(lines, " ")
				for _, part := range slip.Parts {
					if want := fold.Replace(part.Text); part.Kind == device.PartText && !strings.Contains(whole, want) {
						t.Errorf("paper %q lacks %q", whole, want)
					}
				}
				if !strings.Contains(whole, "────") {
					t.Errorf("paper %q has no rule", whole)
				}
				if last := lines[len(lines)-1]; last != slip.Number {
					t.Errorf("the last line is %q, want the number %q", last, slip.Number)
				}
				if lost := p.Unprintable(device.Job{Slip: slip}); lost != nil {
					t.Errorf("letters %q got lost", string(lost))
				}
			})
		}
	}
}

func TestLongTexts(t *testing.T) {
	p := profile(t, "generic")
	show := func(s device.Slip) []string { return paper(job(t, p, s)) }
	t.Run("wraps at words", func(t *testing.T) {
		got := show(of(strings.Repeat("parola ", 8) + "x"))
		want := []string{"parola parola parola parola parola parola parola", "parola x", "A1"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("breaks endless words and ends them", func(t *testing.T) {
		got := show(of(strings.Repeat("w", 5000)))
		if len(got) != 7 || got[0] != strings.Repeat("w", 48) || got[5] != strings.Repeat("w", 45)+"..." {
			t.Errorf("got %q", got)
		}
	})
	t.Run("an endless number stays on one line", func(t *testing.T) {
		got := show(device.Slip{Number: strings.Repeat("9", 500)})
		if len(got) != 1 || got[0] != strings.Repeat("9", 48) {
			t.Errorf("got %q", got)
		}
	})
}

func TestNumberIsAsLargeAsFits(t *testing.T) {
	for _, tt := range []struct {
		profile, number string
		want            int
	}{
		{"generic", "A1", 8},
		{"generic", "A012", 8},
		{"generic", "AB0123", 8},
		{"generic", "AB01234", 6},
		{"generic", "AB0123456789", 4},
		{"generic", strings.Repeat("7", 40), 1},
		{"custom-vkp80iii", "AB0123", 7}, // its letters may be 14 dots wide
		{"nippon-np2511", "A012", 8},
		{"nippon-np2511", "AB0123", 6},
		{"star-line", "A1", 6},
		{"star-line", "AB01234", 6},
	} {
		got := 1
		commands := job(t, profile(t, tt.profile), device.Slip{Number: tt.number})
		for i, c := range commands {
			if c.text == tt.number && commands[i-1].isSize {
				got = commands[i-1].wide
			}
		}
		if got != tt.want {
			t.Errorf("%s, %s: %d times, want %d", tt.profile, tt.number, got, tt.want)
		}
	}
}

func TestCopyIsMarkedJustAboveTheNumber(t *testing.T) {
	for name, p := range everyProfile(t) {
		slip := slips()["it"]
		slip.Copy = "DUPLICATO"
		lines := paper(job(t, p, slip))
		if got := lines[len(lines)-2:]; got[0] != "DUPLICATO" || got[1] != "A012" {
			t.Errorf("%s: the last lines are %q", name, got)
		}
	}
}

func TestSmallTextTakesTheSmallFont(t *testing.T) {
	text := strings.Repeat("abcdefgh ", 7)
	slip := device.Slip{Number: "A1", Parts: []device.Part{{Text: text, Size: device.SizeSmall}}}
	if lines := paper(job(t, profile(t, "epson-tm-t20iii"), slip)); len(lines) != 2 {
		t.Errorf("62 small letters take %d lines with the number", len(lines))
	}
	if lines := paper(job(t, profile(t, "generic"), slip)); len(lines) != 3 {
		t.Errorf("62 letters of a printer with one font take %d lines with the number", len(lines))
	}
}

func TestPiecesAreTheJob(t *testing.T) {
	for name, p := range everyProfile(t) {
		for language, slip := range slips() {
			j := device.Job{ID: "0042", Slip: slip}
			pieces := p.Pieces(j)
			if got := bytes.Join(pieces, nil); !bytes.Equal(got, p.Encode(j)) {
				t.Fatalf("%s-%s: the pieces are not the job", name, language)
			}
			for i, piece := range pieces {
				if len(piece) > 8+24*((p.Dots+7)/8) && name != "nippon-np2511" {
					t.Errorf("%s-%s: piece %d has %d bytes", name, language, i, len(piece))
				}
				commands, err := parse(p.Name, piece)
				if err != nil {
					t.Fatalf("%s-%s: piece %d: %v", name, language, i, err)
				}
				if last := commands[len(commands)-1]; last.text != "" {
					t.Errorf("%s-%s: piece %d ends in text %q", name, language, i, last.text)
				}
			}
		}
	}
}

// The default slip with symbol and stored mark goes out in half a second at 9600 baud.
func TestBudget(t *testing.T) {
	for name, p := range everyProfile(t) {
		for language, slip := range slips() {
			job := device.Job{ID: "0042", Slip: slip}
			if language == "letters" || p.QR == escpos.QRNone {
				continue // drawn: as long as it must be
			}
			if n := len(p.Encode(job)); n > 520 {
				t.Errorf("%s-%s: %d bytes, want at most 520", name, language, n)
			}
			if n := testing.AllocsPerRun(50, func() { p.Encode(job) }); n > 20 {
				t.Errorf("%s-%s: %v allocations, want at most 20", name, language, n)
			}
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	p := profile(b, "epson-tm-t20iii")
	job := device.Job{ID: "0042", Slip: slips()["ro"]}
	b.ReportAllocs()
	for b.Loop() {
		p.Encode(job)
	}
}
