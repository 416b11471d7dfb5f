// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"context"
	"errors"
	"time"
)

// Steward keeps the office's configuration and the copies of its journal, as the
// administration needs it. By is the id of an account or access.
type Steward interface {
	// Configuration returns the file as it stands now.
	Configuration() (Configuration, error)
	// Judge says what would come of a text. Faults are a [*config.Faults].
	Judge(text []byte) (Effect, error)
	// Apply puts a text in the place of the one with that tag; [ErrChanged] if there is
	// another one by now. Faults are a [*config.Faults], and what the queue does not let
	// happen now is a [*queue.Refusal]; nothing was changed then. [ErrUnsure] comes with the
	// effect: the text is in force. With Effect.Restart the
	// office starts anew as soon as the requests under way are answered.
	Apply(ctx context.Context, by, tag string, text []byte) (Effect, error)
	// History returns the configurations that were in force, the newest first, without
	// their texts.
	History(ctx context.Context) ([]Past, error)
	// Past returns one of them, and the one before it; [ErrUnknownPast] if it is not known.
	Past(ctx context.Context, seq int64) (now, before Past, err error)
	// Backups returns the copies, the newest first.
	Backups() ([]Backup, error)
	// BackUp makes one.
	BackUp(ctx context.Context) (Backup, error)
	// Restore puts a copy in the place of the journal. The office starts anew for it, as
	// with Apply. [ErrUnknownPast]: there is no copy of that name.
	Restore(ctx context.Context, by, name string) error
	// TestPrinter prints a page on a printer that runs.
	TestPrinter(ctx context.Context, id string) error
	// Ports lists the lines and printers that are plugged in.
	Ports() []string
	// Profiles lists the printers that the program knows.
	Profiles() []string
}

// What a [Steward] refuses.
var (
	ErrChanged     = errors.New("web: somebody else has changed the configuration meanwhile")
	ErrUnknownPast = errors.New("web: it is not known")
	ErrLocked      = errors.New("web: the configuration cannot be written from here")
)

// ErrUnsure says that a configuration is in force, and that a power cut may bring the former one back.
var ErrUnsure = errors.New("web: the configuration is in force, but the disk did not confirm it")

// Configuration is the file that describes the office.
type Configuration struct {
	Name    string // of the file
	Text    []byte // without the password of an external broker
	Tag     string // changes with the text
	Pending bool   // somebody has edited the file: it is not in force before the next start
	Locked  string // why it cannot be written from here, in English; "": it can
}

// Effect is what comes of a configuration.
type Effect struct {
	Sections []string // that change, "" for all
	Restart  bool     // the office starts anew for it; else it is in force at once
}

// Past is a configuration that was in force.
type Past struct {
	Seq  int64
	At   time.Time
	By   string
	What []string // the sections that differ from the one before
	Text string
}

// Backup is a copy of the journal.
type Backup struct {
	Name  string
	At    time.Time
	Bytes int64
}

// nothingToKeep is the steward of a program that has no file.
type nothingToKeep struct{}

func (nothingToKeep) Configuration() (Configuration, error) {
	return Configuration{Locked: "this program has no configuration file"}, nil
}
func (nothingToKeep) Judge([]byte) (Effect, error) { return Effect{}, ErrLocked }
func (nothingToKeep) Apply(context.Context, string, string, []byte) (Effect, error) {
	return Effect{}, ErrLocked
}
func (nothingToKeep) History(context.Context) ([]Past, error) { return nil, nil }
func (nothingToKeep) Past(context.Context, int64) (now, before Past, err error) {
	return Past{}, Past{}, ErrUnknownPast
}
func (nothingToKeep) Backups() ([]Backup, error)                    { return nil, nil }
func (nothingToKeep) BackUp(context.Context) (Backup, error)        { return Backup{}, ErrLocked }
func (nothingToKeep) Restore(context.Context, string, string) error { return ErrUnknownPast }
func (nothingToKeep) TestPrinter(context.Context, string) error     { return ErrUnknownPast }
func (nothingToKeep) Ports() []string                               { return nil }
func (nothingToKeep) Profiles() []string                            { return nil }
