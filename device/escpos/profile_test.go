// SPDX-License-Identifier: EUPL-1.2

package escpos_test

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/escpos"
)

func TestShippedProfiles(t *testing.T) {
	want := []string{
		"custom-tg2480", "custom-vkp80iii", "epson-tm-t20iii", "epson-tm-t88", "generic", "nippon-np2511", "silent", "star-line", "xprinter",
	}
	if diff := cmp.Diff(want, escpos.Names()); diff != "" {
		t.Error(diff)
	}
	for name, p := range everyProfile(t) {
		if p.Name != name {
			t.Errorf("the file of %s names %q", name, p.Name)
		}
	}
}

func TestProfileIsReadWhole(t *testing.T) {
	got := profile(t, "epson-tm-t20iii")
	want := escpos.Profile{
		Name: "epson-tm-t20iii", Language: escpos.LanguageEscpos, Dots: 576, DotsPerMM: 8, Columns: 48,
		Pages: []escpos.Page{
			{Number: 19, Table: charmap.CodePage858},
			{Number: 18, Table: charmap.CodePage852},
			{Number: 16, Table: charmap.Windows1252},
			{Number: 45, Table: charmap.Windows1250},
			{Number: 46, Table: charmap.Windows1251},
			{Number: 47, Table: charmap.Windows1253},
			{Number: 48, Table: charmap.Windows1254},
			{Number: 51, Table: charmap.Windows1257},
		},
		FontB: true, DoubleByte: true, Glyphs: true,
		QR: escpos.QREpson, Module: 6, Image: escpos.ImageRaster, Logo: escpos.LogoGraphics,
		Cut:     []byte{0x1d, 'V', 'B', 0},
		Confirm: device.LevelConfirmed, Confirmation: escpos.ConfirmationProcess, Ordered: []byte{0x1d, 'r', 1},
		Status: escpos.StatusEpson, Auto: []byte{0x1d, 'a', 14}, RealTime: true,
		Clear:   []byte{0x10, 0x14, 8, 1, 3, 0x14, 1, 6, 2, 8},
		Recover: []byte{0x10, 5, 2},
		Buffer:  4096, Slack: 128, Baud: 38400, Flow: "rtscts",
		Speed: 200, Length: 120, CutTime: 500 * time.Millisecond,
	}
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b *charmap.Charmap) bool { return a == b })); diff != "" {
		t.Error(diff)
	}
}

func TestLookupNamesTheKnownOnes(t *testing.T) {
	for _, name := range []string{"epson", "", "../profiles/generic", "generic.yaml", "a/b"} {
		_, err := escpos.Lookup(name)
		if err == nil || !strings.Contains(err.Error(), "custom-tg2480, custom-vkp80iii, epson-tm-t20iii") {
			t.Errorf("%q: got %v", name, err)
		}
	}
}

func TestProfilesCannotBeChangedForOthers(t *testing.T) {
	p := profile(t, "generic")
	p.Cut[0], p.Pages[0].Number = 0xff, 0xff
	if q := profile(t, "generic"); q.Cut[0] == 0xff || q.Pages[0].Number == 0xff {
		t.Error("a changed profile changed the next one")
	}
}

// file returns a shipped profile's file with replacements.
func file(t testing.TB, name string, pairs ...string) []byte {
	t.Helper()
	data, err := os.ReadFile("profiles/" + name + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(string(data), pairs[i]) {
			t.Fatalf("%s has no %q", name, pairs[i])
		}
	}
	return []byte(strings.NewReplacer(pairs...).Replace(string(data)))
}

