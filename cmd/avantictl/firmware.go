// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/firmware"
)

const firmwareUsage = `usage: avantictl firmware COMMAND [flags] FILE
  key    make a key to sign with; print the public one, for firmware.key in the configuration and for the firmware itself   FILE
  sign   sign an image; what was signed is written beside it   -key FILE -kind box|panel -hardware TEXT -release N.N.N [-least N.N.N] [-group N] IMAGE
Sign on a machine that is on no network; put IMAGE and IMAGE.signed into the directory firmware of the data directory.
`

// firmwareCommand runs one of the commands for firmware. None needs a daemon.
func firmwareCommand(args []string, c console) int {
	commands := map[string]func([]string, console) error{"key": firmwareKey, "sign": firmwareSign}
	if len(args) == 0 || commands[args[0]] == nil {
		fmt.Fprint(c.err, firmwareUsage)
		return exitUsage
	}
	err := commands[args[0]](args[1:], c)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitUsage
	case err != nil:
		fmt.Fprintf(c.err, "avantictl firmware %s: %v\n", args[0], err)
		return exitFailed
	}
	return 0
}

// firmwareKey makes a key. The file has its seed, and only its owner can read it.
func firmwareKey(args []string, c console) error {
	if len(args) != 1 {
		fmt.Fprint(c.err, firmwareUsage)
		return flag.ErrHelp
	}
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(args[0], os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(f, hex.EncodeToString(private.Seed()))
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	fmt.Fprintln(c.out, hex.EncodeToString(public))
	return nil
}

func firmwareSign(args []string, c console) error {
	flags := flag.NewFlagSet("avantictl firmware sign", flag.ContinueOnError)
	flags.SetOutput(c.err)
	keyFile := flags.String("key", "", "`file` that avantictl firmware key has made")
	kind := flags.String("kind", "", "box or panel")
	hardware := flags.String("hardware", "", "the hardware, exactly as the device says it")
	release := flags.String("release", "", "its version, such as 1.4.3")
	least := flags.String("least", "", "the oldest version that may be followed by it; default: any")
	group := flags.Uint("group", 0, "roll-out group; default: all")
	if err := flags.Parse(args); err != nil {
		return flag.ErrHelp
	}
	if flags.NArg() != 1 || *group > 255 {
		return errors.New("want one IMAGE, and a group up to 255")
	}
	m := fwproto.Manifest{Hardware: *hardware, Group: uint8(*group)}
	switch *kind {
	case fwproto.KindBox.String():
		m.Kind = fwproto.KindBox
	case fwproto.KindPanel.String():
		m.Kind = fwproto.KindPanel
	}
	var ok, either bool
	m.Release, ok = firmware.ParseRelease(*release)
	m.Least, either = firmware.ParseRelease(*least)
	if !ok || !either && *least != "" {
		return errors.New("want -release, and -least if at all, as three numbers such as 1.4.3")
	}
	key, err := privateKey(*keyFile)
	if err != nil {
		return err
	}
	image, err := os.ReadFile(flags.Arg(0))
	if err != nil {
		return err
	}
	signed, err := firmware.Sign(image, m, key)
	if err != nil {
		return err
	}
	name := flags.Arg(0) + ".signed"
	if err := os.WriteFile(name, signed, 0o644); err != nil {
		return err
	}
	fmt.Fprintf(c.out, "%s: release %s for %s, %d bytes\n", name, m.Release, m.Hardware, len(image))
	return nil
}

func privateKey(file string) (ed25519.PrivateKey, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("-key: %w", err)
	}
	seed, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(seed) != ed25519.SeedSize {
		return nil, fmt.Errorf("-key: %s is not what avantictl firmware key makes", file)
	}
	return ed25519.NewKeyFromSeed(seed), nil
}
