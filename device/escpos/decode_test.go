// SPDX-License-Identifier: EUPL-1.2

package escpos_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/escpos"
)

func feed(d *escpos.Decoder, data string) []escpos.Reply {
	var replies []escpos.Reply
	for i := range len(data) {
		if r, ok := d.Feed(data[i]); ok {
			replies = append(replies, r)
		}
	}
	return replies
}

func TestDecoder(t *testing.T) {
	type replies = []escpos.Reply
	const epson, custom, generic, silent = "epson-tm-t20iii", "custom-vkp80iii", "generic", "silent"
	const star, nippon = "star-line", "nippon-np2511"
	tests := []struct {
		name, profile, data string
		want                replies
	}{
		{"real-time answers", epson, "\x12\x16\x1e\x7e", replies{escpos.RealTime(0x12), escpos.RealTime(0x16), escpos.RealTime(0x1e), escpos.RealTime(0x7e)}},
		{"unasked status", epson, "\x14\x00\x00\x0f", replies{escpos.Auto{0x14, 0, 0, 0x0f}}},
		{"unasked status, then a paper byte", epson, "\x10\x00\x00\x00\x0c", replies{escpos.Auto{0x10}, escpos.Ordered(0x0c)}},
		{"XOFF inside the unasked status", epson, "\x38\x00\x13\x0c\x11\x0f", replies{escpos.Flow(true), escpos.Flow(false), escpos.Auto{0x38, 0, 0x0c, 0x0f}}},
		{"real-time answer inside the unasked status", epson, "\x10\x00\x12\x0c\x0f", replies{escpos.RealTime(0x12), escpos.Auto{0x10, 0, 0x0c, 0x0f}}},
		{"an unasked status that begins again", epson, "\x10\x00\x18\x00\x00\x00", replies{escpos.Auto{0x18}}},
		{"ordered answer", epson, "\x00\x0f", replies{escpos.Ordered(0), escpos.Ordered(0x0f)}},
		{"process id", epson, "\x37\x220042\x00", replies{escpos.Process("0042")}},
		{"process id that looks like status bytes", epson, "\x37\x222<7_\x00\x12", replies{escpos.Process("2<7_"), escpos.RealTime(0x12)}},
		{"XOFF inside a process id", epson, "\x37\x2200\x13\x1142\x00", replies{escpos.Flow(true), escpos.Flow(false), escpos.Process("0042")}},
		{"cleared", epson, "\x37\x25\x00", replies{escpos.Cleared{}}},
		{"off-line answer", epson, "\x37\x23\x40\x00", replies{escpos.Block{Header: 0x37, Data: "#@"}}},
		{"printer name", epson, "_TM-T20III\x00", replies{escpos.Block{Header: '_', Data: "TM-T20III"}}},
		{"an interrupted block does not eat the next answer", epson, "\x37\x2200\x12\x37\x25\x00", replies{escpos.RealTime(0x12), escpos.Cleared{}}},
		{"a process id of the wrong length is none", epson, "\x37\x22001\x00", replies{escpos.Block{Header: 0x37, Data: "\"001"}}},
		{"noise", epson, "\xff\x92\x12", replies{escpos.Noise(0xff), escpos.Noise(0x92), escpos.RealTime(0x12)}},

		{"full status", custom, "\x10\x0f\x24\x08\x00\x00", replies{escpos.Full{0x24, 0x08}}},
		{"full status with the values of flow control", custom, "\x10\x0f\x11\x13\x10\x0f", replies{escpos.Full{0x11, 0x13, 0x10, 0x0f}}},
		{"paper byte", custom, "\x0f\x00", replies{escpos.Ordered(0x0f), escpos.Ordered(0)}},
		{"half a header", custom, "\x10\x00\x00", replies{escpos.Noise(0), escpos.Ordered(0)}},
		{"a header after half a header", custom, "\x10\x10\x0f\x01\x02\x03\x04", replies{escpos.Noise(0x10), escpos.Full{1, 2, 3, 4}}},
		{"flow control of Custom", custom, "\x13\x11\x90", replies{escpos.Flow(true), escpos.Flow(false), escpos.Noise(0x90)}},

		{"counters", custom, "2376 cuts251550cm512ret7on\x00", replies{
			escpos.Counter{Value: 2376, Unit: "cuts"},
			escpos.Counter{Value: 251550, Unit: "cm"},
			escpos.Counter{Value: 512, Unit: "ret"},
			escpos.Counter{Value: 7, Unit: "on"},
			escpos.Ordered(0),
		}},
		{"a counter that is cut off", custom, "237\x10\x0f\x00\x00\x00\x00", replies{escpos.Full{}}},
		{"a counter without an end", custom, "111111111111111111 cuts", replies{escpos.Counter{Value: 11, Unit: "cuts"}}},
		{"a text that is no counter", custom, "1 cats and dogs and\x00", replies{
			escpos.Ordered('a'), escpos.Ordered('n'), escpos.Ordered('d'), escpos.Ordered(0),
		}},
		{"an unasked status with other bytes", custom, "\x10\x03\x01", replies{escpos.Noise(3), escpos.Ordered(1)}},
		{"counter of Epson", epson, "_2376\x00", replies{escpos.Block{Header: '_', Data: "2376"}}},

		{"status of seven bytes", star, "\x0f\x06\x28\x00\x00\x0c\x00", replies{
			escpos.Star{Length: 7, Bytes: [9]byte{0x0f, 0x06, 0x28, 0, 0, 0x0c}},
		}},
		{"status of nine bytes, XOFF inside", star, "\x23\x06\x02\x13\x00\x11\x00\x00\x00\x42\x06", replies{
			escpos.Flow(true), escpos.Flow(false), escpos.Star{Length: 9, Bytes: [9]byte{0x23, 0x06, 0x02, 0, 0, 0, 0, 0x42, 0x06}},
		}},
		{"status of fifteen bytes", star, "\x2f\x06\x00\x00\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00", replies{
			escpos.Star{Length: 15, Bytes: [9]byte{0x2f, 0x06, 0, 0, 0, 0, 0, 0x02}},
		}},
		{"a status that begins again", star, "\x0f\x06\x0f\x06\x00\x00\x00\x00\x00", replies{
			escpos.Star{Length: 7, Bytes: [9]byte{0x0f, 0x06}},
		}},
		{"a header that is too short", star, "\x03\x00\x01", replies{escpos.Noise(3), escpos.Noise(0), escpos.Noise(1)}},
		{"the end of printing", star, "\x1b\x1d\x03\x01\x11\x0f\x1b\x00\x0f\x06\x00\x00\x00\x00\x00", replies{
			escpos.PrintEnd{N1: 0x11, N2: 0x0f, Counter: 0x1b}, escpos.Star{Length: 7, Bytes: [9]byte{0x0f, 0x06}},
		}},
		{"an end of printing that is an echo", star, "\x1b\x1d\x03\x01\x00\x00\x1b\x06\x01", replies{escpos.Noise(0x06), escpos.Noise(0x01)}},

		{"status bytes", nippon, "\x00\x11\x13\x80", replies{escpos.Nippon(0), escpos.Nippon(0x11), escpos.Nippon(0x13), escpos.Nippon(0x80)}},
		{"end of a job", nippon, "\xff\x130042\x00\xff\x13\x00\x01", replies{escpos.Done{ID: "0042"}, escpos.Nippon(1)}},
		{"a header that nothing follows", nippon, "\xff\x00\x02", replies{escpos.Noise(0), escpos.Nippon(2)}},
		{"a header after a header", nippon, "\xff\xff\x13ab\xff\x13\x04\x00\x00\x00", replies{escpos.Noise(0xff), escpos.Done{ID: "ab\xff\x13", Result: 4}}},

		{"lenient takes every byte", generic, "\x6c\x00\x37\x13", replies{escpos.Single(0x6c), escpos.Single(0), escpos.Single(0x37), escpos.Flow(true)}},
		{"nothing is expected of the silent", silent, "\x12", replies{escpos.Noise(0x12)}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, feed(profile(t, tt.profile).Decoder(), tt.data)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestStatus(t *testing.T) {
	const end, near, cover, cutter, hot, jam, hardware, offline = device.FaultPaperEnd, device.FaultPaperNearEnd,
		device.FaultCoverOpen, device.FaultCutter, device.FaultHeadHot, device.FaultJam, device.FaultHardware, device.FaultOffline
	type codes = []device.FaultCode
	tests := []struct {
		name, profile string
		answers       string // to all questions, one after the other
		want          codes
	}{
		{"well", "epson-tm-t20iii", "\x12\x12\x12\x12", nil},
		{"drawer pin is no fault", "epson-tm-t20iii", "\x16\x12\x12\x12", nil},
		{"near end", "epson-tm-t20iii", "\x12\x12\x12\x1e", codes{near}},
		{"paper end hides near end and off line", "epson-tm-t20iii", "\x1a\x32\x12\x7e", codes{end}},
		{"cover", "epson-tm-t20iii", "\x1a\x16\x12\x12", codes{cover}},
		{"cover while printing is no hot head", "epson-tm-t20iii", "\x1a\x56\x52\x12", codes{cover}},
		{"cutter", "epson-tm-t20iii", "\x3a\x52\x1a\x12", codes{cutter}},
		{"hot head and near end", "epson-tm-t20iii", "\x1a\x52\x52\x1e", codes{hot, near}},
		{"broken", "epson-tm-t20iii", "\x1a\x52\x32\x12", codes{hardware}},
		{"off line for no named reason", "epson-tm-t20iii", "\x1a\x12\x12\x12", codes{offline}},
		{"lenient, fixed bits at 0 or 1", "generic", "\x00\xc1\x81\x6c", codes{end}},
		{"lenient, well", "generic", "\x00\x00\x00\x00", nil},
		{"custom, well", "custom-vkp80iii", "\x10\x0f\x00\x00\x00\x00", nil},
		{"custom, slip in the presenter, motor on", "custom-vkp80iii", "\x10\x0f\x20\x08\x00\x00", nil},
		{"custom, paper", "custom-vkp80iii", "\x10\x0f\x05\x00\x00\x00", codes{end}},
		{"custom, virtual end", "custom-vkp80iii", "\x10\x0f\x40\x00\x00\x00", codes{near}},
		{"custom, all open and jammed", "custom-vkp80iii", "\x10\x0f\x00\x03\x41\x03", codes{cover, jam, cutter}},
		{"custom, line and supply", "custom-vkp80iii", "\x10\x0f\x00\x00\x0a\x00", codes{hardware, hardware}},
		{"custom, not understood and mark", "custom-vkp80iii", "\x10\x0f\x00\x00\xa0\x00", nil},
		{"custom, memory", "custom-vkp80iii", "\x10\x0f\x00\x00\x00\x0c", codes{hardware}},
		{"star, well", "star-line", "\x0f\x06\x00\x00\x00\x00\x00", nil},
		{"star, compulsion switch and end of printing", "star-line", "\x0f\x06\x06\x00\x00\x00\x00", nil},
		{"star, cover", "star-line", "\x0f\x06\x28\x00\x00\x00\x00", codes{cover}},
		{"star, switched off line", "star-line", "\x0f\x06\x48\x00\x00\x00\x00", codes{offline}},
		{"star, paper", "star-line", "\x0f\x06\x08\x00\x00\x0c\x00", codes{end}},
		{"star, either near end", "star-line", "\x21\x06\x00\x00\x00\x02\x00\x00", codes{near}},
		{"star, hot, cutter, mechanics", "star-line", "\x0f\x06\x08\x4c\x00\x00\x00", codes{jam, cutter, hot}},
		{"star, broken", "star-line", "\x0f\x06\x08\x20\x00\x00\x00", codes{hardware}},
		{"star, jam in the presenter", "star-line", "\x23\x06\x08\x00\x04\x00\x00\x00\x00", codes{jam}},
		{"star, overflow", "star-line", "\x0f\x06\x00\x00\x40\x00\x00", codes{hardware}},
		{"star, slip in the presenter", "star-line", "\x23\x06\x00\x00\x00\x00\x02\x00\x06", nil},
		{"nippon, well", "nippon-np2511", "\x00", nil},
		{"nippon, printing", "nippon-np2511", "\x80", nil},
		{"nippon, near end", "nippon-np2511", "\x01", codes{near}},
		{"nippon, head up and paper end", "nippon-np2511", "\x07", codes{cover, end}},
		{"nippon, jams and cutter", "nippon-np2511", "\x58", codes{jam, cutter}},
		{"nippon, another error", "nippon-np2511", "\x20", codes{offline}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := profile(t, tt.profile)
			var s escpos.Status
			replies := feed(p.Decoder(), tt.answers)
			if len(replies) != len(p.Questions()) {
				t.Fatalf("%d answers to %d questions", len(replies), len(p.Questions()))
			}
			for i, r := range replies {
				part, ok := p.Answer(i, r)
				if !ok {
					t.Fatalf("%#v is no answer to question %d", r, i)
				}
				s |= part
			}
			var got codes
			for _, f := range s.Faults() {
				got = append(got, f.Code)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
			stops := s.Stopping()
			if wantStop := len(tt.want) > 0 && tt.want[0] != near; (stops != nil) != wantStop {
				t.Errorf("Stopping() = %v", stops)
			}
		})
	}
}

func TestUnaskedStatus(t *testing.T) {
	tests := []struct {
		auto escpos.Auto
		want escpos.Status
	}{
		{escpos.Auto{0x10, 0, 0, 0x0f}, 0},
		{escpos.Auto{0x38}, escpos.Offline | escpos.CoverOpen},
		{escpos.Auto{0x18, 0x68}, escpos.Offline | escpos.CutterError | escpos.BrokenPart | escpos.HeadHot},
		{escpos.Auto{0x10, 0, 0x03}, escpos.NearEnd},
		{escpos.Auto{0x18, 0, 0x0f}, escpos.Offline | escpos.PaperEnd | escpos.NearEnd},
	}
	for _, tt := range tests {
		if got := tt.auto.Status(); got != tt.want {
			t.Errorf("% X: %016b, want %016b", tt.auto, got, tt.want)
		}
	}
}

func TestCountersAndEnds(t *testing.T) {
	epson, custom, star := profile(t, "epson-tm-t20iii"), profile(t, "custom-vkp80iii"), profile(t, "star-line")
	if n, ok := custom.AnswerCuts(escpos.Counter{Value: 2376, Unit: "cuts"}); !ok || n != 2376 {
		t.Errorf("cuts of Custom: %d, %t", n, ok)
	}
	if _, ok := custom.AnswerCuts(escpos.Counter{Value: 2376, Unit: "cm"}); ok {
		t.Error("a length is taken for cuts")
	}
	if n, ok := custom.AnswerMeter(escpos.Counter{Value: 251550, Unit: "cm"}); !ok || n != 251550 {
		t.Errorf("centimetres of Custom: %d, %t", n, ok)
	}
	if n, ok := epson.AnswerCuts(escpos.Block{Header: '_', Data: "120"}); !ok || n != 120 {
		t.Errorf("cuts of Epson: %d, %t", n, ok)
	}
	for _, b := range []escpos.Block{{Header: '_', Data: "TM-T20III"}, {Header: '_'}, {Header: '7', Data: "120"}, {Header: '_', Data: "-1"}} {
		if n, ok := epson.AnswerCuts(b); ok {
			t.Errorf("%+v is taken for %d cuts", b, n)
		}
	}
	for b, want := range map[byte]int{0x00: 0, 0x02: 1, 0x04: 2, 0x08: 4, 0x20: 8, 0x40: 16, 0x6e: 31} {
		r := escpos.Star{Length: 8, Bytes: [9]byte{7: b}}
		if n, counts := r.Ended(); n != want || !counts {
			t.Errorf("counter byte %02X: %d, %t; want %d", b, n, counts, want)
		}
	}
	if n, counts := (escpos.Star{Length: 7, Bytes: [9]byte{2: 0x02}}).Ended(); n != 1 || counts {
		t.Errorf("without a counter: %d, %t", n, counts)
	}
	if s, ok := star.Unasked(escpos.Star{Length: 9, Bytes: [9]byte{2: 0x28, 8: 0x06}}); !ok || s != escpos.CoverOpen|escpos.Offline|escpos.Presented {
		t.Errorf("unasked status of Star: %b, %t", s, ok)
	}
	if s := (escpos.Done{Result: 0x84}).Status(); s != escpos.PaperEnd {
		t.Errorf("a job that ended for want of paper: %b", s)
	}
}

func TestAnswersBelongToTheirDialect(t *testing.T) {
	epson, custom, generic := profile(t, "epson-tm-t20iii"), profile(t, "custom-vkp80iii"), profile(t, "generic")
	if _, ok := epson.Answer(0, escpos.Ordered(0)); ok {
		t.Error("a paper byte answers DLE EOT")
	}
	if _, ok := custom.Answer(0, escpos.RealTime(0x12)); ok {
		t.Error("a byte answers the full status")
	}
	if s, ok := epson.AnswerOrdered(escpos.Ordered(0x0f)); !ok || s != escpos.PaperEnd|escpos.NearEnd {
		t.Errorf("GS r 0F: %b, %t", s, ok)
	}
	if s, ok := generic.AnswerOrdered(escpos.Single(0x03)); !ok || s != escpos.NearEnd {
		t.Errorf("lenient GS r 03: %b, %t", s, ok)
	}
	if _, ok := epson.AnswerOrdered(escpos.RealTime(0x12)); ok {
		t.Error("a real-time byte answers GS r")
	}
	if profile(t, "silent").Questions() != nil {
		t.Error("the silent are asked")
	}
}

// Whatever came before, a decoder understands a status again after at most a block's length.
func FuzzDecoder(f *testing.F) {
	f.Add("\x37\x220042\x00\x12\x14\x00\x00\x0f")
	f.Add("\x10\x0f\x00\x00\x00\x00\x10")
	f.Add("\x5f\x5f\x37\x13\x11\x00\xff")
	f.Add("\x2f\x06\x00\x1b\x1d\x03\x01\x00")
	f.Add("\xff\x13\xff\x130042")
	f.Add("2376 cut")
	type proof struct {
		profile escpos.Profile
		data    string
		want    escpos.Reply
	}
	var proofs []proof
	for name, p := range map[string]proof{
		"epson-tm-t20iii": {data: "\x12\x37\x25\x00", want: escpos.Cleared{}},
		"custom-vkp80iii": {data: "\x00\x00\x00\x00\x00\x10\x0f\x01\x02\x03\x04", want: escpos.Full{1, 2, 3, 4}},
		"generic":         {data: "\x12", want: escpos.Single(0x12)},
		"silent":          {data: "\x12", want: escpos.Noise(0x12)},
		"star-line":       {data: "\x00\x00\x00\x00\x00\x0f\x06\x00\x00\x00\x00\x00", want: escpos.Star{Length: 7, Bytes: [9]byte{0x0f, 0x06}}},
		"nippon-np2511":   {data: "\x00\x00\x00\x00\x00\x00\x00\x00\x00\xff\x130042\x00\x00\x00\x00", want: escpos.Done{ID: "0042"}},
	} {
		var err error
		if p.profile, err = escpos.Lookup(name); err != nil {
			f.Fatal(err)
		}
		proofs = append(proofs, p)
	}
	f.Fuzz(func(t *testing.T, data string) {
		for _, proof := range proofs {
			d := proof.profile.Decoder()
			feed(d, data)
			replies := feed(d, proof.data)
			if n := len(replies); n == 0 || replies[n-1] != proof.want {
				t.Fatalf("%s: after % X, % X gives %#v", proof.profile.Name, data, proof.data, replies)
			}
		}
	})
}
