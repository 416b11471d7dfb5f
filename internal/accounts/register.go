// SPDX-License-Identifier: EUPL-1.2

package accounts

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/avanti-queue/avanti/internal/store"
)

// Memory keeps rows and the audit; see [store.Store].
type Memory interface {
	Accounts(ctx context.Context) ([]store.AccountRow, error)
	SetAccount(ctx context.Context, row store.AccountRow, entries ...store.AuditEntry) error
	Audit(ctx context.Context, before int64, now time.Time) ([]store.AuditEntry, error)
	AddAudit(ctx context.Context, entries ...store.AuditEntry) error
	ForgetAudit(ctx context.Context, now time.Time) error
}

// Options are what a [Register] is made of.
type Options struct {
	Memory Memory
	Now    func() time.Time // nil: [time.Now]
}

// Register knows the people who log in to one office. Its methods may be called from
// any goroutine.
type Register struct {
	o       Options
	hashing chan struct{} // one token for each hash that may be made now: each takes 19 MiB
	queue   chan struct{} // one token for each that waits for its turn

	changing sync.Mutex // held while an account is changed, also while it is written
	mu       sync.RWMutex
	rows     map[string]store.AccountRow // by id
	names    tries                       // of names that are nobody's
	remotes  tries
}

const (
	maxHashing = 2
	maxQueue   = 16
)

// Open reads the accounts.
func Open(ctx context.Context, o Options) (*Register, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	rows, err := o.Memory.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	r := &Register{
		o: o, hashing: make(chan struct{}, maxHashing), queue: make(chan struct{}, maxQueue),
		rows: map[string]store.AccountRow{}, names: tries{}, remotes: tries{},
	}
	for _, row := range rows {
		r.rows[row.ID] = row
	}
	return r, nil
}

// List returns every account, in the order of the names.
func (r *Register) List() []Account {
	r.mu.RLock()
	defer r.mu.RUnlock()
	out := make([]Account, 0, len(r.rows))
	for _, row := range r.rows {
		out = append(out, accountOf(row))
	}
	slices.SortFunc(out, func(a, b Account) int {
		return cmp.Or(strings.Compare(fold(a.Name), fold(b.Name)), strings.Compare(a.ID, b.ID))
	})
	return out
}

// Account returns an account, ok false if there is none of that id.
func (r *Register) Account(id string) (a Account, ok bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	row, ok := r.rows[id]
	return accountOf(row), ok
}

// Has reports whether somebody can log in with one of the roles. While nobody can, a
// workplace alone is enough for what the role does.
func (r *Register) Has(roles ...Role) bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	for _, row := range r.rows {
		if accountOf(row).Active() && slices.Contains(roles, Role(row.Role)) {
			return true
		}
	}
	return false
}

// Create makes an account. Without a secret ("") nobody can log in with it yet. Wrong
// values are an [*InvalidError].
func (r *Register) Create(ctx context.Context, by By, name string, role Role, language, secret string) (Account, error) {
	name, err := checked(name, role, language)
	if err != nil {
		return Account{}, err
	}
	row := store.AccountRow{
		ID: newID(), Name: name, Role: string(role), Language: language, Made: r.o.Now().UTC().Truncate(time.Millisecond),
	}
	if secret != "" {
		if row.Secret, err = r.hash(ctx, role, secret); err != nil {
			return Account{}, err
		}
	}
	r.changing.Lock()
	defer r.changing.Unlock()
	if err := r.free(name, row.ID); err != nil {
		return Account{}, err
	}
	return r.keep(ctx, by, row, "account-create")
}

// checked returns a name as it is kept, if all of it can stand in an account.
func checked(name string, role Role, language string) (string, error) {
	for _, err := range []error{checkRole(role), checkLanguage(language)} {
		if err != nil {
			return "", err
		}
	}
	return cleanName(name)
}

// Admit makes somebody an admin who can log in at once: the account of that name, whatever became of
// it, or else a new one. It is for whoever holds the machine; the error is as of [Register.Create].
func (r *Register) Admit(ctx context.Context, by By, name, language, secret string) (Account, error) {
	if err := CheckSecret(Admin, secret); err != nil {
		return Account{}, err
	}
	was := Account{}
	for _, a := range r.List() {
		if fold(a.Name) == fold(name) {
			was = a
		}
	}
	if was.ID == "" {
		return r.Create(ctx, by, name, Admin, language, secret)
	}
	if _, err := r.Change(ctx, by, was.ID, name, Admin, language); err != nil {
		return Account{}, err
	}
	if _, err := r.SetSecret(ctx, by, was.ID, secret); err != nil {
		return Account{}, err
	}
	return r.Enable(ctx, by, was.ID)
}

