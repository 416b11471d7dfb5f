// SPDX-License-Identifier: EUPL-1.2

package paper_test

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
	"pgregory.net/rapid"

	"github.com/avanti-queue/avanti/internal/sim/paper"
)

// TestAnyPieces: however a stream is cut into writes, with whatever pauses, the same paper comes out.
func TestAnyPieces(t *testing.T) {
	stream := job(bilingual(), pictograms(), slip("A099"))
	var want []string
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{})
		b.send(stream)
		settle()
		for _, s := range b.out() {
			want = append(want, describe(s))
		}
	})
	if len(want) != 3 {
		t.Fatalf("%d sheets, want 3", len(want))
	}
	rapid.Check(t, func(r *rapid.T) {
		pieces := rapid.SliceOfN(rapid.IntRange(1, 300), 1, 40).Draw(r, "pieces")
		pauses := rapid.SliceOfN(rapid.IntRange(0, 400), len(pieces), len(pieces)).Draw(r, "pauses")
		baud := rapid.SampledFrom([]int{9600, 19200, 115200}).Draw(r, "baud")
		var got []string
		bubble(t, func(t *testing.T) {
			b := newBench(t, paper.Options{Baud: baud})
			rest := stream
			for i, n := range pieces {
				n = min(n, len(rest))
				b.send(rest[:n])
				rest = rest[n:]
				pass(time.Duration(pauses[i]) * time.Millisecond)
			}
			b.send(rest)
			settle()
			for _, s := range b.out() {
				got = append(got, describe(s))
			}
		})
		if diff := cmp.Diff(want, got); diff != "" {
			r.Fatalf("the sheets differ (-want +got):\n%s", diff)
		}
	})
}

// TestPowerAnywhere switches the printer off and on at random moments of three tickets, opens the cover and lets
// the paper end: nothing comes out twice unless the host sent it twice.
func TestPowerAnywhere(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		events := rapid.SliceOfN(rapid.IntRange(0, 5), 0, 12).Draw(r, "events")
		gaps := rapid.SliceOfN(rapid.IntRange(1, 700), len(events), len(events)).Draw(r, "gaps")
		whole := map[string]int{}
		bubble(t, func(t *testing.T) {
			b := newBench(t, paper.Options{Flow: paper.NoFlow})
			go func() {
				for n := range 3 {
					b.host.Write(slip(fmt.Sprintf("A%03d", n)))
				}
			}()
			for i, e := range events {
				pass(time.Duration(gaps[i]) * time.Millisecond)
				switch e {
				case 0:
					b.PowerOff()
				case 1:
					b.PowerOn()
				case 2:
					b.Cover(true)
				case 3:
					b.Cover(false)
				case 4:
					b.PaperOut(i * 40)
				case 5:
					b.LoadPaper()
				}
			}
			b.Cover(false)
			b.LoadPaper()
			b.PowerOn()
			settle()
			for _, s := range b.out() {
				if !s.Torn {
					for _, n := range s.Numbers {
						whole[n]++
					}
				}
			}
		})
		for n, times := range whole {
			if times > 1 {
				r.Fatalf("%s came out %d times", n, times)
			}
		}
	})
}

