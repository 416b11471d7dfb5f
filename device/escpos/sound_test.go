// SPDX-License-Identifier: EUPL-1.2

package escpos_test

import (
	"bytes"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/escpos"
)

// realTime returns where bytes hold a sequence that a printer obeys out of turn, or -1.
func realTime(data []byte) int {
	for _, rule := range []struct{ begin, next string }{
		{"\x10\x04", "\x01\x02\x03\x04\x07\x08\x12"}, {"\x10\x05", "\x00\x01\x02"}, {"\x10\x14", "\x01\x02\x03\x07\x08"},
	} {
		for i := range len(data) - 2 {
			if string(data[i:i+2]) == rule.begin && strings.IndexByte(rule.next, data[i+2]) >= 0 {
				return i
			}
		}
	}
	return -1
}

// check says what is wrong with a job's bytes: every length field matches, nothing is unknown,
// no command is longer than what Resync makes up for, no control byte is in texts, no real-time sequence anywhere, LF before the cut, one cut, and
// nothing is printed after it.
func check(t interface{ Errorf(string, ...any) }, p escpos.Profile, job []byte) {
	commands, err := parse(p.Name, job)
	if err != nil {
		t.Errorf("%s: %v in % X", p.Name, err, job)
		return
	}
	cuts, start, size := 0, true, 1
	resync := p.Resync()
	spare := len(resync) - len(bytes.TrimLeft(resync, "\x00"))
	for _, c := range commands {
		if c.text == "" && len(c.bytes) > spare {
			t.Errorf("%s: %s has %d bytes, Resync makes up for %d", p.Name, c.meaning, len(c.bytes), spare)
		}
		switch {
		case c.isSize:
			size = c.wide * c.high
		case c.lf:
			start = true
		case c.cut:
			cuts++
			if !start {
				t.Errorf("%s: a cut not at the start of a line", p.Name)
			}
		case c.text != "" || c.image != nil:
			start = false
		}
		if cuts > 0 && (c.text != "" || c.image != nil || c.qr != "" || c.mark) {
			t.Errorf("%s: something is printed after the cut", p.Name)
		}
	}
	if cuts != 1 || size != 1 {
		t.Errorf("%s: %d cuts, last size %d", p.Name, cuts, size)
	}
	if i := realTime(job); i >= 0 {
		t.Errorf("%s: a real-time command at byte %d", p.Name, i)
	}
	if p.Language == escpos.LanguageStar && bytes.Contains(job, []byte{0x1b, 0x06}) {
		t.Errorf("%s: a real-time command of Star", p.Name)
	}
}

func TestAnySlipMakesASoundJob(t *testing.T) {
	all := everyProfile(t)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }),
			rapid.StringMatching(`[a-zàèșțăñ ]{0,300}`), rapid.StringMatching(`[a-zΑ-ωА-яΩ→]{0,60}`))
		part := rapid.Custom(func(t *rapid.T) device.Part {
			return device.Part{
				Kind: rapid.SampledFrom([]device.PartKind{device.PartText, device.PartText, device.PartMark, device.PartQR, device.PartRule, "?"}).Draw(t, "kind"),
				Text: text.Draw(t, "text"),
				Size: rapid.SampledFrom([]device.Size{device.SizeNormal, device.SizeSmall, device.SizeTall, device.SizeLarge, "?"}).Draw(t, "size"),
				Bold: rapid.Bool().Draw(t, "bold"),
			}
		})
		job := device.Job{ID: text.Draw(t, "id"), Slip: device.Slip{
			Parts: rapid.SliceOfN(part, 0, 6).Draw(t, "parts"), Copy: text.Draw(t, "copy"), Number: text.Draw(t, "number"),
		}}
		p := all[rapid.SampledFrom(escpos.Names()).Draw(t, "profile")]
		if rapid.Bool().Draw(t, "poor") {
			p.QR, p.Logo = escpos.QRNone, escpos.LogoNone
		}
		check(t, p, p.Encode(job))
	})
}

// An image of any dots holds no sequence that a printer obeys at once.
func TestAnyMarkIsSound(t *testing.T) {
	all := everyProfile(t)
	rapid.Check(t, func(t *rapid.T) {
		p := all[rapid.SampledFrom([]string{"epson-tm-t20iii", "epson-tm-t88", "custom-vkp80iii", "star-line"}).Draw(t, "profile")]
		wide := rapid.IntRange(1, 200).Draw(t, "wide")
		jobs, err := p.StoreMark(noise{wide, rapid.IntRange(1, 60).Draw(t, "high"), rapid.SliceOfN(rapid.SampledFrom([]byte{
			0x10, 0x04, 0x05, 0x14, 0x01, 0x1b, 0x06, 0x00, 0x18,
		}), 1, 40).Draw(t, "dots")})
		if err != nil {
			t.Fatal(err)
		}
		if i := realTime(jobs[1]); i >= 0 {
			t.Fatalf("%s: a real-time command at byte %d", p.Name, i)
		}
	})
}

func FuzzEncode(f *testing.F) {
	all := everyProfile(f)
	for _, slip := range slips() {
		f.Add(slip.Parts[1].Text, slip.Number, address, "0001")
	}
	f.Add("\x10\x04\x01", "\x10\x14\x08", "\x10\x05\x02", "\x1b\x1d\x10\x04")
	f.Add("\xff\xfe", "ș", strings.Repeat("%", 251), "")
	f.Add("Ω → ✓ ◊", "Ω1", "שלום", "\U0001F600")
	f.Fuzz(func(t *testing.T, text, number, url, id string) {
		for _, p := range all {
			check(t, p, p.Encode(device.Job{ID: id, Slip: device.Slip{Number: number, Copy: text, Parts: []device.Part{
				{Text: text, Bold: true},
				{Text: url, Size: device.SizeLarge},
				{Kind: device.PartMark},
				{Kind: device.PartQR, Text: url},
				{Kind: device.PartRule},
				{Text: text, Size: device.SizeSmall},
			}}}))
		}
	})
}
