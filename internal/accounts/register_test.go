// SPDX-License-Identifier: EUPL-1.2

package accounts_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/internal/accounts"
	"github.com/avanti-queue/avanti/internal/store"
)

const (
	pin      = "407193"
	password = "una frase lunga"
)

// room is a register on a real store, with a clock that is set by hand.
type room struct {
	*accounts.Register
	t     *testing.T
	dir   string
	store *store.Store
	now   time.Time
}

func open(t *testing.T) *room {
	r := &room{t: t, dir: t.TempDir(), now: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)}
	r.start()
	t.Cleanup(r.stop)
	return r
}

func (r *room) start() {
	r.t.Helper()
	var err error
	if r.store, err = store.Open(r.t.Context(), store.Options{Dir: r.dir}); err != nil {
		r.t.Fatal(err)
	}
	r.Register, err = accounts.Open(r.t.Context(), accounts.Options{Memory: r.store, Now: func() time.Time { return r.now }})
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *room) stop() {
	if err := r.store.Close(); err != nil {
		r.t.Error(err)
	}
}

func (r *room) create(name string, role accounts.Role, secret string) accounts.Account {
	r.t.Helper()
	a, err := r.Create(r.t.Context(), accounts.By{Access: "desk"}, name, role, "it", secret)
	if err != nil {
		r.t.Fatal(err)
	}
	return a
}

func (r *room) enter(name, secret string) error {
	_, err := r.Verify(r.t.Context(), accounts.Attempt{Name: name, Secret: secret, Remote: "10.0.0.1", Access: "counter-1"})
	return err
}

func (r *room) wantWait(err error, want time.Duration) {
	r.t.Helper()
	if wait, ok := errors.AsType[*accounts.ThrottledError](err); !ok || wait.Wait != want {
		r.t.Errorf("%v, want a wait of %v", err, want)
	}
}

// actions are what the audit tells, the oldest first.
func (r *room) actions() string {
	r.t.Helper()
	entries, err := r.Audit(r.t.Context(), 0)
	if err != nil {
		r.t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append([]string{e.Action}, out...)
	}
	return strings.Join(out, " ")
}

func TestAccounts(t *testing.T) {
	r := open(t)
	if r.Has(accounts.Clerk, accounts.Manager, accounts.Admin) {
		t.Error("an empty register has somebody")
	}
	rossi := r.create(" Anna Rossi ", accounts.Clerk, pin)
	if rossi.Name != "Anna Rossi" || !rossi.Active() || !r.Has(accounts.Clerk) || r.Has(accounts.Manager) {
		t.Errorf("%+v", rossi)
	}
	if strings.Contains(strings.ToLower(rossi.ID), "rossi") {
		t.Errorf("the id %q tells the name", rossi.ID)
	}
	chief := r.create("Ștefan", accounts.Admin, password)
	if err := r.enter("anna rossi", pin); err != nil {
		t.Error(err)
	}
	if err := r.enter("ȘTEFAN", password); err != nil {
		t.Error(err)
	}
	if err := r.enter("Anna Rossi", password); !errors.Is(err, accounts.ErrWrong) {
		t.Error(err)
	}
	if _, err := r.Verify(t.Context(), accounts.Attempt{ID: rossi.ID, Secret: pin, Roles: []accounts.Role{accounts.Manager}}); !errors.Is(err, accounts.ErrWrong) {
		t.Errorf("a clerk where only a manager counts: %v", err)
	}
	if _, err := r.Disable(t.Context(), accounts.By{}, chief.ID); !errors.Is(err, accounts.ErrLastAdmin) {
		t.Error(err)
	}
	if _, err := r.Disable(t.Context(), accounts.By{}, rossi.ID); err != nil {
		t.Error(err)
	}
	if err := r.enter("Anna Rossi", pin); !errors.Is(err, accounts.ErrWrong) {
		t.Errorf("disabled: %v", err)
	}
	r.stop()
	r.start()
	if d := cmp.Diff([]string{"Anna Rossi", "Ștefan"}, names(r)); d != "" {
		t.Error(d)
	}
	if _, err := r.Enable(t.Context(), accounts.By{}, rossi.ID); err != nil {
		t.Error(err)
	}
	a, err := r.Change(t.Context(), accounts.By{}, rossi.ID, "Anna Verdi", accounts.Manager, "ro")
	if err != nil || a.Ready || a.Name != "Anna Verdi" || a.Language != "ro" {
		t.Errorf("a manager with a PIN: %+v, %v", a, err)
	}
	if _, err := r.SetSecret(t.Context(), accounts.By{}, rossi.ID, pin); err == nil {
		t.Error("a manager got a PIN")
	}
	if _, err := r.SetSecret(t.Context(), accounts.By{}, rossi.ID, password); err != nil {
		t.Error(err)
	}
	if _, err := r.SetSecret(t.Context(), accounts.By{}, "p-none", password); !errors.Is(err, accounts.ErrUnknown) {
		t.Error(err)
	}
	want := "account-create account-create login login login-wrong account-disable account-enable account-change account-secret"
	if d := cmp.Diff(want, r.actions()); d != "" {
		t.Error(d)
	}
}

