// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/escpos"
	"github.com/avanti-queue/avanti/device/serialport"
	"github.com/avanti-queue/avanti/internal/app"
	"github.com/avanti-queue/avanti/internal/config"
)

const printerUsage = `usage: avantictl printer COMMAND [flags] [FILE]
  identify   ask who it is, and name the profiles that fit    [-scan]
  status     say how it is, and why                           [-raw]
  test       print a page that shows what it can do           [-raw]
  logo       keep a picture in its memory                     [-yes] FILE.png
  record     do the first three and keep the dialogue         FILE
Which printer: -config FILE [-printer ID], or -path DEVICE -profile NAME [-baud N] [-flow none|rtscts|xonxoff].
A line has one user: stop avantid first.
`

// bench is a printer on its line, and what is to be done with it.
type bench struct {
	profile *escpos.Profile // nil: not told
	line    serialport.Config
	scan    bool
	raw     bool
	yes     bool
	file    string // of logo and record

	console
	dial opener
	// wires are the signals of the line when it was opened; "": it has none.
	wires string
	// tap is told of the ports that are opened; nil: nobody is.
	tap func(device.Port) device.Port
}

// console is where the technician sits.
type console struct {
	in       io.Reader
	out, err io.Writer
}

// opener opens a line, as [serialport.Open] does.
type opener func(context.Context, serialport.Config) (device.Port, error)

// printer runs one of the commands for printers.
func printer(ctx context.Context, args []string, c console, dial opener) int {
	if len(args) == 0 {
		fmt.Fprint(c.err, printerUsage)
		return exitUsage
	}
	commands := map[string]struct {
		do      func(context.Context, *bench) error
		profile bool // it must be known
		file    bool // one is wanted
	}{
		"identify": {identify, false, false},
		"status":   {status, true, false},
		"test":     {test, true, false},
		"logo":     {logo, true, true},
		"record":   {record, true, true},
	}
	command, ok := commands[args[0]]
	if !ok {
		fmt.Fprint(c.err, printerUsage)
		return exitUsage
	}
	b := &bench{console: c, dial: dial}
	name := "avantictl printer " + args[0]
	err := b.read(name, args[1:])
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitUsage
	case err != nil:
	case command.profile && b.profile == nil:
		err = errors.New("want -profile NAME (avantictl printer identify finds it) or -config FILE")
	case command.file && b.file == "":
		err = errors.New("want a FILE")
	case !command.file && b.file != "":
		err = fmt.Errorf("no FILE is wanted, got %q", b.file)
	}
	if err != nil {
		fmt.Fprintf(c.err, "%s: %v\n", name, err)
		return exitUsage
	}
	if err := command.do(ctx, b); err != nil {
		if errors.Is(err, context.Canceled) {
			err = errStopped
		}
		fmt.Fprintf(c.err, "%s: %v\n", name, err)
		return exitFailed
	}
	return 0
}

// read reads the flags, which may stand on both sides of the file, and finds the printer.
func (b *bench) read(name string, args []string) error {
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.SetOutput(b.err)
	office := flags.String("config", "", "the office's configuration `file`")
	id := flags.String("printer", "", "`id` of one of its printers; default: the only one")
	profile := flags.String("profile", "", "printer profile: a `name` ("+strings.Join(escpos.Names(), ", ")+") or the path of a file")
	path := flags.String("path", "", "`device` file, best one below /dev/serial/by-id")
	baud := flags.Int("baud", 0, "speed of a serial line in bit/s; default: as the profile's printer is delivered")
	flow := flags.String("flow", "", "flow control: none, rtscts or xonxoff; default: as the profile's printer is delivered")
	flags.BoolVar(&b.scan, "scan", false, "identify: try the usual speeds and kinds of flow control")
	flags.BoolVar(&b.raw, "raw", false, "status, test: show all bytes that pass")
	flags.BoolVar(&b.yes, "yes", false, "logo: do not ask before writing")
	if err := flags.Parse(args); err != nil {
		return flag.ErrHelp // said already
	}
	if flags.NArg() > 0 {
		b.file = flags.Arg(0)
		if err := flags.Parse(flags.Args()[1:]); err != nil {
			return flag.ErrHelp
		}
		if flags.NArg() > 0 {
			return fmt.Errorf("one FILE is enough, got %q as well", flags.Arg(0))
		}
	}
	if *office != "" {
		if err := b.configured(*office, *id); err != nil {
			return err
		}
	}
	if *profile != "" {
		p, err := profileOf(*profile)
		if err != nil {
			return err
		}
		b.profile = &p
	}
	if *path != "" {
		b.line.Path = *path
	}
	if b.line.Path == "" {
		return fmt.Errorf("want -path DEVICE or -config FILE%s", choice())
	}
	b.characters(*baud, *flow)
	return nil
}

