// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/escpos"
	"github.com/avanti-queue/avanti/device/serialport"
	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/internal/web"
)

// What stands in the history where no page has changed the file.
const (
	byFile   = "file"   // somebody has edited it
	byUndone = "undone" // the daemon has put the former one back
)

// steward keeps the configuration's file. The file is what counts: pages write it, a
// technician may edit it, and the history in the journal says how it came to be.
type steward struct {
	app     *App
	disk    disk
	changes sync.Mutex // held while the configuration is changed

	mu   sync.Mutex
	file *config.File // in force
}

var _ web.Steward = (*steward)(nil)

// inForce returns the configuration in force. It may be newer than the one that the daemon was
// started with, in what the queue knows.
func (s *steward) inForce() *config.File {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.file
}

func tagOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:12])
}

// Configuration implements [web.Steward].
func (s *steward) Configuration() (web.Configuration, error) {
	c, err := s.stands()
	c.Text = config.Hide(c.Text)
	return c, err
}

// stands is the file as it is, with its secret.
func (s *steward) stands() (web.Configuration, error) {
	name := s.app.options.Config.Name
	text, err := os.ReadFile(name)
	if err != nil {
		return web.Configuration{}, fmt.Errorf("read the configuration: %w", err)
	}
	c := web.Configuration{Name: name, Text: text, Tag: tagOf(text), Pending: string(text) != string(s.inForce().Text())}
	dir := filepath.Dir(name)
	if s.app.options.Restart == nil {
		c.Locked = "this program runs an office of a file that is not its own"
	} else if err := unix.Access(dir, unix.W_OK); err != nil {
		c.Locked = fmt.Sprintf("the directory %s: %v", dir, err)
	}
	return c, nil
}

// Judge implements [web.Steward].
func (s *steward) Judge(text []byte) (web.Effect, error) {
	have, err := s.stands()
	if err != nil {
		return web.Effect{}, err
	}
	file, err := s.parse(have.Text, text)
	if err != nil {
		return web.Effect{}, err
	}
	return s.effect(file), nil
}

// parse judges a text that a page has sent, beside the one that stands in the file. It is judged as it
// was sent, because faults quote it; only then the broker's password is put back.
func (s *steward) parse(stands, text []byte) (*config.File, error) {
	former := []*config.File{s.inForce()}
	if f, err := config.Parse(s.app.options.Config.Name, stands); err == nil {
		former = []*config.File{f, s.inForce()}
	}
	file, err := parseOfPage(s.app.options.Config.Name, text, former...)
	if err != nil {
		return nil, err
	}
	return file.Reveal(former...)
}

// parseOfPage reads a configuration that a page has sent. What pages may not name is refused before
// anything that it names is opened.
func parseOfPage(name string, text []byte, former ...*config.File) (*config.File, error) {
	forbidden := false
	byHand := config.ByHand(former...)
	_, err := config.Parse(name, text, func(f *config.File, report func(field, wrong, want string)) {
		byHand(f, func(field, wrong, want string) {
			forbidden = true
			report(field, wrong, want)
		})
	})
	if forbidden {
		return nil, err
	}
	return config.Parse(name, text, CheckConfig)
}

// effect compares with what is in force.
func (s *steward) effect(file *config.File) web.Effect {
	return web.Effect{
		Sections: config.Changed(s.inForce().Text(), file.Text()),
		Restart:  !s.inForce().Alike(file),
	}
}

// History implements [web.Steward].
func (s *steward) History(ctx context.Context) ([]web.Past, error) {
	list, err := s.app.store.Configurations(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]web.Past, len(list))
	for i, c := range list {
		out[i] = pastOf(c)
	}
	return out, nil
}

func pastOf(c store.Configuration) web.Past {
	return web.Past{Seq: c.Seq, At: c.At, By: c.By, What: strings.Fields(c.What), Text: string(config.Hide([]byte(c.Text)))}
}

// Past implements [web.Steward].
func (s *steward) Past(ctx context.Context, seq int64) (now, before web.Past, err error) {
	c, err := s.app.store.Configuration(ctx, max(seq, 1))
	if errors.Is(err, store.ErrUnknownConfiguration) {
		err = web.ErrUnknownPast
	}
	if err != nil {
		return now, before, err
	}
	former, err := s.app.store.Configuration(ctx, max(seq-1, 1))
	if err != nil && !errors.Is(err, store.ErrUnknownConfiguration) {
		return now, before, err
	}
	return pastOf(c), pastOf(former), nil
}

// Backups implements [web.Steward].
func (s *steward) Backups() ([]web.Backup, error) {
	paths, err := store.Backups(s.app.options.Config.DataDir)
	if err != nil {
		return nil, err
	}
	var out []web.Backup
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			continue // rotation may have taken it away just now
		}
		out = append(out, web.Backup{Name: filepath.Base(path), At: info.ModTime().UTC(), Bytes: info.Size()})
	}
	return out, nil
}

// BackUp implements [web.Steward].
func (s *steward) BackUp(ctx context.Context) (web.Backup, error) {
	path, err := s.app.store.Rotate(ctx, s.app.options.Config.Backup.Keep)
	if err != nil {
		return web.Backup{}, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return web.Backup{}, fmt.Errorf("back up: %w", err)
	}
	return web.Backup{Name: filepath.Base(path), At: info.ModTime().UTC(), Bytes: info.Size()}, nil
}

// Restore implements [web.Steward].
func (s *steward) Restore(_ context.Context, _, name string) error {
	if s.app.options.Restart == nil {
		return web.ErrLocked
	}
	paths, err := store.Backups(s.app.options.Config.DataDir)
	if err != nil {
		return err
	}
	for _, path := range paths {
		if filepath.Base(path) == name {
			s.app.options.Restart(Order{Restore: path})
			return nil
		}
	}
	return web.ErrUnknownPast
}

// testWithin bounds a test slip.
const testWithin = 20 * time.Second

// TestPrinter implements [web.Steward].
func (s *steward) TestPrinter(ctx context.Context, id string) error {
	for _, p := range s.app.printers {
		if p.config.ID != id {
			continue
		}
		profile, err := Profile(p.config.Profile)
		if err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(ctx, testWithin)
		defer cancel()
		return printTest(ctx, p.Printer, profile)
	}
	return web.ErrUnknownPast
}

// printTest prints the page for technicians.
func printTest(ctx context.Context, p device.Printer, profile escpos.Profile) error {
	outcome := p.Print(ctx, device.Job{ID: fmt.Sprintf("%04d", time.Now().Unix()%10000), Slip: profile.TestSlip()})
	switch outcome.Result {
	case device.ResultPrinted, device.ResultSent:
		return nil
	case device.ResultFailed, device.ResultUnknown:
	}
	if outcome.Fault != nil {
		return fmt.Errorf("the test slip: %w", outcome.Fault)
	}
	return errors.New("the test slip: nobody knows what became of it")
}

// Ports implements [web.Steward].
func (s *steward) Ports() []string { return serialport.Devices() }

// Profiles implements [web.Steward].
func (s *steward) Profiles() []string { return escpos.Names() }
