// SPDX-License-Identifier: EUPL-1.2

package tray_test

import (
	"net"
	"testing"
	"testing/synctest"

	"github.com/avanti-queue/avanti/internal/sim/paper"
)

// sheet prints a number as a host would.
func sheet(t *testing.T, number string) paper.Sheet {
	t.Helper()
	var out paper.Sheet
	synctest.Test(t, func(t *testing.T) {
		p := paper.New(paper.Options{Out: func(s paper.Sheet) { out = s }})
		host, far := net.Pipe()
		served := make(chan error, 1)
		go func() { served <- p.Serve(t.Context(), far) }()
		if _, err := host.Write([]byte("\x1b@\x1d!\x77" + number + "\n\x1dVB\x00")); err != nil {
			t.Fatal(err)
		}
		if err := host.Close(); err != nil {
			t.Fatal(err)
		}
		if err := <-served; err != nil {
			t.Fatal(err)
		}
	})
	return out
}
