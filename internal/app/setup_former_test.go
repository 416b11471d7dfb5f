// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/avanti-queue/avanti/internal/accounts"
	"github.com/avanti-queue/avanti/internal/app"
	"github.com/avanti-queue/avanti/internal/store"
)

// A set-up over the data of an office goes on with them: the id stays, and the password that is typed
// counts, also for somebody who was there and could not log in.
func TestSetUpOverAFormerOffice(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	former := officeOf(t, filepath.Dir(dir))
	ended := make(chan struct{})
	t.Run("former", func(t *testing.T) {
		running(t, former)
		t.Cleanup(func() { close(ended) })
	})
	<-ended
	s, err := store.Open(t.Context(), store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	people, err := accounts.Open(t.Context(), accounts.Options{Memory: s})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"Ada", "Bea"} {
		a, err := people.Create(t.Context(), accounts.By{}, name, accounts.Admin, "en", "an old password")
		if err == nil && name == "Ada" {
			_, err = people.Disable(t.Context(), accounts.By{}, a.ID)
		}
		if name != "Ada" && err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	l := listenAnywhere(t)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	v := &visitor{t: t, base: "http://" + l.Addr().String(), http: &http.Client{
		Jar: jar, Timeout: 20 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	run(t, func(ctx context.Context) error {
		log := slog.New(slog.DiscardHandler)
		file, err := app.SetUp(ctx, app.SetUpOptions{Dir: dir, Listener: l, Out: io.Discard, Log: log})
		if err != nil {
			return err
		}
		return app.Serve(ctx, app.ServeOptions{Config: file, Log: log, Listener: l})
	})
	var code []byte
	(&served{t: t}).wait(func() bool {
		code, err = os.ReadFile(filepath.Join(dir, "setup-code"))
		return err == nil && len(code) > 0
	})
	v.send("/setup?lang=en", url.Values{"code": {string(code)}}, 303)
	office := url.Values{
		"form": {"office"}, "office.languages": {"en"}, "office.languages.own": {"en"}, "office.name.en": {"Test hall"}, "office.id": {""},
	}
	office.Set("office.zone", "Mars")
	if page := v.send("/setup/office?lang=en", office, 422); !strings.Contains(page, "id stays small") {
		t.Error("nobody is told of the office that was here before")
	}
	office.Set("office.id", "small")
	office.Set("office.zone", "Europe/Rome")
	v.send("/setup/office?lang=en", office, 303)
	v.send("/setup/hours?lang=en", url.Values{"form": {"hours"}}, 303)
	v.send("/setup/services?lang=en", url.Values{"template": {"onestop"}}, 200)
	// What a page may not name: the test slip would be printed into the journal.
	v.send("/setup/printers?lang=en", url.Values{
		"form": {"printers"}, "test": {"0"}, "printers[0].row": {"new"}, "printers[0].profile": {"generic"}, "printers[0].path": {filepath.Join(dir, "avanti.db")},
	}, 422)
	v.send("/setup/printers?lang=en", url.Values{"form": {"printers"}}, 303)
	v.send("/setup/screens?lang=en", url.Values{"make": {"1"}}, 200)
	v.send("/setup/account?lang=en", url.Values{"name": {"ada"}, "language": {"en"}, "password": {"a new password"}, "repeat": {"a new password"}}, 303)
	v.send("/setup/summary?lang=en", nil, 200)
	v.send("/enter?lang=en", url.Values{"name": {"Ada"}, "password": {"an old password"}, "next": {"/admin"}}, 401)
	v.send("/enter?lang=en", url.Values{"name": {"Ada"}, "password": {"a new password"}, "next": {"/admin"}}, 303)
	v.send("/enter?lang=en", url.Values{"name": {"Bea"}, "password": {"an old password"}, "next": {"/admin"}}, 303)
}
