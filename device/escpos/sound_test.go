// SPDX-License-Identifier: EUPL-1.2

package escpos_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/escpos"
)

// check says what is wrong with a job's bytes: every length field matches, nothing is unknown,
// no control byte is in texts, no real-time sequence anywhere, LF before the cut, one cut, and
// the number's line is the last.
func check(t interface{ Errorf(string, ...any) }, name string, job []byte) {
	commands, err := parse(name, job)
	if err != nil {
		t.Errorf("%s: %v in % X", name, err, job)
		return
	}
	cuts, start, size := 0, true, 0
	for _, c := range commands {
		switch {
		case c.isSize:
			size = c.size
		case c.text != "":
			start = false
		case c.lf:
			start = true
		case c.cut:
			cuts++
			if !start {
				t.Errorf("%s: a cut not at the start of a line", name)
			}
		case cuts > 0 && c.qr != "":
			t.Errorf("%s: a symbol after the cut", name)
		}
		if cuts > 0 && c.text != "" {
			t.Errorf("%s: text after the cut", name)
		}
	}
	if cuts != 1 || size != 0 {
		t.Errorf("%s: %d cuts, last size %02X", name, cuts, size)
	}
	for i := range len(job) - 1 {
		if job[i] == 0x10 && (job[i+1] == 0x04 || job[i+1] == 0x05 || job[i+1] == 0x14) {
			t.Errorf("%s: a real-time command at byte %d", name, i)
		}
	}
}

func TestAnySlipMakesASoundJob(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }),
			rapid.StringMatching(`[a-zàèșțăñ ]{0,300}`))
		job := device.Job{ID: text.Draw(t, "id"), Slip: device.Slip{
			Office: text.Draw(t, "office"), Number: text.Draw(t, "number"), Service: text.Draw(t, "service"), Issued: issued,
			Ahead: rapid.Int().Draw(t, "ahead"), AheadText: text.Draw(t, "aheadText"), Advice: text.Draw(t, "advice"),
			QR: text.Draw(t, "qr"), Copy: text.Draw(t, "copy"),
		}}
		for _, name := range escpos.Names() {
			p, _ := escpos.Lookup(name)
			check(t, name, p.Encode(job))
		}
	})
}

func FuzzEncode(f *testing.F) {
	for _, slip := range slips() {
		f.Add(slip.Office, slip.Number, slip.QR, "0001")
	}
	f.Add("\x10\x04\x01", "\x10\x14\x08", "\x10\x05\x02", "\x1b\x1d\x10\x04")
	f.Add("\xff\xfe", "ș", strings.Repeat("%", 251), "")
	f.Fuzz(func(t *testing.T, text, number, url, id string) {
		for _, name := range escpos.Names() {
			p, _ := escpos.Lookup(name)
			check(t, name, p.Encode(device.Job{ID: id, Slip: device.Slip{
				Office: text, Service: text, Number: number, AheadText: text, Advice: url, QR: url, Copy: text,
			}}))
		}
	})
}
