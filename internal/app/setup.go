// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/escpos"
	"github.com/avanti-queue/avanti/device/serialport"
	"github.com/avanti-queue/avanti/device/thermal"
	"github.com/avanti-queue/avanti/internal/accounts"
	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/internal/web"
	"github.com/avanti-queue/avanti/queue"
)

const (
	// OfficeFile is the configuration's name in a data directory.
	OfficeFile = "office.yaml"
	// codeFile holds the code that opens the set-up, as long as there is one.
	codeFile = "setup-code"
	// bySetUp stands in the history for the first configuration.
	bySetUp = "setup"
)

// SetUpOptions are what [SetUp] needs.
type SetUpOptions struct {
	Dir      string           // the data directory; it is made if it is missing
	Listener *net.TCPListener // of the pages; it stays open
	Out      io.Writer        // is told where the set-up is and the code that opens it
	Log      *slog.Logger
}

// SetUp serves the pages of the first run and nothing else, until somebody with the code has
// described the office. Then the file is in the directory, the journal has its history and the
// first account, and the configuration is returned. The error is ctx's when it ended before.
func SetUp(ctx context.Context, o SetUpOptions) (*config.File, error) {
	if err := os.MkdirAll(o.Dir, 0o750); err != nil {
		return nil, fmt.Errorf("set-up: %w", err)
	}
	path := filepath.Join(o.Dir, OfficeFile)
	code := newCode()
	if err := os.WriteFile(filepath.Join(o.Dir, codeFile), []byte(code+"\n"), 0o600); err != nil {
		return nil, fmt.Errorf("set-up: %w", err)
	}
	pages, err := web.NewSetup(web.SetupOptions{
		Code: code, Hosts: machineNames(), Listen: o.Listener.Addr().String(), DataDir: o.Dir, Former: string(formerOffice(ctx, o.Dir)),
		Ports: serialport.Devices, Profiles: escpos.Names(), Version: Version(), Log: o.Log,
		Check: func(text []byte) error {
			_, err := parseOfPage(path, text)
			return err
		},
		Test: func(ctx context.Context, p config.Printer) error { return testSlip(ctx, p, o.Log) },
		Finish: func(ctx context.Context, r web.SetupResult) error {
			return finishSetUp(context.WithoutCancel(ctx), path, r)
		},
	})
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(o.Out, "\nThis office is not set up yet. Open one of these pages in a browser:\n\n%s\nand enter the code %s\n\n",
		addresses(o.Listener.Addr()), code)
	o.Log.Info("waiting for the set-up", slog.String("address", o.Listener.Addr().String()), slog.String("code", filepath.Join(o.Dir, codeFile)))
	if err := servePages(ctx, keep(o.Listener), pages, o.Log); err != nil {
		return nil, err
	}
	if err := os.Remove(filepath.Join(o.Dir, codeFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		o.Log.Warn("the code of the set-up", slog.Any("error", err))
	}
	return config.Load(path, CheckConfig)
}

// servePages answers until the set-up is done or ctx ends.
func servePages(ctx context.Context, l net.Listener, pages *web.Setup, log *slog.Logger) error {
	server := &http.Server{
		Handler: pages, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: 2 * time.Minute, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 16 << 10, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	notifyReady()
	var failure error
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
		failure = ctx.Err()
	case <-pages.Done():
	}
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin/2)
	defer cancel()
	if err := server.Shutdown(bounded); err != nil {
		failure = errors.Join(failure, server.Close())
	}
	<-ended
	return failure
}

// finishSetUp writes the first account and the file. The file comes last: while it is missing,
// the set-up begins anew.
func finishSetUp(ctx context.Context, path string, r web.SetupResult) (err error) {
	file, err := parseOfPage(path, r.Text)
	if err != nil {
		return err
	}
	s, err := store.Open(ctx, store.Options{Dir: file.DataDir, Config: path})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if was, err := officeOf(ctx, s); err != nil || was != "" && was != file.Settings().Office {
		return errors.Join(err, fmt.Errorf("office.id is %s, but the journal in %s belongs to office %s", file.Settings().Office, file.DataDir, was))
	}
	people, err := accounts.Open(ctx, accounts.Options{Memory: s})
	if err != nil {
		return err
	}
	if _, err := people.Admit(ctx, accounts.By{Access: bySetUp}, r.Name, r.Language, r.Password); err != nil {
		return err
	}
	if err := remember(ctx, s, bySetUp, time.Now(), r.Text); err != nil {
		return err
	}
	return replaceFile(path, r.Text)
}

// formerOffice returns the office whose journal is in a directory already; "": none that can be read.
func formerOffice(ctx context.Context, dir string) queue.OfficeID {
	s, err := store.Open(ctx, store.Options{Dir: dir, ReadOnly: true})
	if err != nil {
		return ""
	}
	id, err := officeOf(ctx, s)
	if errors.Join(err, s.Close()) != nil {
		return ""
	}
	return id
}

// officeOf returns the office that a journal belongs to; "": none yet.
func officeOf(ctx context.Context, s *store.Store) (queue.OfficeID, error) {
	w, err := queue.OpenWriter(ctx, s)
	if err != nil || w.View().Settings() == nil {
		return "", err
	}
	return w.View().Settings().Office, nil
}

// newCode returns what opens the set-up: 40 random bits without letters that look alike.
func newCode() string {
	const letters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
	var b [8]byte
	rand.Read(b[:]) // never fails, by its contract
	for i := range b {
		b[i] = letters[int(b[i])%len(letters)]
	}
	return string(b[:4]) + "-" + string(b[4:])
}

// machineNames are the names under which this machine may be reached.
func machineNames() []string {
	name, err := os.Hostname()
	if err != nil || name == "" {
		return nil
	}
	names := []string{name}
	if !strings.Contains(name, ".") {
		names = append(names, name+".local")
	}
	return names
}

// addresses lists where the pages of a port are, one a line.
func addresses(at net.Addr) string {
	tcp, ok := at.(*net.TCPAddr)
	if !ok || !tcp.IP.IsUnspecified() {
		return "  http://" + at.String() + "/\n"
	}
	var out strings.Builder
	found, err := net.InterfaceAddrs()
	if err != nil {
		found = nil
	}
	for _, a := range found {
		ip, ok := a.(*net.IPNet)
		if ok && ip.IP.To4() != nil && !ip.IP.IsLoopback() {
			fmt.Fprintf(&out, "  http://%s:%d/\n", ip.IP, tcp.Port)
		}
	}
	fmt.Fprintf(&out, "  http://localhost:%d/\n", tcp.Port)
	return out.String()
}

// testSlip prints a page on a printer of which nobody has the line yet.
func testSlip(ctx context.Context, c config.Printer, log *slog.Logger) (err error) {
	profile, err := Profile(c.Profile)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, testWithin)
	defer cancel()
	line := Line(c, profile)
	first, err := serialport.Open(ctx, line) // the driver would go on trying
	if err != nil {
		return err
	}
	p := thermal.New(thermal.Options{
		Open: func(ctx context.Context) (device.Port, error) {
			if port := first; port != nil {
				first = nil
				return port, nil
			}
			return serialport.Open(ctx, line)
		},
		Profile: profile, Baud: line.Baud, Flow: string(line.FlowControl), Log: log,
	})
	running, stop := context.WithCancel(ctx)
	var ran sync.WaitGroup
	ran.Go(func() { _ = p.Run(running) }) // it returns nil
	err = printTest(ctx, p, profile)
	stop()
	ran.Wait()
	if first != nil {
		err = errors.Join(err, first.Close())
	}
	return err
}
