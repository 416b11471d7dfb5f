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
	"github.com/avanti-queue/avanti/internal/health"
	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/internal/web"
	"github.com/avanti-queue/avanti/queue"
)

// byFile stands in the history where somebody has edited the file.
const byFile = "file"

// steward keeps the configuration's file. The file is what counts: pages write it, a
// technician may edit it, and the history in the journal says how it came to be.
type steward struct {
	app     *App
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

// takeUp notes in the history what is in force, if that is new, and tells of what is not.
func (a *App) takeUp(ctx context.Context) error {
	if a.options.Undone != "" {
		a.health.Raise(health.Warning{
			Name: "configuration_undone", Severity: health.Degraded, Cause: a.options.Undone,
			Hint: "the office runs as before; put right what is named and try again",
		})
	}
	return remember(ctx, a.store, byFile, a.engine.Now(), a.options.Config.Text())
}

// remember notes a configuration in the history unless it is the newest there.
func remember(ctx context.Context, s *store.Store, by string, at time.Time, text []byte) error {
	newest, err := s.Configuration(ctx, 0)
	if err != nil && !errors.Is(err, store.ErrUnknownConfiguration) {
		return err
	}
	if err == nil && newest.Text == string(text) {
		return nil
	}
	what := strings.Join(config.Changed([]byte(newest.Text), text), " ")
	return s.AddConfiguration(ctx, store.Configuration{At: at, By: by, What: what, Text: string(text)})
}

func tagOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:12])
}

// Configuration implements [web.Steward].
func (s *steward) Configuration() (web.Configuration, error) {
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
	file, err := config.Parse(s.app.options.Config.Name, text, CheckConfig)
	if err != nil {
		return web.Effect{}, err
	}
	return s.effect(file), nil
}

// effect compares with what is in force.
func (s *steward) effect(file *config.File) web.Effect {
	return web.Effect{
		Sections: config.Changed(s.inForce().Text(), file.Text()),
		Restart:  !s.inForce().Alike(file),
	}
}

// Apply implements [web.Steward]. The queue is asked first: what it refuses is not written.
func (s *steward) Apply(ctx context.Context, by, tag string, text []byte) (web.Effect, error) {
	s.changes.Lock()
	defer s.changes.Unlock()
	have, err := s.Configuration()
	switch {
	case err != nil:
		return web.Effect{}, err
	case have.Locked != "":
		return web.Effect{}, fmt.Errorf("%w: %s", web.ErrLocked, have.Locked)
	case have.Tag != tag:
		return web.Effect{}, web.ErrChanged
	}
	a := s.app
	file, err := config.Parse(have.Name, text, CheckConfig)
	if err != nil {
		return web.Effect{}, err
	}
	if was, is := a.options.Config.Settings().Office, file.Settings().Office; was != is {
		return web.Effect{}, &config.Faults{List: []config.Fault{{
			File: have.Name, Line: 1, Column: 1, Field: "office.id", Wrong: fmt.Sprintf("%q", is), Want: fmt.Sprintf("%s, to which the journal belongs", was),
		}}}
	}
	if was, is := a.options.Config.DataDir, file.DataDir; was != is {
		return web.Effect{}, &config.Faults{List: []config.Fault{{
			File: have.Name, Line: 1, Column: 1, Field: "data_dir", Wrong: fmt.Sprintf("%q", is), Want: was + ", where the journal is",
		}}}
	}
	effect := s.effect(file)
	if want := file.Settings(); !same(*a.engine.View().Settings(), want) {
		actor := queue.Actor{Role: queue.RoleSystem, ID: "configuration"} // no person stands in the journal
		if _, err := a.engine.Do(ctx, actor, queue.ChangeSettings{Settings: want}); err != nil {
			return web.Effect{}, err
		}
	}
	// From here on the answer is the file's, whether or not the one who asked still listens.
	ctx = context.WithoutCancel(ctx)
	if err := replaceFile(have.Name, text); err != nil {
		return web.Effect{}, err
	}
	if err := remember(ctx, a.store, by, a.engine.Now(), text); err != nil {
		return web.Effect{}, err
	}
	if effect.Restart {
		a.options.Restart(Order{})
	} else {
		s.takeOver(file)
	}
	return effect, nil
}

// takeOver notes that a configuration is in force of which the queue knows all that is new.
func (s *steward) takeOver(file *config.File) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.file = file
	s.app.health.Clear("settings_pending", "")
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
	return web.Past{Seq: c.Seq, At: c.At, By: c.By, What: strings.Fields(c.What), Text: c.Text}
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

// replaceFile gives a file another text, durably and as a whole. Only the daemon's user and
// group can read it.
func replaceFile(name string, text []byte) (err error) {
	if link, err := filepath.EvalSymlinks(name); err == nil {
		name = link
	}
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+"-*")
	if err != nil {
		return fmt.Errorf("write the configuration: %w", err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name()) // it may have its name already
			err = fmt.Errorf("write the configuration: %w", err)
		}
	}()
	_, err = f.Write(text)
	if err := errors.Join(err, f.Chmod(0o640), f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), name); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(name))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
