// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"context"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/avanti-queue/avanti/internal/app"
	"github.com/avanti-queue/avanti/internal/config"
)

// notes gathers what a program says.
type notes struct {
	mu   sync.Mutex
	text strings.Builder
}

func (n *notes) Write(b []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.text.Write(b)
}

func (n *notes) String() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.text.String()
}

// startProgram starts the real daemon on an empty directory and returns where its pages are and
// the code that it prints.
func startProgram(t *testing.T) (o *office, code string) {
	t.Helper()
	program := filepath.Join(t.TempDir(), "avantid")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, "./cmd/avantid")
	build.Dir = ".."
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	said := &notes{}
	daemon := exec.Command(program, "-data", filepath.Join(t.TempDir(), "data"), "-listen", "127.0.0.1:0")
	daemon.Stderr = said
	if err := daemon.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = daemon.Process.Signal(syscall.SIGTERM) // it may have ended
		if err := daemon.Wait(); err != nil {
			t.Errorf("avantid: %v\n%s", err, said)
		}
	})
	told := regexp.MustCompile(`http://(127\.0\.0\.1:\d+)/\s+and enter the code (\S+)`)
	for {
		if m := told.FindStringSubmatch(said.String()); m != nil {
			return &office{t: t, address: m[1]}, m[2]
		}
		if daemon.ProcessState != nil || t.Context().Err() != nil {
			t.Fatalf("avantid does not tell where it is:\n%s", said)
		}
	}
}

// put writes a text into a field of a form, in place of what stands there.
func (tb *tab) put(css, text string) {
	tb.t.Helper()
	tb.until(css+" is there", fmt.Sprintf(`document.readyState === "complete" && document.querySelector(%q)?.checkVisibility()`, css))
	eval[string](tb, fmt.Sprintf(`document.querySelector(%q).value = %q`, css, text))
}

// TestFirstRun is a technician who starts the program on an empty board, describes the office in
// a browser and sees the first citizen called in the hall.
func TestFirstRun(t *testing.T) {
	o, code := startProgram(t)
	tb := o.tab(t, "", "/setup?lang=it")
	tb.allow("401", "422", "Failed to load resource", "ERR_")
	tb.put("#code", "AAAA-AAAA")
	tb.click("button.primary")
	tb.await(".fault", "Il codice non è questo")
	tb.put("#code", code)
	tb.click("button.primary")

	tb.settle("/setup/office")
	tb.click(`[name="office.languages"][value="en"]`)
	tb.click("button.primary")
	tb.await("label", "Nome dell'ufficio (inglese)") // a language more is a name more
	tb.click("button.primary")
	tb.await("#faults", "Da compilare") // it needs a name
	tb.look()
	tb.put("#f-office-name-it", "Comune di Prova")
	tb.put("#f-office-name-en", "Test Town")
	tb.click("button.primary")

	tb.settle("/setup/hours")
	for _, day := range []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"} {
		tb.put("#f-hours-"+day, "0-24")
	}
	tb.click("button.primary")

	tb.settle("/setup/services")
	tb.click(`[value="onestop"]`)
	tb.click("button.primary")
	tb.await("summary", "Pagamenti")
	tb.click("button.primary")

	tb.settle("/setup/counters")
	tb.click("button.primary")
	tb.settle("/setup/printers")
	tb.click("button.primary")

	tb.settle("/setup/screens")
	tb.click(`[name="make"]`)
	tb.await("h3", "Schermo della sala")
	tb.look()
	links := eval[[]string](tb, `[...document.querySelectorAll(".link-text")].map((e) => e.innerText)`)
	if len(links) != 5 {
		t.Fatalf("links: %q", links)
	}
	tb.click(`[name="next"]`)

	tb.settle("/setup/account")
	tb.put("#name", "Anna")
	tb.put("#password", "short")
	tb.put("#repeat", "short")
	tb.click("button.primary")
	tb.await(".want", "Almeno 10 caratteri")
	tb.put("#password", "una lunga parola")
	tb.put("#repeat", "una lunga parola")
	tb.click("button.primary")
	tb.settle("/setup/summary")
	tb.click("button.primary")

	// The same program is the office now, and leads to its administration.
	tb.settle("/enter")
	tb.put("#name", "Anna")
	tb.put("#password", "una lunga parola")
	tb.click("#enter-password button")
	tb.settle("/admin")
	tb.await(".menu [aria-current]", "Amministrazione") // the language that Anna has chosen

	// Somebody takes a number and is called.
	kiosk := o.tab(t, "", strings.TrimPrefix(links[0], "http://"+o.address))
	kiosk.settle("/kiosk")
	desk := o.tab(t, "", strings.TrimPrefix(links[2], "http://"+o.address))
	desk.settle("/counter")
	hall := o.tab(t, "", "/hall")
	first := eval[string](kiosk, `(async () => {
		const answer = await fetch("/api/v1/tickets", {method: "POST", headers: {"Content-Type": "application/json", "Idempotency-Key": "first"},
			body: JSON.stringify({service: "payments"})});
		return (await answer.json()).number ?? answer.status.toString();
	})()`)
	if first != "A001" {
		t.Fatalf("the first number is %q", first)
	}
	called := eval[int](desk, `(async () => {
		const post = async (op, body) => fetch("/api/v1/counters/c1/" + op, {method: "POST", headers: {"Content-Type": "application/json", "Idempotency-Key": op}, body: JSON.stringify(body)});
		const seen = async () => (await (await fetch("/api/v1/counters/c1")).json()).seen;
		await post("open", {seen: await seen()});
		return (await post("next", {seen: await seen()})).status;
	})()`)
	if called != 200 {
		t.Fatalf("calling the citizen gives %d", called)
	}
	hall.await("body", "A001")
}

