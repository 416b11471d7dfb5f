// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"

	"github.com/avanti-queue/avanti/internal/waits"
)

// faultsShown is how many faults of a kind are named.
const faultsShown = 5

// recorded judges a file of tickets. It has no targets.
func recorded(_ context.Context, o options, stdout, stderr io.Writer) (missed []string, err error) {
	f, err := os.Open(o.tickets)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	r, err := waits.Read(bufio.NewReader(f), o.format)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.tickets, err)
	}
	name(stderr, o.tickets, r)
	result, err := waits.Replay(r, o.format.Zone, o.Options)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.tickets, err)
	}
	fmt.Fprintf(stdout, "%d rows, %d tickets used, %d of them judged\n", r.Rows, len(r.Tickets), result.Tickets)
	report := &waits.Report{}
	report.Add(result)
	return nil, report.Write(stdout)
}

// name tells what is wrong with a file: the first lines of each kind, and how many there are.
func name(to io.Writer, file string, r *waits.Recorded) {
	count := map[waits.FaultKind]int{}
	var kinds []waits.FaultKind
	for _, f := range r.Faults {
		if count[f.Kind]++; count[f.Kind] == 1 {
			kinds = append(kinds, f.Kind)
		}
		if count[f.Kind] <= faultsShown {
			fmt.Fprintf(to, "%s:%d: %s: %s\n", file, f.Line, f.Kind, f.What)
		}
	}
	for _, kind := range kinds {
		what := "left out"
		if kind == waits.FaultOrder {
			what = "used at their place in time"
		}
		fmt.Fprintf(to, "%s: %d rows %s: %s\n", file, count[kind], what, kind)
	}
}
