// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/queue"
)

var update = flag.Bool("update", false, "write what the scripts bring about into their files")

// TestScripts plays the scripts of testdata/office: what people do at which minute,
// and what answers, slips and boards come of it. A line of a script is
//
//	HH:MM touch SERVICE [LANGUAGE]          a citizen at the kiosk
//	HH:MM tap-twice SERVICE                 the same touch, sent twice
//	HH:MM page COUNTER COMMAND [FIELD=TEXT] a clerk's page: open, next, recall, start, finish, no-show, park, pause, close ...
//	HH:MM press COUNTER KEY                 a clerk's box: next, recall, start, finish, no_show
//	HH:MM board                             what the hall reads
//	HH:MM panel ID                          what a display shows
//	HH:MM paper out|load                    the printer's roll; out: 20 mm into the next slip
//	HH:MM broker away|back
//	HH:MM restart                           the daemon, as a machine restarts it
func TestScripts(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "..", "testdata", "office", "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			var got script
			synctest.Test(t, func(t *testing.T) { got = play(t, section(t, archive, "script"), dir) })
			checkJournal(t, dir)
			if *update {
				set(archive, "answers", got.answers.String())
				set(archive, "slips", got.slips.String())
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			for part, text := range map[string]string{"answers": got.answers.String(), "slips": got.slips.String()} {
				if d := cmp.Diff(section(t, archive, part), text); d != "" {
					t.Errorf("%s (-want +got):\n%s", part, d)
				}
			}
		})
	}
}

func section(t *testing.T, a *txtar.Archive, name string) string {
	t.Helper()
	for _, f := range a.Files {
		if f.Name == name {
			return string(f.Data)
		}
	}
	t.Fatalf("no section %s", name)
	return ""
}

func set(a *txtar.Archive, name, text string) {
	for i := range a.Files {
		if a.Files[i].Name == name {
			a.Files[i].Data = []byte(text)
		}
	}
}

// script is an office at work on a script.
type script struct {
	*rig
	touches int
	answers strings.Builder
	slips   strings.Builder
}

func play(t *testing.T, lines, dir string) script {
	s := script{rig: newRig(t, "small.yaml", at(7, 0), dir)}
	defer s.stop()
	for line := range strings.Lines(lines) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		words := strings.Fields(line)
		clock, err := time.Parse("15:04", words[0])
		if err != nil || len(words) < 2 {
			t.Fatalf("script: %q: want HH:MM and an action", line)
		}
		pass(time.Until(at(clock.Hour(), clock.Minute())))
		synctest.Wait()
		fmt.Fprintf(&s.answers, "%s\n\t%s\n", line, s.act(words[1], words[2:]))
		pass(20 * time.Second) // paper, displays and replies come to rest
		synctest.Wait()
	}
	token := regexp.MustCompile(`/t/[0-9A-Z]{24}\b`) // of a key that is another one in each run
	for _, sheet := range s.papers() {
		fmt.Fprintf(&s.slips, "%s\n---\n", token.ReplaceAllString(sheet.Text, "/t/TOKEN"))
	}
	return s
}

func (s *script) act(action string, args []string) string {
	switch action {
	case "touch", "tap-twice":
		return s.touch(action == "tap-twice", args)
	case "page":
		return s.clerk(args)
	case "press":
		return s.press(args)
	case "board":
		return s.board()
	case "panel":
		rows, honest := s.panels[args[0]].Content()
		return fmt.Sprintf("%v honest %v", rows, honest)
	case "paper":
		if args[0] == "out" {
			s.paper.PaperOut(160)
		} else {
			s.paper.LoadPaper()
		}
	case "broker":
		if args[0] == "away" {
			s.breakBroker()
		} else {
			s.startBroker()
		}
	case "restart":
		s.stopDaemon()
		s.startApp()
	default:
		s.t.Fatalf("script: no action %q", action)
	}
	return "-"
}

func (s *script) touch(twice bool, args []string) string {
	s.touches++
	wish := map[string]any{"service": args[0]}
	if len(args) > 1 {
		wish["language"] = args[1]
	}
	answer := func() string {
		return s.post("kiosk-1", "/api/v1/tickets", fmt.Sprintf("touch-%d", s.touches), wish, func(a answer) string {
			return fmt.Sprintf("%s, paper %s", a.Number, a.Paper.Outcome)
		})
	}
	if twice {
		return answer() + "; again: " + answer()
	}
	return answer()
}

// answer is what the scripts show of the API's answers.
type answer struct {
	Number  string
	Paper   struct{ Outcome string }
	Code    string
	Counter struct {
		State  string
		Ticket *struct{ Number, Status string }
	}
}

func (s *script) clerk(args []string) string {
	id := queue.CounterID(args[0])
	now, _ := s.app.Office().View().Counter(id)
	body := map[string]any{"seen": now.Seen}
	for _, field := range args[2:] {
		name, value, _ := strings.Cut(field, "=")
		body[name] = value
	}
	s.touches++
	path := "/api/v1/counters/" + args[0] + "/" + args[1]
	return s.post("desk-"+strings.TrimPrefix(args[0], "c"), path, fmt.Sprintf("key-%d", s.touches), body, func(a answer) string {
		if a.Counter.Ticket == nil {
			return a.Counter.State
		}
		return fmt.Sprintf("%s, %s %s", a.Counter.State, a.Counter.Ticket.Status, a.Counter.Ticket.Number)
	})
}

func (s *script) post(access, path, key string, body any, tell func(answer) string) string {
	b, err := json.Marshal(body)
	if err != nil {
		s.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, "http://localhost:8080"+path, bytes.NewReader(b))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Idempotency-Key", key)
	var a answer
	if status := s.ask(access, req, &a); status >= http.StatusBadRequest {
		return fmt.Sprintf("%d %s", status, a.Code)
	}
	return tell(a)
}

// ask sends a request of an access, reads its JSON and returns the status.
func (r *rig) ask(access string, req *http.Request, answer any) int {
	r.t.Helper()
	req.Header.Set("Authorization", "Bearer "+secret(access))
	req.Header.Set("Content-Type", "application/json")
	resp, err := r.client.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	if err := json.Unmarshal(text, answer); err != nil {
		r.t.Fatalf("%s: %v\n%s", req.URL, err, text)
	}
	return resp.StatusCode
}

func (s *script) press(args []string) string {
	keys := map[string]fwproto.Key{
		"next": fwproto.KeyNext, "recall": fwproto.KeyRecall, "start": fwproto.KeyStart,
		"finish": fwproto.KeyFinish, "no_show": fwproto.KeyNoShow,
	}
	reply, err := s.boxes[queue.CounterID(args[0])].Press(s.t.Context(), keys[args[1]])
	if err != nil {
		return err.Error()
	}
	return strings.TrimSpace(fmt.Sprintf("%v %s", reply.Status, reply.Number))
}

func (s *script) board() string {
	resp, err := s.client.Get("http://localhost:8080/api/v1/board")
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var board struct {
		Calls []struct{ Number, Label, State string }
	}
	if err := json.NewDecoder(resp.Body).Decode(&board); err != nil {
		s.t.Fatal(err)
	}
	var rows []string
	for _, c := range board.Calls {
		rows = append(rows, fmt.Sprintf("%s at %s %s", c.Number, c.Label, c.State))
	}
	return "[" + strings.Join(rows, ", ") + "]"
}
