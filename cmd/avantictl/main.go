// SPDX-License-Identifier: EUPL-1.2

// Command avantictl is the technician's tool.
//
//	avantictl check   -config FILE                 print every fault of a configuration
//	avantictl backup  -config FILE [-to FILE]      copy the journal while the hall goes on
//	avantictl restore -config FILE [-from FILE]    put the last (or a certain) backup in place; [-skip N]: leave
//	                                               out N numbers of each series, which may have been printed
//	avantictl replay  -config FILE                 check the journal and everything that follows from it
//	avantictl report  -config FILE -o FILE         what happened in a month, to print or for spreadsheets
//	avantictl broker  export -config FILE -dir DIR what a Mosquitto must know in place of the embedded broker
//	avantictl printer COMMAND ...                  identify, check, test a printer and teach it a logo
//	avantictl device COMMAND ...                   list, pair, revoke devices and trace what they say
//	avantictl account COMMAND ...                  the people who log in, when nobody can any more
//	avantictl firmware COMMAND ...                 sign new firmware for devices, offline
//
// Exit codes: 0 done, 1 failed, 2 wrong usage or configuration.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"syscall"

	"github.com/avanti-queue/avanti/device/serialport"
	"github.com/avanti-queue/avanti/internal/app"
	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/store"
)

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

const (
	exitFailed = 1
	exitUsage  = 2
)

// errStopped is what an interrupted command says.
var errStopped = errors.New("stopped on request")

const usage = `usage: avantictl COMMAND -config FILE [...]
  check     print every fault of the configuration
  backup    copy the journal while the hall goes on   [-to FILE]
  restore   put the last backup in place of the journal   [-from FILE] [-skip NUMBERS]
  replay    check the journal and everything that follows from it
  report    what happened in a month   -o FILE.html|FILE.csv [-month 2026-10] [-lang it]
  broker    write what a Mosquitto must know   export
  printer   identify, check, test a printer and teach it a logo   COMMAND
  device    list, pair, revoke the devices of a running daemon and trace what they say   COMMAND
  account   the people who log in, when nobody can any more   COMMAND
  firmware  sign new firmware for them, offline   COMMAND
`

// job is one command at work.
type job struct {
	file *config.File
	path string // -to or -from; "" the usual place
	gap  store.Gap
	out  io.Writer
}

func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		fmt.Fprint(stderr, usage)
		return exitUsage
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if args[0] == "report" {
		return reportCommand(ctx, args[1:], console{stdin, stdout, stderr})
	}
	if args[0] == "broker" {
		return broker(ctx, args[1:], console{stdin, stdout, stderr})
	}
	if args[0] == "device" {
		return deviceCommand(ctx, args[1:], console{stdin, stdout, stderr})
	}
	if args[0] == "account" {
		return accountCommand(ctx, args[1:], console{stdin, stdout, stderr})
	}
	if args[0] == "firmware" {
		return firmwareCommand(args[1:], console{stdin, stdout, stderr})
	}
	if args[0] == "printer" {
		return printer(ctx, args[1:], console{stdin, stdout, stderr}, serialport.Open)
	}
	var do func(context.Context, job) error
	flags := flag.NewFlagSet("avantictl "+args[0], flag.ContinueOnError)
	flags.SetOutput(stderr)
	path := flags.String("config", "", "the office's configuration `file`")
	var other string
	gap := store.GapKnown
	switch args[0] {
	case "check":
		do = check
	case "backup":
		do = backup
		flags.StringVar(&other, "to", "", "`file` to write; default: the backups in the data directory")
	case "restore":
		do = restore
		flags.StringVar(&other, "from", "", "backup `file`; default: the newest one in the data directory")
		flags.Func("skip", "`numbers` that each series leaves out today, because they may have been printed since the backup; "+
			"0: none; default: as the former journal knows, or "+strconv.Itoa(int(store.GapUnknown)), func(text string) error {
			n, err := strconv.ParseUint(text, 10, 16)
			if err != nil {
				return errors.New("want a number, 0 or more")
			}
			gap = store.Gap(n)
			return nil
		})
	case "replay":
		do = replay
	default:
		fmt.Fprint(stderr, usage)
		return exitUsage
	}
	if err := flags.Parse(args[1:]); err != nil {
		return exitUsage
	}
	if *path == "" || flags.NArg() > 0 {
		fmt.Fprintf(stderr, "avantictl %s: want -config FILE\n", args[0])
		return exitUsage
	}
	file, err := config.Load(*path, app.CheckConfig)
	if err != nil {
		fmt.Fprintln(stderr, err)
		return exitUsage
	}
	if err := do(ctx, job{file: file, path: other, gap: gap, out: stdout}); err != nil {
		if errors.Is(err, context.Canceled) {
			err = errStopped
		}
		fmt.Fprintf(stderr, "avantictl %s: %v\n", args[0], err)
		return exitFailed
	}
	return 0
}

func check(_ context.Context, j job) error {
	_, err := fmt.Fprintln(j.out, j.file.Name+": no faults")
	return err
}
