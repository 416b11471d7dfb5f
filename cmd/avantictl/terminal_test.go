// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"

	"github.com/avanti-queue/avanti/internal/sim/paper"
)

// terminal is a simulated printer at the far end of a pseudo-terminal.
type terminal struct {
	path string
}

func newTerminal(t *testing.T, model paper.Model) terminal {
	t.Helper()
	master, near, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	// A descriptor of our own in the poller's care: closing it wakes its reader.
	fd, err := unix.Dup(int(master.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.SetNonblock(fd, true); err != nil {
		t.Fatal(err)
	}
	master.Close()
	sim := paper.New(paper.Options{Model: model, Baud: 115200, MMPerSecond: 3000, TakeAfter: 50 * time.Millisecond})
	ctx, stop := context.WithCancel(context.Background())
	var serving sync.WaitGroup
	serving.Go(func() { _ = sim.Serve(ctx, os.NewFile(uintptr(fd), "far")) })
	t.Cleanup(func() {
		stop()
		serving.Wait()
		near.Close() // open until now, so that the line stays up between two programs
	})
	return terminal{near.Name()}
}

// ctl runs the tool and returns its exit code and all that it says.
func ctl(args ...string) (int, string) {
	var out strings.Builder
	code := run(args, strings.NewReader(""), &out, &out)
	return code, out.String()
}

// at are the arguments for a printer at a terminal.
func (l terminal) at(command, profile string, more ...string) []string {
	args := []string{"printer", command, "-path", l.path, "-baud", "115200"}
	if profile != "" {
		args = append(args, "-profile", profile)
	}
	return append(args, more...)
}

// The whole way through the system's terminal.
func TestPrinterAtATerminal(t *testing.T) {
	d := newTerminal(t, paper.Custom)
	for command, want := range map[string]string{
		"identify": "profile: custom-vkp80iii", "status": "a slip would come out now", "test": "printed in ",
	} {
		code, out := ctl(d.at(command, "custom-vkp80iii")...)
		expect(t, code, 0, out, want)
	}
}

func TestRefusals(t *testing.T) {
	d := newTerminal(t, paper.Epson)
	dir := t.TempDir()
	text := filepath.Join(dir, "mark.png")
	if err := os.WriteFile(text, []byte("no picture"), 0o600); err != nil {
		t.Fatal(err)
	}
	faulty := filepath.Join(dir, "profile.yaml")
	if err := os.WriteFile(faulty, []byte("name: x\nlanguage: klingon\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		args []string
		code int
		want string
	}{
		{"no command", []string{"printer"}, 2, "usage: avantictl printer"},
		{"unknown command", []string{"printer", "explode"}, 2, "usage: avantictl printer"},
		{"no line", []string{"printer", "identify"}, 2, "want -path DEVICE"},
		{"no profile", d.at("status", ""), 2, "want -profile NAME"},
		{"unknown profile", d.at("status", "laser"), 2, `"laser" is not known`},
		{"faulty profile", d.at("status", faulty), 2, faulty + ":2"},
		{"no such profile file", d.at("status", filepath.Join(dir, "none.yaml")), 2, "no such file"},
		{"unknown flag", d.at("status", "generic", "-loud"), 2, "-loud"},
		{"two files", d.at("logo", "generic", "a.png", "b.png"), 2, `"b.png"`},
		{"a file too many", d.at("status", "generic", "a.png"), 2, "no FILE is wanted"},
		{"no file", d.at("logo", "epson-tm-t20iii"), 2, "want a FILE"},
		{"no device", []string{"printer", "status", "-profile", "generic", "-path", filepath.Join(dir, "ttyUSB7")}, 1, "no such file"},
		{"wrong speed", []string{"printer", "status", "-profile", "generic", "-path", d.path, "-baud", "-3"}, 1, "-3 baud"},
		{"no configuration", []string{"printer", "status", "-config", filepath.Join(dir, "office.yaml")}, 2, "no such file"},
		{"no picture", d.at("logo", "epson-tm-t20iii", "-yes", text), 1, "want a PNG file"},
		{"no memory for pictures", d.at("logo", "silent", "-yes", picture(t, 16, 16)), 1, "keeps no mark"},
		{"too wide", d.at("logo", "epson-tm-t20iii", "-yes", picture(t, 800, 16)), 1, "at most 576"},
		{"enormous", d.at("logo", "epson-tm-t20iii", "-yes", picture(t, 5000, 1)), 1, "take a smaller picture"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			code, out := ctl(tt.args...)
			expect(t, code, tt.code, out, tt.want)
		})
	}
}

// A daemon that has the line open keeps it.
func TestTheLineHasOneUser(t *testing.T) {
	d := newTerminal(t, paper.Epson)
	daemon, err := os.OpenFile(d.path, os.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer daemon.Close()
	if err := unix.Flock(int(daemon.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		t.Fatal(err)
	}
	for _, command := range []string{"identify", "status", "test"} {
		code, out := ctl(d.at(command, "epson-tm-t20iii")...)
		expect(t, code, exitFailed, out, "another program has it", "avantid")
	}
}

func TestPrinterOfAConfiguration(t *testing.T) {
	d := newTerminal(t, paper.Custom)
	office, err := os.ReadFile(filepath.Join("..", "..", "testdata", "office", "piacenza.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	before, _, ok := strings.Cut(string(office), "\nprinters:\n")
	if !ok {
		t.Fatal("the office has no printers")
	}
	write := func(printers, kiosks string) string {
		name := filepath.Join(t.TempDir(), "office.yaml")
		if err := os.WriteFile(name, []byte(before+"\nprinters:\n"+printers+kiosks), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	line := fmt.Sprintf("  - {id: %%s, profile: custom-vkp80iii, path: %s, baud: 115200}\n", d.path)
	kiosk := "\nkiosks:\n  - {id: hall}\n"
	one := write(fmt.Sprintf(line, "stairs"), kiosk)
	code, out := ctl("printer", "status", "-config", one)
	expect(t, code, 0, out, "profile custom-vkp80iii", "a slip would come out now")
	two := write(fmt.Sprintf(line, "stairs")+strings.Replace(fmt.Sprintf(line, "door"), d.path, "/dev/none", 1), kiosk)
	code, out = ctl("printer", "status", "-config", two)
	expect(t, code, exitUsage, out, "several printers", "stairs, door")
	code, out = ctl("printer", "status", "-config", two, "-printer", "stairs")
	expect(t, code, 0, out, "a slip would come out now")
	code, out = ctl("printer", "status", "-config", two, "-printer", "roof")
	expect(t, code, exitUsage, out, `no printer "roof"`)
}