// TestAdministration is an admin who changes settings while the hall runs: at once where the queue
// alone has to know, with a restart that is told before where the program has to.
func TestAdministration(t *testing.T) {
	o := startServed(t)
	tb := o.tab(t, "admin", "/admin?lang=it")
	tb.look()
	for _, chapter := range []string{"services", "counters", "access", "people", "file", "history/1", "backups"} {
		tb.open("/admin/" + chapter + "?lang=ro")
		tb.look()
	}
	tb.allow("422", "412")

	tb.open("/admin/hours?lang=it")
	tb.put("#f-hours-sat", "mattina")
	tb.click("button.primary")
	tb.await("#f-hours-sat-want", "Orari come")
	tb.put("#f-hours-sat", "9-12")
	tb.click("button.primary")
	tb.await(".note", "in vigore da subito")

	other := o.tab(t, "admin", "/admin/network?lang=it")
	other.allow("412")
	tb.open("/admin/network?lang=it")
	tb.put("#f-backup-keep", "9")
	tb.click("button.primary")
	tb.await("#confirm", "Nessun numero va perso")
	tb.click("button.primary")
	tb.await(".note", "ripartito")
	if got := eval[string](tb, `document.querySelector("#f-backup-keep").value`); got != "9" {
		t.Errorf("after the restart %s backups are kept", got)
	}

	other.put("#f-backup-keep", "5") // on the page as it was before
	other.click("button.primary")
	other.await(".fault", "un'altra persona")
	if got := eval[string](other, `document.querySelector("#f-backup-keep").value`); got != "5" {
		t.Errorf("what was typed is gone: %s", got)
	}

	tb.open("/admin/access?lang=it")
	tb.click(`form:has([value="kiosk-2"]) [value="make"], form:has([value="hall"]) [value="make"]`)
	tb.await(".link-text", "/enter#")
	tb.open("/admin/history?lang=it")
	tb.await("tbody", "Copie automatiche")
}

// startServed is startOffice for stories in which the pages change the configuration.
func startServed(t *testing.T) *office {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "testdata", "office", "small.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return serveText(t, string(text))
}

// serveText runs the daemon of a configuration as avantid does, with all accesses open.
func serveText(t *testing.T, text string) *office {
	t.Helper()
	dir := t.TempDir()
	for _, id := range []string{"kiosk-1", "hall", "admin", "manager"} {
		sum := sha256.Sum256([]byte(token(id)))
		text = regexp.MustCompile(`\{id: `+id+`, role: (\w+)\}`).ReplaceAllString(text, fmt.Sprintf(`{id: %s, role: $1, token_sha256: "%x"}`, id, sum))
	}
	text = strings.Replace(text, "data_dir: var/small", "data_dir: "+filepath.Join(dir, "data"), 1)
	text = strings.Replace(text, "127.0.0.1:8080\", hosts", "127.0.0.1:0\", hosts", 1)
	path := filepath.Join(dir, "office.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := config.Load(path, app.CheckConfig)
	if err != nil {
		t.Fatal(err)
	}
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		done <- app.Serve(ctx, app.ServeOptions{Config: file, Log: slog.New(slog.DiscardHandler), Listener: l.(*net.TCPListener)})
	}()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Errorf("the daemon: %v", err)
		}
	})
	return &office{t: t, file: file, address: l.Addr().String()}
}
