// SPDX-License-Identifier: EUPL-1.2

package config

import (
	"encoding/hex"
	"fmt"
	"path"
	"path/filepath"
	"slices"

	"github.com/avanti-queue/avanti/internal/outline"
)

// ByHand returns a check for a file that somebody has sent from a browser, who may not be who they
// seem: it reports programs, files, other machines, keys and wires that stand in none of the former
// files. What stands there already was written by hand, by somebody at the machine, and may stay;
// the address of a broker also as [Hide] shows it.
// Nothing that is named is opened.
func ByHand(former ...*File) Check {
	return func(f *File, report func(field, wrong, want string)) {
		known := map[named]bool{}
		for _, old := range former {
			for _, n := range old.names() {
				n.field = ""
				known[n] = true
				if n.kind == namedServer {
					n.what = hideURL(n.what)
					known[n] = true
				}
			}
		}
		for _, n := range f.names() {
			at := n
			at.field = ""
			if !known[at] && !n.harmless() {
				report(n.field, n.shown()+", named by a page", n.want())
			}
		}
	}
}

// named is something outside of the office that a file names.
type named struct {
	kind  namedKind
	what  string
	field string
}

type namedKind string

const (
	namedProgram namedKind = "program"
	namedFile    namedKind = "file"
	namedPort    namedKind = "port"
	namedBus     namedKind = "bus"
	namedPin     namedKind = "pin"
	namedServer  namedKind = "server"
	namedKey     namedKind = "key"
)

// names lists what a file names.
func (f *File) names() []named {
	out := []named{{namedProgram, f.Sound.Program, "sound.program"}}
	add := func(kind namedKind, what, field string) {
		if what != "" {
			out = append(out, named{kind, what, field})
		}
	}
	add(namedFile, f.Sound.Clips, "sound.clips")
	add(namedFile, f.MQTT.CA, "mqtt.ca")
	add(namedServer, f.MQTT.URL, "mqtt.url")
	if f.Firmware.Key != [32]byte{} {
		add(namedKey, hex.EncodeToString(f.Firmware.Key[:]), "firmware.key")
	}
	for i, p := range f.Printers {
		add(namedPort, p.Path, fmt.Sprintf("printers[%d].path", i))
		if filepath.IsAbs(p.Profile) {
			add(namedFile, p.Profile, fmt.Sprintf("printers[%d].profile", i))
		}
	}
	for i, l := range f.Board.Panels {
		kind := namedBus
		if l.Wire == WireSerial {
			kind = namedPort
		}
		add(kind, l.Path, fmt.Sprintf("board.panels[%d].%s", i, l.Wire))
	}
	for i, b := range f.Board.Buttons {
		add(namedPin, b.Line, fmt.Sprintf("board.buttons[%d].line", i))
	}
	for i, l := range f.Board.Lamps {
		add(namedPin, l.Line, fmt.Sprintf("board.lamps[%d].line", i))
	}
	return out
}

// Speakers are the programs that may speak without having been named by hand: they are called as
// espeak-ng is.
func Speakers() []string { return []string{DefaultProgram, "espeak"} }

// ports are where printers and panels are plugged in, as patterns of [path.Match].
func ports() []string {
	return []string{
		"/dev/avanti/*", "/dev/serial/by-id/*", "/dev/serial/by-path/*", "/dev/usb/lp[0-9]", "/dev/lp[0-9]",
		"/dev/serial[0-9]", "/dev/ttyUSB[0-9]*", "/dev/ttyACM[0-9]*", "/dev/ttyAMA[0-9]*", "/dev/ttyS[0-9]*",
	}
}

// harmless reports whether the daemon can be made to do nothing by the name that an office does not do.
func (n named) harmless() bool {
	var patterns []string
	switch n.kind {
	case namedProgram:
		return slices.Contains(Speakers(), n.what)
	case namedPort:
		patterns = ports()
	case namedBus:
		patterns = []string{"/dev/spidev[0-9]*", "/dev/i2c-[0-9]*"}
	case namedFile, namedPin, namedServer, namedKey:
	}
	return path.Clean(n.what) == n.what && slices.ContainsFunc(patterns, func(p string) bool {
		ok, err := path.Match(p, n.what)
		return ok && err == nil
	})
}

// shown returns the name for a fault, which goes to screens and logs: the address of a broker may hold
// a password.
func (n named) shown() string {
	if n.kind == namedServer {
		return "another server"
	}
	return outline.Quote(n.what)
}

// want says what may be named instead.
func (n named) want() string {
	const byHand = "; another one is named by hand, in the file on the machine"
	switch n.kind {
	case namedProgram:
		return "espeak-ng, espeak or the program that stands in the file" + byHand
	case namedPort:
		return "a line such as /dev/ttyUSB0 or /dev/avanti/hall, or one that stands in the file" + byHand
	case namedBus:
		return "a bus such as /dev/spidev0.0, or one that stands in the file" + byHand
	case namedFile, namedPin, namedServer, namedKey:
	}
	return "what stands in the file already" + byHand
}
