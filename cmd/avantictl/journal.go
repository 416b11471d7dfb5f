// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

func open(ctx context.Context, j job) (*store.Store, error) {
	return store.Open(ctx, store.Options{Dir: j.file.DataDir, Config: j.file.Name, ReadOnly: true})
}

func backup(ctx context.Context, j job) (err error) {
	s, err := open(ctx, j)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	path := j.path
	if path == "" {
		path, err = s.Rotate(ctx, j.file.Backup.Keep)
	} else {
		err = s.Backup(ctx, path)
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(j.out, "backup:", path)
	return err
}

func restore(ctx context.Context, j job) error {
	path := j.path
	if path == "" {
		all, err := store.Backups(j.file.DataDir)
		if err != nil {
			return err
		}
		if len(all) == 0 {
			return fmt.Errorf("no backup in %s: name one with -from", j.file.DataDir)
		}
		path = all[0]
	}
	done, err := store.Restore(ctx, j.file.DataDir, path, store.RestoreOptions{Gap: j.gap})
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(j.out, told(path, done))
	return err
}

const ofBackup = ": accounts and devices are those of the backup; look whether somebody or something was shut out since\n"

// told says what a restore has done and what a technician has to look at.
func told(path string, done store.Restored) string {
	text := fmt.Sprintf("restored %s: %d records, the newest of %s\n", path, done.Newest, done.At.Format("2006-01-02 15:04:05 MST"))
	if done.Kept != "" {
		text += "the journal that was there is kept as " + done.Kept + "\n"
	}
	switch {
	case done.Former:
		text += "accounts, devices, the audit, votes and the history of the configuration stay as they were\n"
	case done.Foreign:
		text += "the journal that was there is not that of this backup" + ofBackup
	case done.Kept == "":
		text += "there was no journal" + ofBackup
	default:
		text += "the former journal could not be read" + ofBackup
	}
	if done.Numbers != nil {
		text += "today's numbers go on from " + strings.Join(done.Numbers, ", ") + "\n" +
			"if a higher one was printed today, restore again with a larger -skip; who holds a ticket from since the backup takes a new one\n"
	}
	return text
}

// replay reads the whole journal with the rules in hand: the invariants, the state
// after a restart, and the read models must agree with it.
func replay(ctx context.Context, j job) (err error) {
	s, err := open(ctx, j)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if err := s.Check(ctx); err != nil {
		return err
	}
	checker := queuetest.NewChecker()
	var state queue.State
	n := 0
	for r, err := range s.Records(ctx, 0) {
		if err != nil {
			return err
		}
		if err := checker.Record(r); err != nil {
			return err
		}
		state.Apply(r)
		n++
	}
	if err := queuetest.Replayed(ctx, s, state.View()); err != nil {
		return err
	}
	_, err = fmt.Fprintf(j.out, "%d records: sound; the state after a restart equals the state of the whole journal\n", n)
	return err
}
