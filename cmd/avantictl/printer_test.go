// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/escpos"
	"github.com/avanti-queue/avanti/device/serialport"
	"github.com/avanti-queue/avanti/internal/sim/paper"
)

// desk is a simulated printer and its cable, in a bubble.
type desk struct {
	*paper.Printer
	serving sync.WaitGroup

	mu     sync.Mutex
	sheets []string
}

func newDesk(model paper.Model) *desk {
	d := &desk{}
	d.Printer = paper.New(paper.Options{Model: model, Out: func(s paper.Sheet) {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.sheets = append(d.sheets, s.Text)
	}})
	return d
}

func (d *desk) papers() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return strings.Join(d.sheets, "\f")
}

// dial is the line, of which a printer has one.
func (d *desk) dial(ctx context.Context, _ serialport.Config) (device.Port, error) {
	d.Unplug()
	d.serving.Wait()
	host, far := net.Pipe()
	d.serving.Go(func() { _ = d.Serve(ctx, far) })
	return host, nil
}

// ctl has the tool work at a desk; it returns the exit code and all that is said.
func (d *desk) ctl(t *testing.T, stdin, command string, more ...string) (int, string) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	var said strings.Builder
	out := &together{w: &said}
	args := append([]string{command, "-path", "/dev/hall", "-baud", "19200"}, more...)
	code := printer(ctx, args, console{strings.NewReader(stdin), out, out}, d.dial)
	stop()
	d.serving.Wait()
	return code, said.String()
}

func expect(t *testing.T, code, want int, out string, texts ...string) {
	t.Helper()
	if code != want {
		t.Errorf("exit code %d, want %d; it says\n%s", code, want, out)
	}
	for _, text := range texts {
		if !strings.Contains(out, text) {
			t.Errorf("%q is missing in\n%s", text, out)
		}
	}
}

// bubble runs a case in fake time.
func bubble(t *testing.T, name string, run func(t *testing.T)) {
	t.Helper()
	t.Run(name, func(t *testing.T) { synctest.Test(t, run) })
}

func TestIdentify(t *testing.T) {
	tests := []struct {
		model paper.Model
		want  []string
	}{
		{paper.Epson, []string{"dialect epson", "maker: AVANTI", "profile: epson-tm-t20iii\n"}},
		{paper.Custom, []string{"dialect custom", "model: VKP80III", "profile: custom-vkp80iii\n", "{id: hall, profile: custom-vkp80iii, path: "}},
		{paper.CustomTG2480, []string{"profile: custom-tg2480\n"}},
		{paper.Star, []string{"dialect star", "profile: star-line\n"}},
		{paper.Nippon, []string{"dialect nippon", "profile: nippon-np2511\n"}},
		{paper.Generic, []string{"dialect epson", "profile: generic or xprinter\n"}},
	}
	for _, tt := range tests {
		bubble(t, string(tt.model), func(t *testing.T) {
			d := newDesk(tt.model)
			code, out := d.ctl(t, "", "identify")
			expect(t, code, 0, out, tt.want...)
			if ignored := d.Counters().Ignored; tt.model != paper.Nippon && len(ignored) > 3 {
				t.Logf("the questions that it does not know: %v", ignored)
			}
			if d.papers() != "" {
				t.Errorf("asking has printed %q", d.papers())
			}
		})
	}
}

func TestFitting(t *testing.T) {
	all, err := profiles()
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		dialect escpos.StatusDialect
		model   string
		clears  bool
		want    string
	}{
		{escpos.StatusEpson, "EPSON TM-T20III", true, "epson-tm-t20iii"},
		{escpos.StatusEpson, "EPSON TM-T88IV", true, "epson-tm-t88"},
		{escpos.StatusEpson, "EPSON TM-T70", true, "epson-tm-t20iii"},
		{escpos.StatusEpson, "EPSON TM-L90", false, "epson-tm-t88"},
		{escpos.StatusEpson, "XP-80C", false, "generic xprinter"},
		{escpos.StatusEpson, "", false, "generic xprinter"},
		{escpos.StatusLenient, "", false, "generic xprinter"},
		{escpos.StatusCustom, "TG2480HIII (02 44h)", false, "custom-tg2480"},
		{escpos.StatusCustom, "number 07h", false, "custom-tg2480 custom-vkp80iii"},
		{escpos.StatusStar, "TSP650II", true, "star-line"},
	}
	for _, tt := range tests {
		got := fitting(all, tt.dialect, []fact{{"model", tt.model}}, tt.clears)
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s, %q, clears %t: %s; want %s", tt.dialect, tt.model, tt.clears, got, tt.want)
		}
	}
}

