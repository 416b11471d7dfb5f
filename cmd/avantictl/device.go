// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"
)

const deviceUsage = `usage: avantictl device COMMAND -token-file FILE [-url URL] [flags] [ID]
  list     the boxes and displays of the hall, and what was last heard of each
  pair     take a new device in   -code CODE -kind box|panel|hall [-counter ID] ID
  revoke   shut a device out, at once   ID
  trace    watch all messages between the daemon and its devices, decoded (role admin)   [-device ID] [-heartbeats]
The daemon runs; the token is that of a manager or an admin.
`

// deviceJob is a command about the devices of a running daemon.
type deviceJob struct {
	console
	daemon daemon
	id     string

	code, kind, counter string // of pair
	only                string // of trace
	beats               bool   // of trace
}

// deviceCommand runs one of the commands for devices.
func deviceCommand(ctx context.Context, args []string, c console) int {
	commands := map[string]struct {
		do func(context.Context, *deviceJob) error
		id bool // one is wanted
	}{
		"list":   {listDevices, false},
		"pair":   {pairDevice, true},
		"revoke": {revokeDevice, true},
		"trace":  {traceDevices, false},
	}
	if len(args) == 0 {
		fmt.Fprint(c.err, deviceUsage)
		return exitUsage
	}
	command, ok := commands[args[0]]
	if !ok {
		fmt.Fprint(c.err, deviceUsage)
		return exitUsage
	}
	name := "avantictl device " + args[0]
	j := &deviceJob{console: c}
	err := j.read(name, args[1:])
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitUsage
	case err != nil:
	case command.id && j.id == "":
		err = errors.New("want the ID of a device")
	case !command.id && j.id != "":
		err = fmt.Errorf("no ID is wanted, got %q", j.id)
	}
	if err != nil {
		fmt.Fprintf(c.err, "%s: %v\n", name, err)
		return exitUsage
	}
	if err := command.do(ctx, j); err != nil {
		if errors.Is(err, context.Canceled) {
			err = errStopped
		}
		fmt.Fprintf(c.err, "%s: %v\n", name, err)
		return exitFailed
	}
	return 0
}

// read reads the flags, which may stand on both sides of the id.
func (j *deviceJob) read(name string, args []string) error {
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.SetOutput(j.err)
	url := flags.String("url", "http://127.0.0.1:8080", "`address` of the daemon's pages")
	token := flags.String("token-file", "", "`file` that has the token of a manager or an admin")
	flags.StringVar(&j.code, "code", "", "pair: the `code` on the device's label")
	flags.StringVar(&j.kind, "kind", "", "pair: box, panel or hall")
	flags.StringVar(&j.counter, "counter", "", "pair: `id` of the counter at which a box or panel stands")
	flags.StringVar(&j.only, "device", "", "trace: only the messages of the device with this `id`")
	flags.BoolVar(&j.beats, "heartbeats", false, "trace: the daemon's heartbeats, too")
	if err := flags.Parse(args); err != nil {
		return flag.ErrHelp // said already
	}
	if flags.NArg() > 0 {
		j.id = flags.Arg(0)
		if err := flags.Parse(flags.Args()[1:]); err != nil {
			return flag.ErrHelp
		}
		if flags.NArg() > 0 {
			return fmt.Errorf("one ID is enough, got %q as well", flags.Arg(0))
		}
	}
	if *token == "" {
		return errors.New("want -token-file FILE")
	}
	var err error
	j.daemon, err = newDaemon(*url, *token)
	return err
}

// deviceRow is a device as the daemon tells of it.
type deviceRow struct {
	ID, Kind, Counter, State, Firmware, Hardware, Screen, Update string

	Seen                             time.Time `json:"seen_at"`
	Signal, Boots, Reconnects, Drops int
	Shows                            []string
}

func listDevices(ctx context.Context, j *deviceJob) error {
	var answer struct{ Devices []deviceRow }
	if err := j.daemon.get(ctx, "devices", &answer); err != nil {
		return err
	}
	w := tabwriter.NewWriter(j.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tKIND\tCOUNTER\tSTATE\tSEEN\tFIRMWARE\tHARDWARE\tSIGNAL\tBOOTS\tRECONNECTS\tDROPS\tSHOWS\tUPDATE")
	for _, d := range answer.Devices {
		seen, signal := "-", "-"
		if !d.Seen.IsZero() {
			seen = d.Seen.Local().Format(time.DateTime)
		}
		if d.Signal != 0 {
			signal = fmt.Sprintf("%d dBm", d.Signal)
		}
		shows := strings.Join(append(d.Shows, d.Screen), " ")
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%d\t%d\t%d\t%s\t%s\n", d.ID, d.Kind, dash(d.Counter), d.State, seen,
			dash(d.Firmware), dash(d.Hardware), signal, d.Boots, d.Reconnects, d.Drops, dash(shows), dash(d.Update))
	}
	return w.Flush()
}

func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

func revokeDevice(ctx context.Context, j *deviceJob) error {
	if err := j.daemon.post(ctx, "devices/"+j.id+"/revoke", struct{}{}, nil); err != nil {
		return err
	}
	fmt.Fprintf(j.out, "%s is shut out; it can only come back if it is paired again, or named in the configuration with a password that it never had\n", j.id)
	return nil
}
