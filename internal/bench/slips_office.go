// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"image"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/escpos"
	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/app"
	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/health"
	"github.com/avanti-queue/avanti/internal/office"
	"github.com/avanti-queue/avanti/internal/sim/paper"
	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/queue"
)

// service is what the citizens of this bench come for.
const service = "cie-renewal"

// morning returns a clock that shows ten o'clock of a Monday in Piacenza now.
func morning() func() time.Time {
	begin := time.Now()
	return func() time.Time {
		return time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC).Add(time.Since(begin)).Round(0)
	}
}

// deaf is a wire to no devices.
type deaf struct{}

func (deaf) Set(string, fwproto.Set)     {}
func (deaf) Reply(string, fwproto.Reply) {}

func (deaf) Transit(uint32, uint32, time.Duration) (time.Duration, bool) { return 0, false }

// catchJob returns the slip of an office with a complete configuration: everything that stands there
// by default, in one language, with an expected wait and the way to the citizen's page.
func catchJob(ctx context.Context, dir string) (job device.Job, err error) {
	file, err := config.Load(piacenza, app.CheckConfig)
	if err != nil {
		return job, err
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return job, err
	}
	s, err := store.Open(ctx, store.Options{Dir: dir})
	if err != nil {
		return job, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	e, err := queue.Open(ctx, s, queue.Options{Now: morning()})
	if err != nil {
		return job, err
	}
	template := office.Template{Both: file.Slip.Both, Page: func(queue.Date, queue.TicketID) string {
		return "https://coda.comune.piacenza.it/t/7Q2M9XKD4WHA8R3FGT5N2BCE"
	}}
	for _, p := range file.Slip.Parts {
		template.Parts = append(template.Parts, office.TemplatePart{Name: office.PartName(p.Name), Size: p.Size, Bold: p.Bold})
	}
	caught := make(catcher, 1)
	log := slog.New(slog.DiscardHandler)
	hall := office.New(office.Options{
		Engine: e, Link: deaf{}, Log: log, Health: health.NewBoard(prometheus.NewRegistry(), log),
		Printers: []office.Printer{{ID: "p", Device: caught}}, Slip: template,
		Wait: func(*queue.View, *queue.Ticket) (from, to time.Duration, ok bool) {
			return 10 * time.Minute, 20 * time.Minute, true
		},
	})
	ctx, stop := context.WithTimeout(ctx, 10*time.Second)
	var all sync.WaitGroup
	defer all.Wait()
	defer stop()
	all.Go(func() { _ = e.Run(ctx) })    // ends with ctx
	all.Go(func() { _ = hall.Run(ctx) }) // ends with ctx
	for _, c := range []queue.Command{
		queue.ChangeSettings{Settings: file.Settings()},
		queue.OpenDay{Clock: e.Now()},
		queue.IssueTicket{Service: service, Language: "it", Printer: "p"},
	} {
		if _, err := e.Do(ctx, system(), c); err != nil {
			return job, err
		}
	}
	select {
	case job = <-caught:
		return job, nil
	case <-ctx.Done():
		return job, errNoSlip
	}
}

// storeMark keeps a mark in the printer's memory, as a technician does once.
func storeMark(ctx context.Context, printer *paper.Printer, profile *escpos.Profile) error {
	jobs, err := profile.StoreMark(image.NewGray(image.Rect(0, 0, 192, 64))) // all black
	if err != nil {
		return err
	}
	host, far := net.Pipe()
	served := make(chan error, 1)
	go func() { served <- printer.Serve(ctx, far) }()
	for _, job := range jobs {
		if _, err := host.Write(job); err != nil {
			return errors.Join(err, host.Close(), <-served)
		}
	}
	return errors.Join(host.Close(), <-served)
}

// touchToCut has citizens touch the kiosk of the whole daemon, one after the other, with a simulated
// printer on a pseudo-terminal. It returns how long each slip took until it was cut, and the length
// of the last one in millimetres.
func touchToCut(ctx context.Context, dir string, profile *escpos.Profile, baud int) (took times, length float64, err error) {
	file, err := config.Load(piacenza, app.CheckConfig)
	if err != nil {
		return nil, 0, err
	}
	cut := make(chan paper.Sheet, 1)
	printer := paper.New(paper.Options{Baud: baud, MMPerSecond: paperSpeed, Out: func(s paper.Sheet) { cut <- s }})
	if err := storeMark(ctx, printer, profile); err != nil {
		return nil, 0, err
	}
	line, err := paper.OpenTerminal()
	if err != nil {
		return nil, 0, err
	}
	file.DataDir, file.HTTP.Listen, file.Devices = dir, "127.0.0.1:0", nil
	file.Printers[0].Profile, file.Printers[0].Path, file.Printers[0].Baud = profile.Name, line.Name, baud
	file.Access = []config.Access{{ID: "kiosk-1", Role: config.RoleKiosk, Token: sha256.Sum256([]byte(secret()))}}
	ctx, stop := context.WithCancel(ctx)
	a, err := app.New(ctx, app.Options{Config: file, Log: slog.New(slog.DiscardHandler), Now: morning()})
	if err != nil {
		stop()
		return nil, 0, errors.Join(err, line.Close())
	}
	ended := make(chan error, 1)
	var all sync.WaitGroup
	all.Go(func() { ended <- a.Run(ctx) })
	all.Go(func() { _ = printer.Serve(ctx, line) }) // ends with ctx
	defer func() { stop(); all.Wait(); err = errors.Join(err, <-ended) }()
	if err := untilReady(ctx, a); err != nil {
		return nil, 0, err
	}
	for i := range slipTouches {
		begin := time.Now()
		touched := make(chan error, 1)
		go func() { touched <- touch(ctx, "http://"+a.Addr().String(), fmt.Sprintf("touch-%d", i)) }()
		select {
		case s := <-cut:
			took, length = append(took, time.Since(begin)), s.MM
		case <-time.After(20 * time.Second):
			return nil, 0, errors.Join(errNoSlip, <-touched)
		}
		if err := <-touched; err != nil {
			return nil, 0, err
		}
		time.Sleep(time.Second) // the next citizen steps up
	}
	return took, length, nil
}

// untilReady waits for the day and for the printer.
func untilReady(ctx context.Context, a *app.App) error {
	for range 300 {
		if _, open := a.Office().View().Day(); open && a.Office().PrinterReady("printer-1") == nil {
			return ctx.Err()
		}
		time.Sleep(50 * time.Millisecond)
	}
	return errors.New("the office does not get ready")
}

// touch asks for a ticket as a kiosk does, and waits for the answer.
func touch(ctx context.Context, base, key string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/api/v1/tickets", bytes.NewReader([]byte(`{"service":"`+service+`"}`)))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+secret())
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", key)
	resp, err := http.DefaultClient.Do(req)
	if err == nil && resp.StatusCode != http.StatusCreated {
		err = fmt.Errorf("the kiosk's touch: status %s", resp.Status)
		return errors.Join(err, resp.Body.Close())
	}
	return drain(resp, err)
}