// configured takes printer and line from a configuration.
func (b *bench) configured(office, id string) error {
	file, err := config.Load(office, app.CheckConfig)
	if err != nil {
		return err
	}
	var ids []string
	for _, p := range file.Printers {
		ids = append(ids, p.ID)
		if p.ID != id && (id != "" || len(file.Printers) > 1) {
			continue
		}
		profile, err := profileOf(p.Profile)
		if err != nil {
			return err
		}
		b.profile = &profile
		b.line = serialport.Config{Path: p.Path, Baud: p.Baud, FlowControl: serialport.FlowControl(p.Flow)}
		return nil
	}
	switch {
	case len(ids) == 0:
		return fmt.Errorf("%s has no printer", office)
	case id == "":
		return fmt.Errorf("%s has several printers: want -printer with one of %s", office, strings.Join(ids, ", "))
	}
	return fmt.Errorf("%s has no printer %q: want one of %s", office, id, strings.Join(ids, ", "))
}

// characters settles speed and flow control: the flags' before the configuration's before the
// profile's.
func (b *bench) characters(baud int, flow string) {
	if baud != 0 {
		b.line.Baud = baud
	}
	if flow != "" {
		b.line.FlowControl = serialport.FlowControl(flow)
	}
	if b.profile == nil {
		return
	}
	if b.line.Baud == 0 {
		b.line.Baud = b.profile.Baud
	}
	if b.line.FlowControl == "" {
		b.line.FlowControl = serialport.FlowControl(b.profile.Flow)
	}
}

// open opens the printer's line.
func (b *bench) open(ctx context.Context) (device.Port, error) {
	port, err := b.dial(ctx, b.line)
	if err != nil {
		return nil, err
	}
	b.wires = wires(port)
	if b.tap != nil {
		port = b.tap(port)
	}
	return port, nil
}

// wires tells of the signals that come from the printer; "" where there are none.
func wires(port device.Port) string {
	w, ok := serialport.ReadWires(port)
	if !ok {
		return ""
	}
	return fmt.Sprintf("wires: CTS is %s, DSR is %s", level(w.CTS), level(w.DSR))
}

func level(up bool) string {
	if up {
		return "up"
	}
	return "down"
}

// where names the line as a technician does.
func (b *bench) where() string {
	if b.line.Baud == 0 {
		return b.line.Path
	}
	flow := b.line.FlowControl
	if flow == "" {
		flow = serialport.FlowNone
	}
	return fmt.Sprintf("%s, %d baud, flow control %s", b.line.Path, b.line.Baud, flow)
}

// choice names the lines that are there.
func choice() string {
	devices := serialport.Devices()
	if len(devices) == 0 {
		return ""
	}
	return ": these are there: " + strings.Join(devices, ", ")
}

// stableName returns the name of the line that survives replugging, if there is a better one
// than the path.
func stableName(path string) string {
	device, err := filepath.EvalSymlinks(path)
	if err != nil || device != path {
		return path // a link already
	}
	for _, name := range serialport.Devices() {
		if target, err := filepath.EvalSymlinks(name); err == nil && target == device {
			return name
		}
	}
	return path
}

// profileOf returns a profile by its name, or from a file if the name is a path.
func profileOf(name string) (escpos.Profile, error) {
	if strings.ContainsRune(name, filepath.Separator) {
		path, err := filepath.Abs(name)
		if err != nil {
			return escpos.Profile{}, err
		}
		name = path
	}
	return app.Profile(name)
}
