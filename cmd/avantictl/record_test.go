// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/avanti-queue/avanti/device/capture"
	"github.com/avanti-queue/avanti/internal/sim/paper"
)

func TestRecord(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(paper.Epson)
		name := filepath.Join(t.TempDir(), "dialogue.txt")
		code, out := d.ctl(t, "", "record", "-profile", "epson-tm-t20iii", name)
		expect(t, code, 0, out, "profile: epson-tm-t20iii", "a slip would come out now", "printed in ", name)
		kept := recorded(t, name)
		if !slices.Contains(kept.Notes, "identify") || !strings.HasPrefix(kept.Notes[0], "recorded by avantictl on 2000-01-01 ") {
			t.Errorf("the notes are %q", kept.Notes)
		}
		var host, printer []byte
		var took time.Duration
		for _, e := range kept.Events {
			took += e.After
			if e.From == capture.Host {
				host = append(host, e.Data...)
			} else {
				printer = append(printer, e.Data...)
			}
		}
		if !bytes.Contains(host, []byte("\x1dIC")) || !bytes.Contains(host, []byte("TEST")) || !bytes.Contains(printer, []byte("_PAPER 80\x00")) || took < 2*time.Second {
			t.Errorf("in %s %d bytes of the host and %q", took, len(host), printer)
		}
		code, out = d.ctl(t, "", "record", "-profile", "epson-tm-t20iii", name)
		expect(t, code, exitFailed, out, "file exists")
	})
}

// What is recorded of a printer that does not work is wanted most.
func TestRecordOfTrouble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(paper.Epson)
		d.PaperOut(0)
		name := filepath.Join(t.TempDir(), "dialogue.txt")
		code, out := d.ctl(t, "", "record", "-profile", "epson-tm-t20iii", name)
		expect(t, code, 0, out, "out of paper", "the dialogue is kept")
		if notes := strings.Join(recorded(t, name).Notes, "\n"); !strings.Contains(notes, "it ended with: nothing was printed: printer: out of paper") {
			t.Errorf("the notes are %q", notes)
		}
	})
}

func recorded(t *testing.T, name string) *capture.Capture {
	t.Helper()
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	kept, err := capture.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	return kept
}
