// SPDX-License-Identifier: EUPL-1.2

package accounts

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/avanti-queue/avanti/internal/store"
)

// Attempt is somebody who wants to log in.
type Attempt struct {
	ID     string // of the account; "": Name counts
	Name   string // as typed
	Secret string
	Remote string // where the attempt comes from, for example an address
	Access string // the workplace, for the audit; "": none
	Roles  []Role // that count here; an account of another role is treated like none
}

// Verify returns whose secret it is. Wrong ones are [ErrWrong], whether the name is
// known or not, and take as long; too many are a [*ThrottledError]. Attempts at one
// account are judged one after the other.
func (r *Register) Verify(ctx context.Context, a Attempt) (Account, error) {
	if len(a.Secret) > maxSecret {
		a.Secret = "" // nobody's either, and as much work whether the name is known or not
	}
	done, err := r.turn(ctx)
	if err != nil {
		return Account{}, err
	}
	defer done()
	id, err := r.begin(a)
	if err != nil {
		return Account{}, err
	}
	return r.judge(ctx, a, id)
}

// begin counts an attempt as a wrong one until it is proved right: many at once are
// not many free ones. It returns the account's id, "" if there is none that counts.
func (r *Register) begin(a Attempt) (id string, err error) {
	now := r.o.Now().UTC().Truncate(time.Millisecond)
	r.mu.Lock()
	defer r.mu.Unlock()
	remote := r.remotes.of(a.Remote, now)
	if wait := remote.wait(now, remoteWait); wait > 0 {
		return "", &ThrottledError{Wait: wait}
	}
	row, known := r.find(a)
	t, bound := r.names.of(fold(a.ID+a.Name), now), secretWait
	if known {
		t, bound = try{failed: row.Failed, until: row.Until}, longest(Role(row.Role))
	}
	if wait := t.wait(now, bound); wait > 0 {
		return "", &ThrottledError{Wait: wait}
	}
	t.fail(now, freeTries, bound)
	remote.fail(now, remoteFree, remoteWait)
	r.remotes.put(a.Remote, remote, now)
	if !known {
		r.names.put(fold(a.ID+a.Name), t, now)
		return "", nil
	}
	row.Failed, row.Until = t.failed, t.until
	r.rows[row.ID] = row
	return row.ID, nil
}

// find returns the account that an attempt is about. The caller holds mu.
func (r *Register) find(a Attempt) (store.AccountRow, bool) {
	for _, row := range r.rows {
		counts := accountOf(row).Active() && (a.Roles == nil || slices.Contains(a.Roles, Role(row.Role)))
		if counts && (a.ID != "" && row.ID == a.ID || a.ID == "" && fold(row.Name) == fold(a.Name)) {
			return row, true
		}
	}
	return store.AccountRow{}, false
}

// judge looks at the secret and writes down what came of it: a restart forgets no wrong one.
func (r *Register) judge(ctx context.Context, a Attempt, id string) (Account, error) {
	row, err := r.row(id)
	if err != nil { // nobody's: as much work as for somebody
		decoy().matches(a.Secret)
		return Account{}, ErrWrong
	}
	h, err := parseHash(row.Secret)
	if err != nil {
		return Account{}, fmt.Errorf("account %s: its secret cannot be read: %w; set another one", id, err)
	}
	right := h.matches(a.Secret)

	r.changing.Lock()
	defer r.changing.Unlock()
	now, err := r.row(id) // others may have tried meanwhile
	if err != nil {
		return Account{}, ErrWrong
	}
	by, action := By{Access: a.Access}, "login-wrong"
	if right = right && now.Secret == row.Secret && accountOf(now).Active(); right {
		now.Failed, now.Until = 0, time.Time{}
		by.Account, action = id, "login"
	}
	if err := r.o.Memory.SetAccount(ctx, now, r.entry(by, Role(now.Role), action, id)); err != nil {
		return Account{}, err
	}
	if !right {
		return Account{}, ErrWrong
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.rows[id] = now
	delete(r.remotes, a.Remote)
	return accountOf(now), nil
}

// decoy is a hash that no secret has.
func decoy() hash {
	return hash{memory: costMemory, time: costTime, lanes: costLanes, salt: make([]byte, saltSize), sum: make([]byte, hashSize)}
}
