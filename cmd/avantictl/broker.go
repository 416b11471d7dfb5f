// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/avanti-queue/avanti/internal/app"
	"github.com/avanti-queue/avanti/internal/broker/mosquitto"
	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/fleet"
	"github.com/avanti-queue/avanti/internal/pki"
	"github.com/avanti-queue/avanti/internal/store"
)

const brokerUsage = `usage: avantictl broker export -config FILE -dir DIR [flags]
  writes for Debian's Mosquitto 2.0: settings, users, access list, and for mqtts its certificate
  -at DIR          where Mosquitto will find the files; default: -dir
  -passwords FILE  the devices' passwords, one line each: id, space, password
  -new             make new passwords for devices that are not in that file
  -version X.Y     the version of Mosquitto; default: that of this machine
The configuration knows only sums of passwords, from which Mosquitto's cannot be made.
`

// newPasswords is the file with the passwords that were made.
const newPasswords = "new-passwords"

// export is what is to be written.
type export struct {
	file      *config.File
	dir, at   string
	passwords string // file; "": none
	fresh     bool
	out       io.Writer
}

// broker runs one of the commands for a broker of its own.
func broker(ctx context.Context, args []string, c console) int {
	if len(args) == 0 || args[0] != "export" {
		fmt.Fprint(c.err, brokerUsage)
		return exitUsage
	}
	e := export{out: c.out}
	flags := flag.NewFlagSet("avantictl broker export", flag.ContinueOnError)
	flags.SetOutput(c.err)
	flags.Usage = func() { fmt.Fprint(c.err, brokerUsage) }
	path := flags.String("config", "", "the office's configuration `file`")
	version := flags.String("version", "", "the `version` of Mosquitto")
	flags.StringVar(&e.dir, "dir", "", "the `directory` to write to")
	flags.StringVar(&e.at, "at", "", "the `directory` in which Mosquitto finds the files")
	flags.StringVar(&e.passwords, "passwords", "", "`file` with the devices' passwords")
	flags.BoolVar(&e.fresh, "new", false, "make the passwords that are not known")
	if flags.Parse(args[1:]) != nil {
		return exitUsage
	}
	if *path == "" || e.dir == "" || flags.NArg() > 0 {
		fmt.Fprint(c.err, brokerUsage)
		return exitUsage
	}
	var err error
	if e.file, err = config.Load(*path, app.CheckConfig); err != nil {
		fmt.Fprintln(c.err, err)
		return exitUsage
	}
	err = checkMosquitto(ctx, *version)
	if err == nil {
		err = e.run(ctx)
	}
	if err != nil {
		fmt.Fprintf(c.err, "avantictl broker export: %v\n", err)
		return exitFailed
	}
	return 0
}

// checkMosquitto refuses to write for a version that would misread what is written.
func checkMosquitto(ctx context.Context, version string) error {
	if version != "" {
		return mosquitto.CheckVersion(version)
	}
	for _, name := range []string{"mosquitto", "/usr/sbin/mosquitto"} {
		if path, err := exec.LookPath(name); err == nil {
			says, _ := exec.CommandContext(ctx, path, "-h").Output() // its exit code says nothing
			return mosquitto.CheckVersion(string(says))
		}
	}
	return errors.New("there is no Mosquitto on this machine: tell with -version which one the files are for")
}

func (e export) run(ctx context.Context) error {
	h, err := e.hall()
	if err != nil {
		return err
	}
	made, err := e.devices(ctx, &h)
	if err != nil {
		return err
	}
	files, err := h.Files()
	if err != nil {
		return err
	}
	if len(made) > 0 {
		var b bytes.Buffer
		for _, a := range made {
			fmt.Fprintf(&b, "%s %s\n", a.Name, a.Password)
		}
		files = append(files, mosquitto.File{Name: newPasswords, Content: b.Bytes(), Secret: true})
	}
	if err := e.write(files); err != nil {
		return err
	}
	e.tell(h, files, made)
	return nil
}

// hall is what the configuration says of the broker.
func (e export) hall() (mosquitto.Hall, error) {
	u, err := url.Parse(e.file.MQTT.URL)
	if err != nil || e.file.MQTT.URL == "" || u.User == nil {
		return mosquitto.Hall{}, fmt.Errorf(`mqtt.url in %s must name the broker, its port, and a user name and password for the daemon, such as
  mqtt: {url: "mqtts://avanti-host:%s@broker.example:8883"}`, e.file.Name, mosquitto.NewPassword())
	}
	password, _ := u.User.Password()
	h := mosquitto.Hall{
		Office: string(e.file.Settings().Office), Listen: ":" + u.Port(), At: e.at,
		Host: mosquitto.Account{Name: u.User.Username(), Password: password},
		TLS:  u.Scheme == "mqtts", ServerName: u.Hostname(), Now: time.Now(),
	}
	if h.At == "" {
		if h.At, err = filepath.Abs(e.dir); err != nil {
			return h, err
		}
	}
	if h.TLS && e.file.MQTT.CA == "" {
		h.Authority, err = pki.Open(e.file.DataDir, h.Office, h.Now)
	}
	return h, err
}