func names(r *room) (out []string) {
	for _, a := range r.List() {
		out = append(out, a.Name)
	}
	return out
}

func TestWrongValues(t *testing.T) {
	r := open(t)
	r.create("Anna", accounts.Clerk, "")
	for _, c := range []struct{ name, role, language, secret, field string }{
		{"", "clerk", "it", "", "name"},
		{"a\nb", "clerk", "it", "", "name"},
		{"\u202ea", "clerk", "it", "", "name"},
		{strings.Repeat("x", 65), "clerk", "it", "", "name"},
		{"\xff", "clerk", "it", "", "name"},
		{"ANNA", "clerk", "it", "", "name"},
		{"b", "boss", "it", "", "role"},
		{"b", "clerk", "IT", "", "language"},
		{"b", "clerk", "it", "1", "secret"},
	} {
		_, err := r.Create(t.Context(), accounts.By{}, c.name, accounts.Role(c.role), c.language, c.secret)
		if wrong, ok := errors.AsType[*accounts.InvalidError](err); !ok || wrong.Field != c.field {
			t.Errorf("%q %q: %v, want a fault of %s", c.name, c.role, err, c.field)
		}
	}
	if len(r.List()) != 1 {
		t.Error(names(r))
	}
}

// TestThrottling: wrong secrets slow down their account, a restart does not help, and the
// right one begins anew.
func TestThrottling(t *testing.T) {
	r := open(t)
	r.create("Anna", accounts.Clerk, pin)
	for range 3 {
		if err := r.enter("Anna", "999123"); !errors.Is(err, accounts.ErrWrong) {
			t.Fatal(err)
		}
	}
	r.wantWait(r.enter("Anna", pin), 5*time.Second)
	r.stop()
	r.start()
	r.wantWait(r.enter("Anna", pin), 5*time.Second)
	r.now = r.now.Add(5 * time.Second)
	if err := r.enter("Anna", "999123"); !errors.Is(err, accounts.ErrWrong) {
		t.Fatal(err)
	}
	r.wantWait(r.enter("Anna", pin), 10*time.Second)
	r.now = r.now.Add(-24 * time.Hour) // somebody sets the clock back: nobody is kept out for a day
	r.wantWait(r.enter("Anna", pin), 15*time.Minute)
	r.now = r.now.Add(24*time.Hour + 10*time.Second)
	if err := r.enter("Anna", pin); err != nil {
		t.Fatal(err)
	}
	if err := r.enter("Anna", "999123"); !errors.Is(err, accounts.ErrWrong) {
		t.Error(err)
	}
	if err := r.enter("Anna", pin); err != nil {
		t.Error(err)
	}
}

// TestNobodyLearns: a name that nobody has behaves as one that somebody has.
func TestNobodyLearns(t *testing.T) {
	r := open(t)
	r.create("Anna", accounts.Manager, password)
	var answers [2][]string
	for i, name := range []string{"Anna", "Nobody"} {
		for range 5 {
			answers[i] = append(answers[i], r.enter(name, "not the password").Error())
		}
	}
	if d := cmp.Diff(answers[0], answers[1]); d != "" {
		t.Error(d)
	}
}