// TestTerminal is the printer behind a real pseudo-terminal, in real time; the host comes, goes, and comes back.
func TestTerminal(t *testing.T) {
	line, err := paper.OpenTerminal()
	if err != nil {
		t.Fatal(err)
	}
	sheets := make(chan paper.Sheet, 1)
	p := paper.New(paper.Options{Baud: 921600, MMPerSecond: 5000, Out: func(s paper.Sheet) { sheets <- s }})
	var wg sync.WaitGroup
	defer wg.Wait()
	defer p.Unplug()
	wg.Go(func() {
		if err := p.Serve(t.Context(), line); err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	for _, n := range []string{"A017", "A018"} {
		host, err := os.OpenFile(line.Name, os.O_RDWR|unix.O_NOCTTY, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := host.Write(job(slip(n), processID(n))); err != nil {
			t.Fatal(err)
		}
		if s := <-sheets; s.Text != slipText(n) {
			t.Errorf("sheet %q, want %q", s.Text, slipText(n))
		}
		got := make([]byte, 7)
		if _, err := io.ReadFull(host, got); err != nil {
			t.Fatal(err)
		}
		if want := job("37 22", raw(n), "00"); !bytes.Equal(got, want) {
			t.Errorf("the printer said % X, want % X", got, want)
		}
		if err := host.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// FuzzPrinter feeds the printer anything, and lets something go wrong on the way: it neither panics nor hangs nor fills
// the memory.
func FuzzPrinter(f *testing.F) {
	for i, stream := range [][]byte{
		slip("A017"), bilingual(), kiosk(), chinese(), pictograms(), starSlip("A017"), nipponSlip("A017", "0017"), tg2480Slip(),
		job(clearAll, "1B 26 03 20 FF", make([]byte, 300)),
		job("1D 76 30 03 FF FF FF FF 1D 28 6B FF FF 31 50 30"),
		job("1B 33 00", bytes.Repeat(job("1D 76 30 00 01 00 01 00 FF"), 200)),
		job("1D 28 4C 2B 00 30 43 30 41 42 01 10 00 10 00 31", ring(), "1D 28 4C 06 00 30 45 41 42 01 02 1C 71 02 01 00 01 00"),
		job(customLogo(1), "1C 93 00 01 00 00 00 00 1D E0 0F 1C 50 01 00 52 01"),
		job("1B 1D 79 44 31 00 FF FF 1B 6B 02 00 1B 58 FF FF 1B 62 06 02 02 40 1E 1B 2A 72 41 1B 1D 03 01 00 00 17"),
		job("1D 47 31 30 30 30 31 1B 64 FF 1B 64 FF 1D 47 30 30 30 30 31 1D 65 05"),
	} {
		f.Add(stream, byte(i), byte(0))
		f.Add(stream, byte(i+8), byte(i*5))
	}
	f.Fuzz(func(t *testing.T, stream []byte, kind, trouble byte) {
		models := paper.Models()
		bubble(t, func(t *testing.T) { feedAnything(t, models[int(kind)%len(models)], stream, kind, trouble) })
	})
}

func feedAnything(t *testing.T, model paper.Model, stream []byte, kind, trouble byte) {
	host, conn := net.Pipe()
	var length float64
	p := paper.New(paper.Options{
		Model: model, OrderedStatus: kind&8 != 0, Flow: paper.Flow(kind / 16 % 3), Presenter: kind&64 != 0,
		LenientBits: kind&128 != 0, Baud: 921600, MMPerSecond: 10000,
		Out: func(s paper.Sheet) {
			length += s.MM
			if s.MM < 500 {
				s.Image()
			}
		},
	})
	mishaps := []func(){
		func() {}, func() { p.PaperOut(0); p.LoadPaper() }, func() { p.Cover(true); p.Cover(false) },
		func() { p.PowerOff(); p.PowerOn() }, func() { p.HeadHot(true); p.HeadHot(false) }, p.Take,
	}
	points := []paper.Point{paper.Moved(int(trouble)), paper.Received(int(trouble)), paper.Cut(), paper.Answered()}
	p.At(points[trouble%4], mishaps[int(trouble)%len(mishaps)])
	ended := make(chan error, 1)
	go func() { ended <- p.Serve(t.Context(), conn) }()
	go io.Copy(io.Discard, host)
	if _, err := host.Write(stream); err != nil {
		t.Fatalf("write: %v", err)
	}
	host.Close()
	if err := <-ended; err != nil {
		t.Fatalf("Serve: %v", err)
	}
	c := p.Counters()
	if c.Bytes != int64(len(stream)) {
		t.Errorf("%d bytes counted, want %d", c.Bytes, len(stream))
	}
	if length > c.MM()+15*float64(1+c.Torn) { // as much paper hangs out of a printer before it has printed anything
		t.Errorf("%v mm of sheets from %v mm of paper", length, c.MM())
	}
	if len(c.Ignored) > 64 {
		t.Errorf("%d ignored commands are kept", len(c.Ignored))
	}
}

// TestBoundedMemory overprints line after line and never cuts.
func TestBoundedMemory(t *testing.T) {
	line := bytes.Repeat(job(raw("........................................"), "1B 24 00 00"), 6)
	stream := bytes.Repeat(job(line, "0A"), 3000)
	bubble(t, func(t *testing.T) {
		host, conn := net.Pipe()
		p := paper.New(paper.Options{Baud: 1 << 24, MMPerSecond: 1e6})
		ended := make(chan error, 1)
		go func() { ended <- p.Serve(t.Context(), conn) }()
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		if _, err := host.Write(stream); err != nil {
			t.Fatal(err)
		}
		pass(time.Minute)
		runtime.GC()
		runtime.ReadMemStats(&after)
		if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 25<<20 {
			t.Errorf("%d MiB more in use", grown>>20)
		}
		host.Close()
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		if c := p.Counters(); c.Torn != 3 {
			t.Errorf("%d pieces torn off, want 3 from 11.25 m of paper", c.Torn)
		}
	})
}

// TestADayIsCheap prints an office day, 250 slips in nine hours, and looks at the processor time.
func TestADayIsCheap(t *testing.T) {
	before := cpu(t)
	bubble(t, func(t *testing.T) {
		b := newBench(t, paper.Options{})
		for n := range 250 {
			b.send(slip(fmt.Sprintf("A%03d", n)), nativeQR(4, 0x31, "30", "https://avanti.example/t/5Rk2mQ"), processID("0001"))
			pass(130 * time.Second)
		}
		if n := len(b.out()); n != 250 {
			t.Errorf("%d sheets, want 250", n)
		}
	})
	used := cpu(t) - before
	t.Logf("%v of processor time", used)
	if used > 5*time.Second { // the aim is one second; the race detector and a busy machine take their share
		t.Errorf("a day took %v of processor time", used)
	}
}

func cpu(t *testing.T) time.Duration {
	t.Helper()
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