func TestParseNamesEveryFault(t *testing.T) {
	tests := []struct {
		name string
		data []byte
		want []string // one a fault, in order
	}{
		{"empty", nil, []string{
			"p:1:1: name: missing", "p:1:1: language: missing", "p:1:1: paper: missing", "p:1:1: text: missing", "p:1:1: cut: missing", "p:1:1: confirm: missing", "p:1:1: line.flow: missing",
		}},
		{"not a section", []byte("- a\n"), []string{`p:1:1: a list; want a section`}},
		{"syntax", []byte("name: [a\n"), []string{"p:1:7: YAML syntax: "}},
		{"not text", []byte("\xff"), []string{"p:1:1: the file is not UTF-8; want UTF-8 text of at most 16384 bytes"}},
		{"too long", []byte(strings.Repeat("#", 20_000)), []string{"the file is too long"}},
		{"too deep", []byte("name: " + strings.Repeat("[", 30)), []string{"too many levels; want at most 16"}},
		{"two documents", append(file(t, "generic"), "\n---\nname: b\n"...), []string{"a second document; want one profile in a file"}},
		{"unknown key", file(t, "generic", "speed: 75", "sped: 75"), []string{
			"p:11:3: paper.sped: unknown key; want one of dots, dots_per_mm, columns, speed, length, shortest",
			"p:9:3: paper.speed: missing",
		}},
		{"twice", file(t, "generic", "module: 6", "module: 6\n  module: 5"), []string{"p:22:3: symbols.module: stands twice; want it once, as on line 21"}},
		{"wrong types", file(t, "generic", "dots: 576", "dots: wide", "double_byte: true", "double_byte: yes please", "name: generic", "name: [a]"), []string{
			"p:6:7: name: a list; want a name", `p:9:9: paper.dots: "wide"; want a whole number from 96 to 1280`, `p:18:16: text.double_byte: "yes please"; want true or false`,
		}},
		{"out of range", file(t, "generic", "dots: 576", "dots: 50", "module: 6", "module: 2", "number: 18", "number: 256", "speed: 75", "speed: 0x1000"), []string{
			`paper.dots: "50"; want a whole number from 96 to 1280`, `paper.speed: "0x1000"`, `text.pages[1].number: "256"; want a whole number from 0 to 255`, `symbols.module: "2"; want a whole number from 3 to 8`,
		}},
		{"hostile name", file(t, "generic", "name: generic", `name: "a\x1b@b"`), []string{`name: "a\x1b@b"; want small letters`}},
		{"bad hex", file(t, "generic", "1D 56 42 00", "1D 5 42 00", "10 05 02", "10 05 0G"), []string{
			`cut.command: "1D 5 42 00"; want bytes as pairs of hex digits`, `status.recover: "10 05 0G"; want bytes as pairs`,
		}},
		{"too many bytes", file(t, "generic", "1D 56 42 00", strings.Repeat("1D 56 42 00 ", 9)+"00"), []string{"cut.command: "}},
		{"real-time bytes in the cut", file(t, "generic", "1D 56 42 00", "1D 56 42 00 10 04 01"), []string{"cut.command: a real-time command (DLE EOT, DLE ENQ, DLE DC4); want one that waits its turn"}},
		{"a cut that does not cut", file(t, "generic", "1D 56 42 00", "1B 64 05"), []string{"cut.command: no command that cuts; want GS V (1D 56)"}},
		{"no pages", file(t, "generic", "- {number: 19, table: cp858}", "", "- {number: 18, table: cp852}", "", "- {number: 16, table: windows-1252}", "[]"), []string{"text.pages: 0 pages; want 1 to 32"}},
		{"unknown table", file(t, "generic", "cp858", "cp999"), []string{`text.pages[0].table: "cp999"; want one of cp437, cp850`}},
		{"pages twice", file(t, "generic", "number: 18", "number: 19", "cp858", "windows-1252"), []string{
			`text.pages[1].number: page "19" stands twice`, `text.pages[2].table: table "windows-1252" stands twice`,
		}},
		{"level A without a method", file(t, "silent", `level: "0"`, "level: A"), []string{"confirm.by: missing does not reach level A; want process-id, etb or job-id for A"}},
		{"level without its dialect", file(t, "generic", "level: B", "level: A", "by: ordered", "by: process-id"), []string{`confirm.by: "process-id"; want with it the status dialect epson`}},
		{"ordered without a question", file(t, "generic", "  ordered: 1D 72 01\n", ""), []string{"confirm.ordered: missing; want the question"}},
		{"the silent are asked", file(t, "silent", `level: "0"`, "level: \"0\"\n  ordered: 1D 72 01\nstatus:\n  auto: 1D 61 0E"), []string{
			"confirm.ordered: \"1D 72 01\"; want nothing: a printer without a status dialect says nothing", "status.auto: \"1D 61 0E\"; want nothing",
		}},
		{"words of the other language", file(t, "star-line", "qr: star", "qr: epson", "image: star", "image: raster"), []string{
			`symbols.qr: "epson"; want none, or one that belongs to the language star`, `symbols.image: "raster"; want none, or`,
		}},
		{"Star's counter without its status", file(t, "star-line", "  auto: 1B 1E 61 01 ", "  # "), []string{`confirm.by: "etb"; want with it status.auto`}},
		{"slack without a buffer", file(t, "generic", "buffer: 4096", "buffer: 64"), []string{`line.slack: "128"; want less than the buffer`}},
		{"a speed that no line has", file(t, "generic", "baud: 9600", "baud: 9601", "flow: rtscts", "flow: dtr"), []string{`line.baud: "9601"`, `line.flow: "dtr"; want one of none, rtscts, xonxoff`}},
		{"tags and anchors", file(t, "generic", "name: generic", "name: &a generic", "module: 6", "module: !!int 6"), []string{`name: "&"`, `symbols.module: "!!int"`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := escpos.Parse("p", tt.data)
			var faults *escpos.FileFaults
			if !errors.As(err, &faults) {
				t.Fatalf("got %v", err)
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("lacks %q in\n%v", want, err)
				}
			}
			if len(faults.List) != len(tt.want) {
				t.Errorf("%d faults, want %d:\n%v", len(faults.List), len(tt.want), err)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	for _, name := range escpos.Names() {
		f.Add(file(f, name))
	}
	f.Add([]byte("name: &a [*a]\ncut: {<<: *a}\n? [x]: y\ntext: {pages: [{number: 1e9, table: !!binary aaaa}]}\n"))
	f.Add([]byte("paper: {dots: 9999999999999999999, columns: -1}\nstatus: |\n  x\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := escpos.Parse("p", data)
		if err != nil {
			for line := range strings.Lines(err.Error()) {
				if strings.ContainsAny(strings.TrimSuffix(line, "\n"), "\x1b\x00\r") {
					t.Errorf("a fault with control characters: %q", line)
				}
			}
			return
		}
		slip := slips()["ro"]
		slip.Copy = "DUPLICATO"
		out := p.Encode(device.Job{ID: "0001", Slip: slip})
		if len(p.Pages) == 0 || p.Columns < 8 || len(p.Cut) == 0 || len(out) == 0 {
			t.Errorf("a profile that cannot print: %+v", p)
		}
	})
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
