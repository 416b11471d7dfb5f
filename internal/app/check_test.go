// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/internal/app"
	"github.com/avanti-queue/avanti/internal/config"
)

// office is a configuration whose printers, names and slip are given.
func office(printers, name, slip string) []byte {
	return []byte(`office: {id: check, name: {it: "Ufficio"}, zone: Europe/Rome, languages: [it, ro]}
hours: {mon: ["08:00-12:00"]}
groups: [{id: all, name: {it: Servizi}}]
series: [{id: a}]
services:
  - {id: one, group: all, series: a, name: {it: Uno}}
  - {id: two, group: all, series: a, name: {it: Due, ro: "` + name + `"}}
counters: [{id: c1, label: "1", preferred: ["group:all"]}]
printers: [` + printers + `]
slip: ` + slip + "\n")
}

func TestCheckConfig(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	plain, err := os.ReadFile(filepath.Join("..", "..", "device", "escpos", "profiles", "silent.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	own := write("own.yaml", string(plain))
	faulty := write("faulty.yaml", strings.Replace(string(plain), "dots:", "dotts:", 1))
	narrow := write("narrow.yaml", strings.Replace(string(plain), "dots: 576", "dots: 96", 1))
	silent := "{id: p1, profile: silent, path: /dev/ttyS0}"
	const arabic = "مكتب"
	for name, test := range map[string]struct {
		file []byte
		want []string // line, column, field and what is wrong
	}{
		"all well":        {office(silent, "Două țări", "{advice: {it: Bene, ro: Bine}}"), nil},
		"a file":          {office("{id: p1, profile: "+own+", path: /dev/ttyS0}", "Doi", "{}"), nil},
		"no such profile": {office("{id: p1, profile: gneric, path: /dev/ttyS0}", "Doi", "{}"), []string{`x.yaml:9:30: printers[0].profile: there is no such profile; want one of custom-`}},
		"no such file":    {office("{id: p1, profile: /nowhere/own.yaml, path: /dev/ttyS0}", "Doi", "{}"), []string{"x.yaml:9:30: printers[0].profile: open /nowhere/own.yaml: no such file or directory; want the full path of a profile"}},
		"a faulty file":   {office("{id: p1, profile: "+faulty+", path: /dev/ttyS0}", "Doi", "{}"), []string{"x.yaml:9:30: printers[0].profile: a profile with 2 faults; want them right: " + faulty + ":"}},
		"letters of a service": {office(silent, arabic, "{}"), []string{
			`x.yaml:7:58: services[1].name.ro: "` + arabic + `" has`,
		}},
		"services that no slip names": {office(silent, arabic, "{parts: [issued]}"), nil},
		"letters of the advice": {office(silent, "Doi", "{advice: {it: Bene, ro: "+arabic+"}}"), []string{
			`x.yaml:10:31: slip.advice.ro: "` + arabic + `" has`,
		}},
		"emoji in the advice": {office(silent, "Doi", "{advice: {it: Bene 😀, ro: Bine}}"), []string{
			`x.yaml:10:21: slip.advice.it: "Bene 😀" has "😀", which printer p1 cannot print`,
		}},
		"a long name": {office(silent, strings.Repeat("w", 190), "{parts: [service]}"), nil},
		"a long name in large letters": {office(silent, strings.Repeat("w", 190), "{parts: [{part: service, size: large}]}"), []string{
			`x.yaml:7:58: services[1].name.ro: "` + strings.Repeat("w", 190) + `" is cut off by printer p1; want at most 6 lines of its paper`,
		}},
		"a long advice on narrow paper": {office("{id: p1, profile: "+narrow+", path: /dev/ttyS0}", "Doi", "{parts: [advice], advice: {it: Bene, ro: "+strings.Repeat("w", 90)+"}}"), []string{
			`x.yaml:10:48: slip.advice.ro: "` + strings.Repeat("w", 90) + `" is cut off`,
		}},
		"an address that is too long for the paper": {office("{id: p1, profile: "+narrow+", path: /dev/ttyS0}", "Doi", "{parts: [qr], address: 'https://coda.example.it'}"), []string{
			`x.yaml:10:30: slip.address: "https://coda.example.it" makes a symbol`,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := config.Parse("x.yaml", test.file, app.CheckConfig)
			var got []string
			if faults, ok := errors.AsType[*config.Faults](err); ok {
				for i, f := range faults.List {
					text := f.String()
					if i < len(test.want) && strings.HasPrefix(text, test.want[i]) {
						text = test.want[i]
					}
					got = append(got, text)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}
