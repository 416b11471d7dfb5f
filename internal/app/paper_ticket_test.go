// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/avanti-queue/avanti/device/escpos"
	"github.com/avanti-queue/avanti/internal/app"
	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/sim/paper"
)

// TestTicketOfTheReadme prints the ticket of docs/images/ticket.png: what a citizen of the office in
// Piacenza who has chosen Romanian is given by the whole daemon and an Epson printer that keeps the
// office's mark. -update draws it anew.
func TestTicketOfTheReadme(t *testing.T) {
	dir := t.TempDir()
	// The symbol is made with the office's key, which is another one in each office.
	if err := os.WriteFile(filepath.Join(dir, "avanti.key"), bytes.Repeat([]byte("key "), 8), 0o600); err != nil {
		t.Fatal(err)
	}
	var ticket paper.Sheet
	synctest.Test(t, func(t *testing.T) {
		file, err := config.Load(filepath.Join("..", "..", "testdata", "office", "piacenza.yaml"), app.CheckConfig)
		if err != nil {
			t.Fatal(err)
		}
		file.Printers[0].Profile, file.Slip.Address = "epson-tm-t20iii", "https://coda.example.it"
		r := newRigOf(t, file, at(10, 42), dir)
		defer r.stop()
		pass(10 * time.Second)
		r.stopDaemon() // it has the printer's port
		pass(time.Second)
		keepMark(t, r.paper, "epson-tm-t20iii", townHall())
		r.startApp()
		pass(10 * time.Second)
		for i, language := range []string{"it", "it", "es", "ro"} {
			body := `{"service":"cie-renewal","language":"` + language + `"}`
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://localhost:8080/api/v1/tickets", strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Idempotency-Key", "touch-"+string(rune('a'+i)))
			var got kiosk
			if r.ask("kiosk-1", req, &got); got.Paper.Outcome != "printed" {
				t.Fatalf("ticket %d: %+v", i, got)
			}
		}
		papers := r.papers()
		ticket = papers[len(papers)-1].Sheet
	})
	for _, want := range []string{
		"[image 256x104]", "Comune di Piacenza, sportello polifunzionale", "Reînnoirea CIE", "[QR https://coda.example.it/t/", "C004",
	} {
		if !strings.Contains(ticket.Text, want) {
			t.Errorf("no %q on the ticket:\n%s", want, ticket.Text)
		}
	}
	name := filepath.Join("..", "..", "docs", "images", "ticket.png")
	var picture bytes.Buffer
	if err := ticket.WritePNG(&picture); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(name, picture.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	shown, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !samePicture(t, shown, picture.Bytes()) {
		t.Errorf("%s shows another ticket: draw it anew with -update\n%s", name, ticket.Text)
	}
}

// samePicture compares the dots: two compressions of one picture may differ.
func samePicture(t *testing.T, a, b []byte) bool {
	t.Helper()
	var pictures [2]image.Image
	for i, data := range [][]byte{a, b} {
		m, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		pictures[i] = m
	}
	x, xOK := pictures[0].(*image.Paletted)
	y, yOK := pictures[1].(*image.Paletted)
	return xOK && yOK && x.Rect == y.Rect && bytes.Equal(x.Pix, y.Pix)
}

// keepMark keeps a mark in a printer's memory as avantictl does. Nobody else may be connected.
func keepMark(t *testing.T, printer *paper.Printer, profile string, mark image.Image) {
	t.Helper()
	p, err := escpos.Lookup(profile)
	if err != nil {
		t.Fatal(err)
	}
	jobs, err := p.StoreMark(mark)
	if err != nil {
		t.Fatal(err)
	}
	host, far := net.Pipe()
	served := make(chan error, 1)
	go func() { served <- printer.Serve(t.Context(), far) }()
	for _, job := range jobs {
		if _, err := host.Write(job); err != nil {
			t.Fatal(err)
		}
	}
	if err := host.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-served; err != nil {
		t.Fatal(err)
	}
}

// townHall is a mark: a hall with arches below and battlements above, and some paper under it.
func townHall() image.Image {
	const width, height, bay, margin = 256, 88, 64, 16
	m := image.NewGray(image.Rect(0, 0, width, height+margin))
	for y := range height + margin {
		for x := range width {
			c := color.Gray{Y: 0xff}
			if y < height && built(x, y, bay, width, height) {
				c.Y = 0
			}
			m.SetGray(x, y, c)
		}
	}
	return m
}

func built(x, y, bay, width, height int) bool {
	inside := func(cx, cy, r int) bool { return (x-cx)*(x-cx)+(y-cy)*(y-cy) < r*r }
	switch cx := x/bay*bay + bay/2; {
	case x < 6 || x >= width-6: // beside the walls
		return y >= height-6
	case y < 14: // battlements
		return x/13%2 == 0
	case y < 24, y >= height-6: // their walk, the steps
		return true
	case inside(cx, 68, 24) && y < 68 || x > cx-24 && x < cx+24 && y >= 68: // arches
		return false
	case y < 42: // windows
		return x%16 <= 5 || x%16 >= 11 || y <= 28 || y >= 38
	}
	return true
}
