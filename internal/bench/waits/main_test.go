// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestFlags: what is wrong is said, and nothing is judged.
func TestFlags(t *testing.T) {
	for _, args := range [][]string{
		{"-seeds", "x"}, {"-scenarios", "S99"}, {"-zone", "Nowhere/City"}, {"file.csv"}, {"-days", "many"},
	} {
		var out, faults bytes.Buffer
		if code := run(args, &out, &faults); code != 2 || faults.Len() == 0 || out.Len() > 0 {
			t.Errorf("%v: exit %d, %q, %q", args, code, out.String(), faults.String())
		}
	}
	if code := run([]string{"-tickets", filepath.Join(t.TempDir(), "none.csv")}, os.Stderr, &bytes.Buffer{}); code != 1 {
		t.Errorf("a file that is not there: exit %d", code)
	}
}

// TestTickets judges a file of ten days at one counter, in which some rows are wrong.
func TestTickets(t *testing.T) {
	var file strings.Builder
	file.WriteString("issued,called,ended,service,counter,class,outcome\n")
	for day := range 10 {
		at := time.Date(2026, 11, 2+day, 8, 0, 0, 0, time.UTC)
		free := at
		for i := range 40 {
			called := at
			if called.Before(free) {
				called = free
			}
			free = called.Add(time.Duration(4+i*7%9) * time.Minute)
			fmt.Fprintf(&file, "%s,%s,%s,papers,1,,served\n", at.Format(time.DateTime), called.Format(time.DateTime), free.Format(time.DateTime))
			at = at.Add(7 * time.Minute)
		}
		file.WriteString("=cmd,,,,,,\n")
	}
	name := filepath.Join(t.TempDir(), "tickets.csv")
	if err := os.WriteFile(name, []byte(file.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, faults bytes.Buffer
	if code := run([]string{"-tickets", name, "-runs", "20"}, &out, &faults); code != 0 {
		t.Errorf("exit %d: %s", code, faults.String())
	}
	for _, want := range []string{"410 rows, 400 tickets used", "SIM", "QL-pool", "LES-pool"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	for _, want := range []string{"tickets.csv:42: time: issued \"=cmd\"", "10 rows left out: time"} {
		if !strings.Contains(faults.String(), want) {
			t.Errorf("no %q in\n%s", want, faults.String())
		}
	}
}
