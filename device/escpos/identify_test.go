// SPDX-License-Identifier: EUPL-1.2

package escpos_test

import (
	"strings"
	"testing"

	"github.com/avanti-queue/avanti/device"
)

func TestIdentity(t *testing.T) {
	tests := []struct {
		profile  string
		question int
		answer   string
		want     string
		ok       bool
	}{
		{"epson-tm-t20iii", 3, "_TM-T20III\x00", "TM-T20III", true},
		{"epson-tm-t20iii", 3, "_TM-T20", "TM-T20", false},
		{"epson-tm-t20iii", 0, "\x20", "20h", true},
		{"epson-tm-t20iii", 0, "\x1dI\x01", "", false}, // an echo
		{"epson-tm-t20iii", 0, "ERROR\r\n", "45 52 52 4F 52 0D 0Ah", false},
		{"generic", 3, "_XP-80\x1b@\x00", "XP-80.@", true},
		{"custom-vkp80iii", 0, "\x02\x05", "VKP80III (02 05h)", true},
		{"custom-tg2480", 0, "\xa8", "TG2480 (A8h)", true},
		{"custom-tg2480", 0, "\x07", "number 07h", true},
		{"star-line", 0, "\x1b#*,TSP650II,1.0\n\x00", "TSP650II,1.0", true},
		{"star-line", 0, "\x1b#*\n\x00", "", false}, // an echo
		{"nippon-np2511", 0, "\xff\x02NP-2511D-2\x00", "NP-2511D-2", true},
		{"nippon-np2511", 1, "\xff\x0301.02.03", "01.02.03", true},
		{"nippon-np2511", 1, "\xff\x02x\x00", "", false},
		{"silent", 0, "x", "", false},
		{"generic", 99, "x", "", false},
		{"generic", 0, "", "", false},
	}
	for _, tt := range tests {
		got, ok := profile(t, tt.profile).Identity(tt.question, []byte(tt.answer))
		if ok != tt.ok || ok && got != tt.want {
			t.Errorf("%s, question %d, %q: %q, %t; want %q, %t", tt.profile, tt.question, tt.answer, got, ok, tt.want, tt.ok)
		}
	}
}

func FuzzIdentity(f *testing.F) {
	all := everyProfile(f)
	f.Add([]byte("_TM\x00"), 3)
	f.Add([]byte("\x1b#*,a\n\x00"), 0)
	f.Add([]byte("\xff\x02a\x00"), 0)
	f.Fuzz(func(t *testing.T, answer []byte, question int) {
		for _, p := range all {
			if got, _ := p.Identity(question, answer); len(got) > 80 || strings.ContainsFunc(got, func(r rune) bool { return r < 0x20 || r > 0x7e }) {
				t.Errorf("%s: %q", p.Name, got)
			}
		}
	})
}

func TestTestSlip(t *testing.T) {
	for name, p := range everyProfile(t) {
		slip := p.TestSlip()
		if lost := p.Unprintable(device.Job{Slip: slip}); lost != nil {
			t.Errorf("%s: letters %q got lost", name, string(lost))
		}
		data := p.Encode(device.Job{ID: "0001", Slip: slip})
		check(t, p, data)
		commands := job(t, p, slip)
		whole := strings.Join(paper(commands), "\n") + "\n"
		ruler := strings.Repeat("1234567890", 10)
		for columns, shown := range map[int]bool{p.Columns: true, p.Columns * 4 / 3: p.FontB} {
			if strings.Contains(whole, "\n"+ruler[:columns]+"\n") != shown {
				t.Errorf("%s: a ruler of %d columns: want %t in\n%s", name, columns, shown, whole)
			}
		}
		if !strings.Contains(whole, name) || !strings.Contains(whole, "it: àèéìòù") || !strings.HasSuffix(whole, "\nTEST\n") {
			t.Errorf("%s: it shows\n%s", name, whole)
		}
	}
}