// TestOnePlace: who tries one name after the other from one place is slowed down, too;
// elsewhere people log in.
func TestOnePlace(t *testing.T) {
	r := open(t)
	r.create("Anna", accounts.Manager, password)
	for i := range 12 {
		if err := r.enter(strings.Repeat("x", i+1), "guess"); !errors.Is(err, accounts.ErrWrong) {
			t.Fatal(i, err)
		}
	}
	r.wantWait(r.enter("Anna", password), 5*time.Second)
	if _, err := r.Verify(t.Context(), accounts.Attempt{Name: "Anna", Secret: password, Remote: "10.0.0.2"}); err != nil {
		t.Error(err)
	}
	r.now = r.now.Add(31 * time.Minute)
	for range 3 {
		if err := r.enter("y", "guess"); !errors.Is(err, accounts.ErrWrong) {
			t.Errorf("half an hour later: %v", err)
		}
	}
}

// TestManyAtOnce: a hundred attempts at one account are not a hundred free ones, and do not
// take the memory of a hundred hashes.
func TestManyAtOnce(t *testing.T) {
	r := open(t)
	r.create("Anna", accounts.Clerk, pin)
	var wrong, throttled atomic.Int32
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() {
			switch err := r.enter("Anna", "999123"); {
			case errors.Is(err, accounts.ErrWrong):
				wrong.Add(1)
			default:
				if _, ok := errors.AsType[*accounts.ThrottledError](err); !ok {
					t.Error(err)
				}
				throttled.Add(1)
			}
		})
	}
	all.Wait()
	if wrong.Load() > 3 || throttled.Load() < 97 {
		t.Errorf("%d looked at, %d refused", wrong.Load(), throttled.Load())
	}
}

// TestAuditEnds: what is known of clerks is deleted after 72 hours, with nobody there.
func TestAuditEnds(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s, err := store.Open(t.Context(), store.Options{Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		r := &room{t: t, store: s}
		defer r.stop()
		if r.Register, err = accounts.Open(t.Context(), accounts.Options{Memory: s}); err != nil {
			t.Fatal(err)
		}
		r.create("Anna", accounts.Clerk, pin)
		r.create("Bruno", accounts.Manager, password)
		if err := r.enter("Anna", pin); err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- r.Run(ctx) }()
		<-time.After(71 * time.Hour)
		if got := r.actions(); got != "account-create account-create login" {
			t.Errorf("after 71 hours: %s", got)
		}
		<-time.After(2 * time.Hour)
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if got := r.actions(); got != "account-create" {
			t.Errorf("after 73 hours: %s", got)
		}
	})
	file, err := filepath.Glob(filepath.Join(dir, "*.db"))
	if err != nil || len(file) != 1 {
		t.Error(file, err)
	}
}

// TestEndlessSecrets take as long whether the name is known or not: who sends one learns nothing.
func TestEndlessSecrets(t *testing.T) {
	r := open(t)
	r.create("Anna Rossi", accounts.Manager, password)
	endless := strings.Repeat("x", 5000)
	took := func(name string) time.Duration {
		begin := time.Now()
		if err := r.enter(name, endless); !errors.Is(err, accounts.ErrWrong) {
			t.Errorf("%s: %v", name, err)
		}
		return time.Since(begin)
	}
	known := max(took("Anna Rossi"), took("Anna Rossi"))
	unknown := min(took("Nobody"), took("Nobody"))
	if known < unknown/2 {
		t.Errorf("%v for a name that is known, %v for another one", known, unknown)
	}
}

// Whoever sets a machine up logs in with what was typed, whatever became of the account before.
func TestAdmit(t *testing.T) {
	r := open(t)
	by := accounts.By{Access: "setup"}
	if _, err := r.Admit(t.Context(), by, "Ada", "it", "short"); err == nil {
		t.Error("a short password")
	}
	first, err := r.Admit(t.Context(), by, "Ada", "it", password)
	if err != nil || first.Role != accounts.Admin {
		t.Fatalf("%+v %v", first, err)
	}
	clerk, err := r.Create(t.Context(), by, "Bea", accounts.Clerk, "ro", pin)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Disable(t.Context(), by, clerk.ID); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"ada", "BEA"} {
		const other = "another long one"
		if _, err := r.Admit(t.Context(), by, name, "es", other); err != nil {
			t.Fatal(err)
		}
		a, err := r.Verify(t.Context(), accounts.Attempt{Name: name, Secret: other, Roles: []accounts.Role{accounts.Admin}})
		if err != nil || a.Language != "es" {
			t.Errorf("%s: %+v %v", name, a, err)
		}
		r.now = r.now.Add(time.Hour)
	}
	if n := len(r.List()); n != 2 {
		t.Errorf("%d accounts, want 2", n)
	}
}
