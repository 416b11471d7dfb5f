// SPDX-License-Identifier: EUPL-1.2

package escpos_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/escpos"
)

var update = flag.Bool("update", false, "write the golden slips anew")

var issued = time.Date(2026, 3, 2, 9, 5, 0, 0, time.FixedZone("CET", 3600))

// slips are what an office prints on an ordinary day, one for each language.
func slips() map[string]device.Slip {
	const url = "https://coda.comune.example.it/t/7Q2M9XKD4WHA8R3F"
	slip := func(number, service, ahead, advice string) device.Slip {
		return device.Slip{
			Office: "Comune di Piacenza - Anagrafe", Number: number, Service: service,
			Issued: issued, Ahead: 12, AheadText: ahead, Advice: advice, QR: url,
		}
	}
	return map[string]device.Slip{
		"it": slip("A012", "Carta d\u2019identità elettronica", "Persone prima di Lei", "Attesa prevista: 20\u201330 minuti. È possibile uscire: La avviseremo."),
		"ro": slip("B007", "Declarații de reședință și naștere", "Persoane înaintea dumneavoastră", "Vă rugăm să așteptați; țineți biletul la îndemână."),
		"es": slip("C123", "Certificado de empadronamiento", "Personas delante de usted", "¿Menos de 10 €? Pague aquí: mañana también está abierto."),
		"en": slip("D045", "Passport \u201cfast track\u201d", "People ahead of you", "Please keep this ticket\u2026"),
	}
}