// devices fills in the devices with their passwords, and returns those whose password it
// has made.
func (e export) devices(ctx context.Context, h *mosquitto.Hall) (made []mosquitto.Account, err error) {
	register, err := e.register(ctx)
	if err != nil {
		return nil, err
	}
	known, err := e.known()
	if err != nil {
		return nil, err
	}
	paired := map[string]bool{}
	var out []string
	for _, d := range register.Devices() {
		paired[d.ID] = !d.Paired.IsZero()
		if !d.Revoked.IsZero() {
			out = append(out, d.ID)
			delete(known, d.ID) // the technician's file may go on naming it
		}
	}
	var unknown, alone []string
	var faults []error
	for _, d := range register.Members() {
		a := mosquitto.Account{Name: d.ID, Password: known[d.ID]}
		delete(known, d.ID)
		switch {
		case a.Password != "" && d.Password != fleet.Sum{} && sha256.Sum256([]byte(a.Password)) != d.Password:
			faults = append(faults, fmt.Errorf("the password of %s is not the one whose sum is known", d.ID))
		case a.Password == "" && paired[d.ID]:
			alone = append(alone, d.ID)
		case a.Password == "" && e.fresh:
			a.Password = mosquitto.NewPassword()
			made = append(made, a)
		case a.Password == "":
			unknown = append(unknown, d.ID)
		}
		h.Devices = append(h.Devices, a)
	}
	for id := range known {
		faults = append(faults, fmt.Errorf("%s names %q, which is no device of %s", e.passwords, id, e.file.Name))
	}
	if len(unknown) > 0 {
		faults = append(faults, fmt.Errorf("the passwords of %s are not known: give them with -passwords, or make new ones with -new and enter them in the devices",
			strings.Join(unknown, ", ")))
	}
	if len(alone) > 0 {
		faults = append(faults, fmt.Errorf("%s got a password when paired that nobody else knows: they work at the embedded broker only; revoke them, and name them in the configuration with a password that you give them",
			strings.Join(alone, ", ")))
	}
	if len(out) > 0 && len(faults) == 0 {
		fmt.Fprintf(e.out, "%s: shut out, and left out\n", strings.Join(out, ", "))
	}
	return made, errors.Join(faults...)
}

// register reads who belongs to the hall, also while the daemon runs.
func (e export) register(ctx context.Context) (r *fleet.Register, err error) {
	var o fleet.Options
	for _, d := range e.file.Devices {
		o.Configured = append(o.Configured, fleet.Identity{ID: d.ID, Kind: fleet.Kind(d.Kind), Counter: d.Counter, Password: d.Password})
	}
	journal, err := open(ctx, job{file: e.file})
	if errors.Is(err, fs.ErrNotExist) { // the daemon has never run
		o.Memory = blank{}
		return fleet.Open(ctx, o)
	}
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, journal.Close()) }()
	o.Memory = journal
	return fleet.Open(ctx, o)
}

// blank is the memory of a daemon that has never run. Nothing is written to it here.
type blank struct{}

func (blank) Fleet(context.Context) ([]store.FleetRow, error) { return nil, nil }
func (blank) SetFleet(context.Context, store.FleetRow) error  { return store.ErrReadOnly }

// known reads the passwords that the technician has.
func (e export) known() (map[string]string, error) {
	out := map[string]string{}
	if e.passwords == "" {
		return out, nil
	}
	f, err := os.Open(e.passwords)
	if err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		id, password, ok := strings.Cut(line, " ")
		if _, twice := out[id]; !ok || twice {
			return nil, errors.Join(fmt.Errorf("%s:%d: want a device's id, a space and its password, each device once", e.passwords, n), f.Close())
		}
		out[id] = strings.TrimSpace(password)
	}
	return out, errors.Join(lines.Err(), f.Close())
}

func (e export) write(files []mosquitto.File) error {
	if err := os.MkdirAll(e.dir, 0o755); err != nil {
		return err
	}
	for _, f := range files {
		mode := os.FileMode(0o644)
		if f.Secret {
			mode = 0o600
		}
		path := filepath.Join(e.dir, f.Name)
		// A file of an earlier export keeps its mode when it is written over.
		if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		if err := os.WriteFile(path, f.Content, mode); err != nil {
			return err
		}
	}
	return nil
}

// tell says what is left to do.
func (e export) tell(h mosquitto.Hall, files []mosquitto.File, made []mosquitto.Account) {
	for _, f := range files {
		fmt.Fprintf(e.out, "wrote %s\n", filepath.Join(e.dir, f.Name))
	}
	fmt.Fprintf(e.out, `
Next, on the broker's machine:
  - the files belong into %s, and %s into /etc/mosquitto/conf.d/
  - chown mosquitto: %s, and no other settings in conf.d may open a listener
  - systemctl restart mosquitto
`, h.At, mosquitto.ConfFile, e.secrets(h, files))
	if h.TLS && h.Authority == nil {
		fmt.Fprintf(e.out, "  - its certificate, key and authority as %s, %s and %s beside them (mqtt.ca names another authority than the hall's)\n",
			mosquitto.CertFile, mosquitto.KeyFile, mosquitto.CAFile)
	}
	if len(made) == 0 {
		return
	}
	fmt.Fprintf(e.out, "\nNew passwords are in %s: enter them in the devices, delete the file, and put their sums into %s:\n",
		filepath.Join(e.dir, newPasswords), e.file.Name)
	for _, a := range made {
		fmt.Fprintf(e.out, "  %s: password_sha256: \"%x\"\n", a.Name, sha256.Sum256([]byte(a.Password)))
	}
}

func (e export) secrets(h mosquitto.Hall, files []mosquitto.File) string {
	var names []string
	for _, f := range files {
		if f.Secret && f.Name != newPasswords {
			names = append(names, filepath.Join(h.At, f.Name))
		}
	}
	return strings.Join(names, " ")
}
