// SPDX-License-Identifier: EUPL-1.2

package accounts

import (
	"context"
	"errors"
	"time"

	"github.com/avanti-queue/avanti/internal/store"
)

// How long entries of the audit are kept.
const (
	keepClerk  = 72 * time.Hour
	keepOthers = 2 * 365 * 24 * time.Hour
)

// By is in whose name something is done.
type By struct {
	Access  string // id of the workplace, "": none
	Account string // id of the person, "": none
}

// Entry is one line of the audit.
type Entry = store.AuditEntry

// Note writes down what somebody did outside of the journal. The action is the name of
// a kind, the subject an id; neither holds a person's name.
func (r *Register) Note(ctx context.Context, by By, action, subject string) error {
	return r.o.Memory.AddAudit(ctx, r.entry(by, "", action, subject))
}

// Audit returns the newest entries before one, the newest first, some hundred at most;
// before 0 begins with the newest of all.
func (r *Register) Audit(ctx context.Context, before int64) ([]Entry, error) {
	return r.o.Memory.Audit(ctx, before, r.o.Now())
}

// entry is a line about somebody of a role, "" for nobody: it is deleted early if it is about
// a clerk or a clerk did it.
func (r *Register) entry(by By, about Role, action, subject string) Entry {
	now, keep := r.o.Now().UTC(), keepOthers
	if a, _ := r.Account(by.Account); about == Clerk || a.Role == Clerk {
		keep = keepClerk
	}
	return Entry{At: now, Access: by.Access, Account: by.Account, Action: action, Subject: subject, Ends: now.Add(keep)}
}

// forgetEvery is how often old entries are deleted.
const forgetEvery = time.Hour

// Run deletes the entries of the audit that have ended, until ctx ends.
func (r *Register) Run(ctx context.Context) error {
	tick := time.NewTicker(forgetEvery)
	defer tick.Stop()
	for {
		if err := r.o.Memory.ForgetAudit(ctx, r.o.Now()); err != nil {
			if errors.Is(err, context.Canceled) {
				return nil
			}
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}