func profile(t testing.TB, name string) escpos.Profile {
	t.Helper()
	p, err := escpos.Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestGoldenSlips(t *testing.T) {
	for _, name := range escpos.Names() {
		for language, slip := range slips() {
			t.Run(name+"-"+language, func(t *testing.T) {
				job := profile(t, name).Encode(device.Job{ID: "0042", Slip: slip})
				commands, err := parse(name, job)
				if err != nil {
					t.Fatal(err)
				}
				golden(t, name+"-"+language+".bin", job)
				golden(t, name+"-"+language+".txt", []byte(listing(commands)))
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
	for _, name := range escpos.Names() {
		for language, slip := range slips() {
			t.Run(name+"-"+language, func(t *testing.T) {
				job := device.Job{ID: "0042", Slip: slip}
				p := profile(t, name)
				commands, err := parse(name, p.Encode(job))
				if err != nil {
					t.Fatal(err)
				}
				lines := paper(commands)
				whole := strings.Join(lines, " ")
				for _, text := range []string{slip.Office, slip.Service, "02/03/2026 09:05", slip.AheadText + ": 12", slip.Advice} {
					if !strings.Contains(whole, fold.Replace(text)) {
						t.Errorf("paper %q lacks %q", whole, fold.Replace(text))
					}
				}
				if last := lines[len(lines)-1]; last != slip.Number {
					t.Errorf("the last line is %q, want the number %q", last, slip.Number)
				}
				if lost := p.Unprintable(job); lost != nil {
					t.Errorf("letters %q got lost", string(lost))
				}
			})
		}
	}
}

func TestEuropeanLettersOnEpson(t *testing.T) {
	for _, text := range []string{
		"Zażółć gęślą jaźń", "Моля, изчакайте реда си", "Παρακαλώ περιμένετε τη σειρά σας", "Çağrı İçin Şığ", "Ąžuolas",
	} {
		p := profile(t, "epson-tm-t20iii")
		job := device.Job{ID: "0001", Slip: device.Slip{Number: "A1", Advice: text, Ahead: -1}}
		commands, err := parse(p.Name, p.Encode(job))
		if err != nil {
			t.Fatal(err)
		}
		if lines := paper(commands); lines[0] != text {
			t.Errorf("paper shows %q, want %q", lines[0], text)
		}
	}
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
		{"damaged text", "a\xffb", "a_b", "\ufffd"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := profile(t, "generic")
			job := device.Job{ID: "0001", Slip: device.Slip{Number: "A1", Advice: tt.text, Ahead: -1}}
			commands, err := parse(p.Name, p.Encode(job))
			if err != nil {
				t.Fatal(err)
			}
			if got := paper(commands)[0]; got != tt.want {
				t.Errorf("paper shows %q, want %q", got, tt.want)
			}
			if got := string(p.Unprintable(job)); got != tt.lost {
				t.Errorf("lost %q, want %q", got, tt.lost)
			}
		})
	}
}

func TestLongTexts(t *testing.T) {
	p := profile(t, "generic")
	show := func(s device.Slip) []string {
		s.Ahead = -1
		commands, err := parse(p.Name, p.Encode(device.Job{ID: "0001", Slip: s}))
		if err != nil {
			t.Fatal(err)
		}
		return paper(commands)
	}
	t.Run("wraps at words", func(t *testing.T) {
		got := show(device.Slip{Number: "A1", Advice: strings.Repeat("parola ", 8) + "x"})
		want := []string{"parola parola parola parola parola parola parola", "parola x", "A1"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("breaks endless words and ends them", func(t *testing.T) {
		got := show(device.Slip{Number: "A1", Advice: strings.Repeat("w", 5000)})
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
	for number, want := range map[string]int{"A1": 0x77, "A012": 0x77, "AB0123": 0x77, "AB01234": 0x55, "AB0123456789": 0x33, strings.Repeat("7", 40): 0} {
		commands, err := parse("generic", profile(t, "generic").Encode(device.Job{ID: "0001", Slip: device.Slip{Number: number, Ahead: -1}}))
		if err != nil {
			t.Fatal(err)
		}
		size := 0
		for i, c := range commands {
			if c.text == number {
				size = commands[i-1].size
			}
		}
		if size != want {
			t.Errorf("%s: GS ! %02X, want %02X", number, size, want)
		}
	}
}

func TestCopyIsMarkedJustAboveTheNumber(t *testing.T) {
	for _, name := range escpos.Names() {
		slip := slips()["it"]
		slip.Copy = "DUPLICATO"
		commands, err := parse(name, profile(t, name).Encode(device.Job{ID: "0042", Slip: slip}))
		if err != nil {
			t.Fatal(err)
		}
		lines := paper(commands)
		if got := lines[len(lines)-2:]; got[0] != "DUPLICATO" || got[1] != "A012" {
			t.Errorf("%s: the last lines are %q", name, got)
		}
	}
}

func TestAheadIsPrintedOnlyIfKnown(t *testing.T) {
	for _, tt := range []struct {
		ahead int
		text  string
		want  []string
	}{
		{0, "Persone prima di Lei", []string{"Persone prima di Lei: 0", "A1"}},
		{1200, "Persone prima di Lei", []string{"Persone prima di Lei: 1200", "A1"}},
		{-1, "Persone prima di Lei", []string{"A1"}},
		{3, "", []string{"A1"}},
	} {
		slip := device.Slip{Number: "A1", Ahead: tt.ahead, AheadText: tt.text}
		commands, err := parse("generic", profile(t, "generic").Encode(device.Job{ID: "0001", Slip: slip}))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tt.want, paper(commands)); diff != "" {
			t.Error(diff)
		}
	}
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
		{"generic", "a b\x10\x04\x01è", "\x1d(k\x17\x001P\x30a%20b%10%04%01%C3%A8"},
		{"generic", strings.Repeat("u", 250), "\x1d(k\xfd\x001P\x30" + strings.Repeat("u", 250)},
		{"generic", strings.Repeat("u", 251), strings.Repeat("u", 48) + "\n"},
	}
	for _, tt := range tests {
		job := profile(t, tt.profile).Encode(device.Job{ID: "0001", Slip: device.Slip{Number: "A1", QR: tt.url, Ahead: -1}})
		if !bytes.Contains(job, []byte(tt.want)) {
			t.Errorf("%s, %q: % X\nlacks % X", tt.profile, tt.url, job, tt.want)
		}
	}
	narrow := profile(t, "generic")
	narrow.Dots = 96 // too few for 37 modules of three dots
	if job := narrow.Encode(device.Job{ID: "0001", Slip: device.Slip{Number: "A1", QR: "https://coda.example.it/t/7Q2M9XKD4WHA8R3F"}}); bytes.Contains(job, []byte("(k")) {
		t.Error("a symbol that is wider than the paper is not printed as text")
	}
}

func TestBudget(t *testing.T) {
	for _, name := range escpos.Names() {
		p := profile(t, name)
		for language, slip := range slips() {
			job := device.Job{ID: "0042", Slip: slip}
			if n := len(p.Encode(job)); n > 520 {
				t.Errorf("%s-%s: %d bytes, want at most 520", name, language, n)
			}
			if n := testing.AllocsPerRun(50, func() { p.Encode(job) }); n > 20 {
				t.Errorf("%s-%s: %v allocations, want at most 20", name, language, n)
			}
		}
	}
}

func TestLookupNamesTheKnownOnes(t *testing.T) {
	_, err := escpos.Lookup("epson")
	if err == nil || !strings.Contains(err.Error(), "custom-vkp80iii, epson-tm-t20iii, generic, silent") {
		t.Errorf("got %v", err)
	}
}

func TestProfilesCannotBeChangedForOthers(t *testing.T) {
	p := profile(t, "generic")
	p.Cut[0], p.Pages[0].Number = 0xff, 0xff
	if q := profile(t, "generic"); q.Cut[0] == 0xff || q.Pages[0].Number == 0xff {
		t.Error("a changed profile changed the next one")
	}
}

func TestPatience(t *testing.T) {
	p := escpos.Profile{Speed: 100, Length: 100, CutTime: 500 * time.Millisecond}
	for _, tt := range []struct {
		bytes, baud  int
		paces, bound time.Duration
	}{
		{0, 0, 1500 * time.Millisecond, 5 * time.Second},
		{960, 9600, 2500 * time.Millisecond, 5500 * time.Millisecond},
		{9600, 9600, 11500 * time.Millisecond, 14500 * time.Millisecond},
	} {
		if got := p.Paces(tt.bytes, tt.baud); got != tt.paces {
			t.Errorf("Paces(%d, %d) = %s, want %s", tt.bytes, tt.baud, got, tt.paces)
		}
		if got := p.Patience(tt.bytes, tt.baud); got != tt.bound {
			t.Errorf("Patience(%d, %d) = %s, want %s", tt.bytes, tt.baud, got, tt.bound)
		}
	}
	if got := (escpos.Profile{}).Patience(100, 0); got != 5*time.Second {
		t.Errorf("a profile without figures waits %s", got)
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