// Change gives an account another name, role or language. Where the role asks for
// another kind of secret, the old one counts no more.
func (r *Register) Change(ctx context.Context, by By, id, name string, role Role, language string) (Account, error) {
	name, err := checked(name, role, language)
	if err != nil {
		return Account{}, err
	}
	r.changing.Lock()
	defer r.changing.Unlock()
	row, err := r.row(id)
	if err != nil {
		return Account{}, err
	}
	if err := r.free(name, id); err != nil {
		return Account{}, err
	}
	if role != Admin && r.lastAdmin(row) {
		return Account{}, ErrLastAdmin
	}
	if (role == Clerk) != (Role(row.Role) == Clerk) {
		row.Secret = ""
	}
	row.Name, row.Role, row.Language = name, string(role), language
	return r.keep(ctx, by, row, "account-change")
}

// SetSecret gives an account another secret, and lets its bearer try again at once.
func (r *Register) SetSecret(ctx context.Context, by By, id, secret string) (Account, error) {
	a, ok := r.Account(id)
	if !ok {
		return Account{}, ErrUnknown
	}
	sum, err := r.hash(ctx, a.Role, secret)
	if err != nil {
		return Account{}, err
	}
	r.changing.Lock()
	defer r.changing.Unlock()
	row, err := r.row(id)
	if err != nil {
		return Account{}, err
	}
	if row.Role != string(a.Role) {
		return Account{}, invalid("role", "role", "a role that does not change meanwhile")
	}
	row.Secret, row.Failed, row.Until = sum, 0, time.Time{}
	return r.keep(ctx, by, row, "account-secret")
}

// Disable keeps an account from logging in; Enable lets it again. To do either twice
// changes nothing.
func (r *Register) Disable(ctx context.Context, by By, id string) (Account, error) {
	return r.able(ctx, by, id, false)
}

// Enable is the inverse of [Register.Disable].
func (r *Register) Enable(ctx context.Context, by By, id string) (Account, error) {
	return r.able(ctx, by, id, true)
}

func (r *Register) able(ctx context.Context, by By, id string, able bool) (Account, error) {
	r.changing.Lock()
	defer r.changing.Unlock()
	row, err := r.row(id)
	switch {
	case err != nil:
		return Account{}, err
	case row.Disabled.IsZero() == able:
		return accountOf(row), nil
	case able:
		row.Disabled = time.Time{}
		return r.keep(ctx, by, row, "account-enable")
	case r.lastAdmin(row):
		return Account{}, ErrLastAdmin
	}
	row.Disabled = r.o.Now().UTC().Truncate(time.Millisecond)
	return r.keep(ctx, by, row, "account-disable")
}

// keep writes a row down with an entry of the audit. The caller holds changing.
func (r *Register) keep(ctx context.Context, by By, row store.AccountRow, action string) (Account, error) {
	if err := r.o.Memory.SetAccount(ctx, row, r.entry(by, Role(row.Role), action, row.ID)); err != nil {
		return Account{}, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.rows[row.ID] = row
	return accountOf(row), nil
}

func (r *Register) row(id string) (store.AccountRow, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	row, ok := r.rows[id]
	if !ok {
		return store.AccountRow{}, ErrUnknown
	}
	return row, nil
}

// free refuses a name that somebody else has.
func (r *Register) free(name, id string) error {
	r.mu.RLock()
	defer r.mu.RUnlock()
	for _, row := range r.rows {
		if row.ID != id && fold(row.Name) == fold(name) {
			return invalid("name", "name_taken", "a name that nobody else has")
		}
	}
	return nil
}

// lastAdmin reports whether nobody could log in as admin without an account.
func (r *Register) lastAdmin(row store.AccountRow) bool {
	if Role(row.Role) != Admin || !accountOf(row).Active() {
		return false
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	for _, other := range r.rows {
		if other.ID != row.ID && Role(other.Role) == Admin && accountOf(other).Active() {
			return false
		}
	}
	return true
}

// hash checks a secret and makes its hash, a few at a time.
func (r *Register) hash(ctx context.Context, role Role, secret string) (string, error) {
	if err := CheckSecret(role, secret); err != nil {
		return "", err
	}
	done, err := r.turn(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	return newHash(secret).String(), nil
}

// turn waits until a hash may be made. When too many wait already, it is refused.
func (r *Register) turn(ctx context.Context) (done func(), err error) {
	select {
	case r.queue <- struct{}{}:
		defer func() { <-r.queue }()
	default:
		return nil, &ThrottledError{Wait: time.Second}
	}
	select {
	case r.hashing <- struct{}{}:
		return func() { <-r.hashing }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// newID returns an id that says nothing: 40 random bits.
func newID() string {
	var b [5]byte
	rand.Read(b[:]) // never fails, by its contract
	return fmt.Sprintf("p-%x", b)
}