func TestIdentifyFindsNoPrinter(t *testing.T) {
	tests := []struct {
		name  string
		reply func(heard []byte) string
		want  string
	}{
		{"silence", func([]byte) string { return "" }, "no printer was found"},
		{"an echo", func(heard []byte) string { return string(heard) }, "our own bytes come back"},
		{"a modem", func([]byte) string { return "\r\nERROR\r\n" }, `"\r\nERROR\r\n"`},
		{"noise", func([]byte) string { return "\xff\x80\xfe" }, "FF 80 FE"},
		{"babble", func([]byte) string { return strings.Repeat("\x00", 4096) }, "00 00 00 and 240 bytes more"},
	}
	for _, tt := range tests {
		bubble(t, tt.name, func(t *testing.T) {
			stranger := func(context.Context, serialport.Config) (device.Port, error) {
				host, far := net.Pipe()
				words := make(chan string, 64)
				go func() {
					defer close(words)
					buf := make([]byte, 64)
					for {
						n, err := far.Read(buf)
						if err != nil {
							return
						}
						words <- tt.reply(buf[:n])
					}
				}()
				go func() {
					for w := range words {
						_, _ = io.WriteString(far, w) // until the host hangs up
					}
				}()
				return host, nil
			}
			var out strings.Builder
			code := printer(t.Context(), []string{"identify", "-path", "/dev/hall", "-baud", "9600"}, console{nil, &out, &out}, stranger)
			expect(t, code, exitFailed, out.String(), tt.want)
		})
	}
}

func TestScan(t *testing.T) {
	bubble(t, "stops at the first that answers", func(t *testing.T) {
		d := newDesk(paper.Custom)
		code, out := d.ctl(t, "", "identify", "-scan")
		expect(t, code, 0, out, "/dev/hall, 9600 baud, flow control none: a printer", "profile: custom-vkp80iii", "baud: 9600, flow: none}")
	})
	bubble(t, "tries all", func(t *testing.T) {
		d := newDesk(paper.Silent)
		code, out := d.ctl(t, "", "identify", "-scan")
		expect(t, code, exitFailed, out, "4800 baud, flow control xonxoff: nothing comes back", "115200 baud, flow control rtscts: nothing", "no printer was found")
	})
	bubble(t, "goes on behind a held line", func(t *testing.T) {
		held := func(context.Context, serialport.Config) (device.Port, error) {
			host, _ := net.Pipe()
			return host, nil
		}
		var out strings.Builder
		code := printer(t.Context(), []string{"identify", "-scan", "-path", "/dev/hall"}, console{nil, &out, &out}, held)
		expect(t, code, exitFailed, out.String(), "4800 baud, flow control xonxoff: the line takes no bytes", "no printer was found")
	})
}

func TestStatus(t *testing.T) {
	tests := []struct {
		name    string
		model   paper.Model
		profile string
		turn    func(*desk)
		code    int
		want    string
	}{
		{"well", paper.Epson, "epson-tm-t20iii", func(*desk) {}, 0, "a slip would come out now"},
		{"near end", paper.Custom, "custom-vkp80iii", func(d *desk) { d.NearEnd(true) }, 0, "near its end"},
		{"no paper", paper.Epson, "epson-tm-t20iii", func(d *desk) { d.PaperOut(0) }, 1, "out of paper"},
		{"cover", paper.Star, "star-line", func(d *desk) { d.Cover(true) }, 1, "cover is open"},
		{"another printer", paper.Epson, "custom-vkp80iii", func(*desk) {}, 1, "does not answer"},
		{"silent", paper.Silent, "generic", func(*desk) {}, 1, "does not answer"},
		{"silent by profile", paper.Silent, "silent", func(*desk) {}, 0, "nothing ever comes back"},
	}
	for _, tt := range tests {
		bubble(t, tt.name, func(t *testing.T) {
			d := newDesk(tt.model)
			tt.turn(d)
			code, out := d.ctl(t, "", "status", "-profile", tt.profile)
			expect(t, code, tt.code, out, tt.want)
		})
	}
}

func TestStatusShowsTheBytes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(paper.Epson)
		code, out := d.ctl(t, "", "status", "-profile", "epson-tm-t20iii", "-raw")
		expect(t, code, 0, out, "> 10 04 01\n~ ", "< 16\n", "> 10 14 08 01 03 14 01 06 02 08\n", "a slip would come out now")
	})
}

func TestPage(t *testing.T) {
	for profile, model := range map[string]paper.Model{
		"epson-tm-t20iii": paper.Epson, "custom-vkp80iii": paper.Custom, "star-line": paper.Star,
		"nippon-np2511": paper.Nippon, "generic": paper.Generic, "silent": paper.Silent,
	} {
		bubble(t, profile, func(t *testing.T) {
			d := newDesk(model)
			code, out := d.ctl(t, "", "test", "-profile", profile)
			want := "printed in "
			if profile == "silent" {
				want = "sent in "
			}
			expect(t, code, 0, out, want)
			if page := d.papers(); !strings.Contains(page, "TEST") || !strings.Contains(page, profile) {
				t.Errorf("the page shows %q", page)
			}
		})
	}
}

func TestPageThatDoesNotComeOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(paper.Epson)
		d.PaperOut(0)
		code, out := d.ctl(t, "", "test", "-profile", "epson-tm-t20iii")
		expect(t, code, exitFailed, out, "nothing was printed", "out of paper")
		d.LoadPaper()
		d.PaperOut(200)
		code, out = d.ctl(t, "", "test", "-profile", "epson-tm-t20iii")
		expect(t, code, exitFailed, out, "may have come out or not", "out of paper")
	})
}
