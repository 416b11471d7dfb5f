// SPDX-License-Identifier: EUPL-1.2

package search_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/avanti-queue/avanti/internal/search"
)

func entry(id string, texts ...string) search.Entry {
	e := search.Entry{ID: id}
	for i, t := range texts {
		weight := 1.0
		if i > 0 {
			weight = 0.9
		}
		e.Texts = append(e.Texts, search.Text{Text: t, Weight: weight})
	}
	return e
}

func office() []search.Entry {
	return []search.Entry{
		entry("cie-lost", "CIE smarrita o rubata", "ho perso la carta d'identità", "mi hanno rubato il portafoglio"),
		entry("cie-renewal", "Rinnovo CIE", "la carta d'identità è scaduta"),
		entry("residence", "Cambio di indirizzo", "ho cambiato casa", "trasloco"),
		entry("family", "Certificato di stato di famiglia", "stato famiglia"),
		entry("birth", "Denuncia di nascita", "è nato mio figlio"),
		entry("nursery", "Iscrizione al nido", "asilo nido", "Înscriere la creșă"),
		entry("ztl", "Permesso ZTL per residenti", "entrare in centro con la macchina"),
		entry("tari", "TARI: nuova utenza", "tassa rifiuti", "spazzatura"),
		entry("badge", "Contrassegno per persone disabili", "tagliando disabili"),
	}
}

func TestWhatPeopleWrite(t *testing.T) {
	x := search.New(office())
	for question, want := range map[string]string{
		"ho perso la carta":      "cie-lost",
		"HO PERSO LA CARTA!":     "cie-lost",
		"perso carta":            "cie-lost",
		"carta identita scaduta": "cie-renewal",
		"rinovo":                 "cie-renewal", // a letter is missing
		"ceritficato":            "family",      // two are exchanged
		"stato di familia":       "family",
		"spazatura":              "tari",
		"rifiut":                 "tari", // not written to the end
		"contrasegno disabilli":  "badge",
		"ho cambiato casa":       "residence",
		"cresa":                  "nursery",
		"nat":                    "birth",
		"ztl":                    "ztl",
	} {
		if got := x.Find(question, 3); len(got) == 0 || got[0] != want {
			t.Errorf("%q finds %v, want %s first", question, got, want)
		}
	}
	for _, question := range []string{"", "  ", "?!", "xyzzy", "passaporto diplomatico", "zz"} {
		if got := x.Find(question, 3); len(got) > 0 {
			t.Errorf("%q finds %v", question, got)
		}
	}
}

func TestFold(t *testing.T) {
	for text, want := range map[string]string{
		"Città":              "citta",
		"d'identità":         "d identita",
		"Țară, ȘCOALĂ":       "tara scoala",
		"ţară cu sedilă":     "tara cu sedila", // the old letters with a cedilla
		"Año  ñandú":         "ano nandu",
		"Straße ŁÓDŹ Æsop":   "strasse lodz aesop",
		"ﬁrma №1":            "firma no1",
		"\u202ecarta\x00":    "carta",
		"\xff\xfe":           "",
		"İstanbul":           "istanbul",
		"100 % e-mail: a@b.": "100 e mail a b",
	} {
		if got := search.Fold(text); got != want {
			t.Errorf("%q is compared as %q, want %q", text, got, want)
		}
	}
}

// TestNamesAreFound: whoever writes a name, in capitals, without marks, with a slip in a long word
// or only the beginning of one, finds its entry among the first.
func TestNamesAreFound(t *testing.T) {
	all := office()
	x := search.New(all)
	rapid.Check(t, func(rt *rapid.T) {
		e := rapid.SampledFrom(all).Draw(rt, "entry")
		name := rapid.SampledFrom(e.Texts).Draw(rt, "text").Text
		question := name
		if rapid.Bool().Draw(rt, "capitals") {
			question = strings.ToUpper(search.Fold(question))
		}
		list := strings.Fields(search.Fold(question))
		longest := slices.MaxFunc(list, func(a, b string) int { return len(a) - len(b) })
		if rapid.Bool().Draw(rt, "slip") && len(longest) >= 6 {
			i := rapid.IntRange(1, len(longest)-1).Draw(rt, "letter")
			wrong := longest[:i] + rapid.SampledFrom([]string{"", "q", longest[i:i+1] + longest[i:i+1]}).Draw(rt, "instead") + longest[i+1:]
			question = strings.Replace(search.Fold(question), longest, wrong, 1)
		}
		got := x.Find(question, 3)
		if !slices.Contains(got, e.ID) {
			rt.Fatalf("%q finds %v, want %s among them", question, got, e.ID)
		}
		if again := x.Find(search.Fold(question), 3); !slices.Equal(got, again) {
			rt.Fatalf("%q finds %v, folded %v", question, got, again)
		}
	})
}

func TestEmptyIndex(t *testing.T) {
	if got := new(search.Index).Find("carta", 5); got != nil {
		t.Errorf("found %v", got)
	}
	x := search.New([]search.Entry{{}, {ID: "a"}, {ID: "a", Texts: []search.Text{{Text: "carta", Weight: 1}}}})
	if got := x.Find("carta", 5); got != nil {
		t.Errorf("found %v", got)
	}
}

// FuzzFind: whatever is written, the answer is a short list of known entries, each once, and the same
// the next time.
func FuzzFind(f *testing.F) {
	for _, seed := range []string{"ho perso la carta", "ZTL", "", "ăîșț", "\xff", strings.Repeat("certificato ", 40), strings.Repeat("c", 5000)} {
		f.Add(seed, 3)
	}
	x := search.New(office())
	known := map[string]bool{}
	for _, e := range office() {
		known[e.ID] = true
	}
	f.Fuzz(func(t *testing.T, question string, n int) {
		got := x.Find(question, n)
		if len(got) > max(0, n) || len(got) > len(known) {
			t.Fatalf("%d answers, %d wanted", len(got), n)
		}
		seen := map[string]bool{}
		for _, id := range got {
			if !known[id] || seen[id] {
				t.Fatalf("%q finds %v", question, got)
			}
			seen[id] = true
		}
		if again := x.Find(question, n); !slices.Equal(got, again) {
			t.Fatalf("%q finds %v, then %v", question, got, again)
		}
	})
}
