// SPDX-License-Identifier: EUPL-1.2

// Command avantid runs an office's hall.
//
//	avantid -config FILE          run
//	avantid -config FILE -check   print every fault of the file and exit
//	avantid -data DIR             run with DIR/office.yaml; where that is missing, set the office up first
//	avantid -version              print the version and exit
//
// The set-up is a page on -listen HOST:PORT. With -data the journal is in DIR as well.
//
// Exit codes: 0 stopped on request, 1 failed while running, 2 wrong usage or configuration.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"syscall"

	"github.com/avanti-queue/avanti/internal/app"
	"github.com/avanti-queue/avanti/internal/config"
)

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(30) // a small board has more time than memory
	}
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

const (
	exitFailed = 1
	exitUsage  = 2
)

// errUsage is wrapped by faults of the configuration and of how the program was called.
var errUsage = errors.New("wrong usage or configuration")

func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("avantid", flag.ContinueOnError)
	flags.SetOutput(stderr)
	path := flags.String("config", "", "the office's configuration `file`")
	dir := flags.String("data", "", "the data `directory` with office.yaml; where that is missing, the office is set up in a browser")
	listen := flags.String("listen", config.DefaultListen, "`address` of the set-up's page, with -data")
	check := flags.Bool("check", false, "print every fault of the configuration and exit")
	version := flags.Bool("version", false, "print the version and exit")
	if err := flags.Parse(args); err != nil {
		return exitUsage
	}
	switch {
	case *version:
		fmt.Fprintln(stdout, "avantid", app.Version())
		return 0
	case (*path == "") == (*dir == "") || flags.NArg() > 0:
		fmt.Fprintln(stderr, "avantid: want -config FILE or -data DIR")
		return exitUsage
	}
	var level slog.LevelVar
	d := daemon{
		path: *path, dir: *dir, listen: *listen, check: *check, out: stderr, level: &level,
		log: slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: &level})),
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := d.run(ctx)
	_, faulty := errors.AsType[*config.Faults](err)
	switch {
	case err == nil && *check:
		fmt.Fprintln(stdout, d.path+": no faults")
		return 0
	case err == nil, errors.Is(err, context.Canceled) && ctx.Err() != nil:
		return 0
	case faulty:
		fmt.Fprintln(stderr, err)
		return exitUsage
	}
	fmt.Fprintln(stderr, "avantid:", err)
	if errors.Is(err, errUsage) {
		return exitUsage
	}
	return exitFailed
}

// daemon is one call of the program.
type daemon struct {
	path, dir, listen string
	check             bool
	out               io.Writer
	log               *slog.Logger
	level             *slog.LevelVar
}

func (d *daemon) run(ctx context.Context) error {
	file, l, err := d.configuration(ctx)
	if err != nil || d.check {
		return err
	}
	return app.Serve(ctx, app.ServeOptions{Config: file, Log: d.log, Level: d.level, Listener: l})
}

// configuration reads the file, or lets somebody make one; then the listener of the set-up's
// pages is returned, which goes on as the office's.
func (d *daemon) configuration(ctx context.Context) (*config.File, *net.TCPListener, error) {
	if d.dir != "" {
		dir, err := filepath.Abs(d.dir)
		if err != nil {
			return nil, nil, fmt.Errorf("-data %s: %w", d.dir, err)
		}
		d.dir, d.path = dir, filepath.Join(dir, app.OfficeFile)
	}
	file, err := config.Load(d.path, app.CheckConfig)
	if d.dir != "" && !d.check && errors.Is(err, fs.ErrNotExist) {
		return d.setUp(ctx)
	}
	switch faults, faulty := errors.AsType[*config.Faults](err); {
	case faulty:
		return nil, nil, faults
	case err != nil:
		return nil, nil, fmt.Errorf("%w: %w", errUsage, err)
	case d.dir != "" && file.DataDir != d.dir:
		return nil, nil, fmt.Errorf("%w: %s: data_dir is %s: want %s, or call the program with -config", errUsage, d.path, file.DataDir, d.dir)
	}
	return file, nil, nil
}

func (d *daemon) setUp(ctx context.Context) (*config.File, *net.TCPListener, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", d.listen)
	if err != nil {
		return nil, nil, fmt.Errorf("%w: -listen %s: %w", errUsage, d.listen, err)
	}
	tcp := l.(*net.TCPListener)
	file, err := app.SetUp(ctx, app.SetUpOptions{Dir: d.dir, Listener: tcp, Out: d.out, Log: d.log})
	if err != nil {
		return nil, nil, errors.Join(err, l.Close())
	}
	return file, tcp, nil
}
