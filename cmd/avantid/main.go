// SPDX-License-Identifier: EUPL-1.2

// Command avantid runs an office's hall.
//
//	avantid -config FILE          run
//	avantid -config FILE -check   print every fault of the file and exit
//	avantid -version              print the version and exit
//
// Exit codes: 0 stopped on request, 1 failed while running, 2 wrong usage or configuration.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/avanti-queue/avanti/internal/app"
	"github.com/avanti-queue/avanti/internal/config"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

const (
	exitFailed = 1
	exitUsage  = 2
)

func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("avantid", flag.ContinueOnError)
	flags.SetOutput(stderr)
	path := flags.String("config", "", "the office's configuration `file`")
	check := flags.Bool("check", false, "print every fault of the configuration and exit")
	version := flags.Bool("version", false, "print the version and exit")
	if err := flags.Parse(args); err != nil {
		return exitUsage
	}
	switch {
	case *version:
		fmt.Fprintln(stdout, "avantid", app.Version())
		return 0
	case *path == "" || flags.NArg() > 0:
		fmt.Fprintln(stderr, "avantid: want -config FILE")
		return exitUsage
	}
	file, err := config.Load(*path, app.CheckConfig)
	if err != nil {
		fmt.Fprintln(stderr, err)
		return exitUsage
	}
	if *check {
		fmt.Fprintln(stdout, *path+": no faults")
		return 0
	}
	log := slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: file.LogLevel}))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := serve(ctx, file, log); err != nil {
		fmt.Fprintln(stderr, "avantid:", err)
		return exitFailed
	}
	return 0
}

func serve(ctx context.Context, file *config.File, log *slog.Logger) error {
	a, err := app.New(ctx, app.Options{Config: file, Log: log})
	if err != nil {
		return err
	}
	return a.Run(ctx)
}
