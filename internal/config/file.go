// SPDX-License-Identifier: EUPL-1.2

package config

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"time"

	"github.com/avanti-queue/avanti/display"
	"github.com/avanti-queue/avanti/internal/outline"
	"github.com/avanti-queue/avanti/queue"
	"github.com/goccy/go-yaml/ast"
)

// File is a configuration without faults. It is not to be changed while it is used.
type File struct {
	// Name is the file's name as it was given.
	Name string

	settings queue.Settings
	text     []byte

	// Reasons says why the office is closed or has other hours on a date, for those
	// exceptions that give a reason. It is in the office's own language.
	Reasons map[queue.Date]string

	// Cards are what citizens are told of a service, for those that have a card.
	Cards map[queue.ServiceID]Card
	// Words are what people call a service besides its name, by language, for the search.
	Words map[queue.ServiceID]map[string][]string
	// Priority are the reasons for which a kiosk gives tickets of another class.
	Priority []Priority
	// Waits is what the forecast of waits is told of the office.
	Waits Waits
	// Charter is what the office has promised, and what it publishes.
	Charter Charter

	// DataDir holds the journal and its backups. A relative path begins at the
	// working directory.
	DataDir  string
	HTTP     HTTP
	MQTT     MQTT
	Slip     Slip
	Printers []Printer
	Kiosks   []Kiosk
	Devices  []Device
	Board    Board
	Firmware Firmware
	Hall     Hall
	Sound    Sound
	Access   []Access
	Backup   Backup
	LogLevel slog.Level
}

// HTTP is where the pages and the API are.
type HTTP struct {
	Listen string // host:port; port 0 takes any
	// Hosts are the names, without port, that a request may be for. An IPv6
	// address stands without brackets.
	Hosts []string
	// Idle is how long a clerk may do nothing until the PIN is asked for again, 1m to 12h.
	Idle time.Duration
}

// MQTT is how devices are reached: by the embedded broker, on Listen, on TLS or on both,
// or by the external one of URL.
type MQTT struct {
	Listen    string        // host:port of the embedded broker; "": none
	TLS       string        // host:port of the embedded broker with TLS; "": none
	URL       string        // of an external broker, mqtt:// or mqtts://, perhaps with a password; "": the embedded one
	CA        string        // file with the certificates that vouch for an external broker; "": the usual ones
	Heartbeat time.Duration // between two heartbeats, 100ms to 1m
}

// Printer is a ticket printer on a wire.
type Printer struct {
	ID      string
	Profile string // name of a printer profile, or the full path of a file that has one
	Path    string // absolute, of the device file
	Baud    int    // bits a second, no matter for a printer that is not serial; 0: the profile's
	Flow    Flow   // "": the profile's
	Roll    int    // metres of paper on a whole roll; 0: not known
}

// Flow is the flow control of a serial line.
type Flow string

// The flow controls.
const (
	FlowNone    Flow = "none"
	FlowRTSCTS  Flow = "rtscts"
	FlowXonXoff Flow = "xonxoff"
)

// Device is a thing that speaks MQTT. Its id is its user name.
type Device struct {
	ID       string
	Kind     DeviceKind
	Counter  queue.CounterID                   // of a box or a panel, "" of a hall panel
	Arrows   map[queue.CounterID]display.Arrow // where counters are as seen from a panel; nil: it does not say
	Password [32]byte                          // SHA-256 sum of the password's bytes; zero: it may not connect yet
}

// Firmware is whose firmware the devices are offered.
type Firmware struct {
	Key [32]byte // the maker's public key (Ed25519); zero: nobody's
}

// DeviceKind is what a device is.
type DeviceKind string

// The kinds of devices.
const (
	KindBox   DeviceKind = "box"   // buttons and lamp at a counter
	KindPanel DeviceKind = "panel" // number display above a counter
	KindHall  DeviceKind = "hall"  // number display of the hall
)

// Access is a token that opens the API and the pages to somebody.
type Access struct {
	ID      string
	Role    AccessRole
	Counter queue.CounterID // of [RoleCounter], else ""
	Token   [32]byte        // SHA-256 sum of the token's bytes; zero: nobody can log in with it yet
}

// AccessRole is what a token may do.
type AccessRole string

// The roles of tokens.
const (
	RoleKiosk   AccessRole = "kiosk"
	RoleCounter AccessRole = "counter"
	RoleManager AccessRole = "manager"
	RoleDisplay AccessRole = "display"
	RoleAdmin   AccessRole = "admin"
)

// Backup says when the journal is copied.
type Backup struct {
	Keep  int           // newest copies that stay, 1 to 365
	Every time.Duration // between two copies, 1m to 31 days
}

// Check looks at a file with knowledge that this package does not have, for example
// of printer profiles. It reports a field, what is wrong with it and what would be right.
type Check func(f *File, report func(field, wrong, want string))

// Load reads a file. A file with faults is refused with [*Faults], which holds those
// of the checks as well.
func Load(path string, checks ...Check) (*File, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("config: %w", err)
	}
	data, err := io.ReadAll(io.LimitReader(file, maxBytes+1))
	if err := errors.Join(err, file.Close()); err != nil {
		return nil, fmt.Errorf("config: %w", err)
	}
	return Parse(path, data, checks...)
}

// Parse is [Load] of a file that has been read already. The name stands in the faults.
func Parse(name string, data []byte, checks ...Check) (*File, error) {
	d := &decoder{file: name, anchors: map[string]ast.Node{}, places: map[string]value{}, faulty: map[string]bool{}}
	top, ok := d.root(data)
	if !ok {
		return nil, outline.InOrder(d.faults)
	}
	f := &File{Name: name, text: slices.Clone(data)}
	d.read(top.section(), f)
	d.validate(&f.settings)
	for _, check := range checks {
		check(f, func(field, wrong, want string) { d.nearest(field).report(wrong, want) })
	}
	if len(d.faults) > 0 {
		return nil, outline.InOrder(d.faults)
	}
	return f, nil
}

// Text returns the file as it was read, not to be changed.
func (f *File) Text() []byte { return f.text }

// Settings returns what the queue is to know of the office. They are valid, and shared: not
// to be changed.
func (f *File) Settings() queue.Settings { return f.settings }
