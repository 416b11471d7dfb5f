// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestAutoplay: a Chromium that somebody started by hand, with a screen and without a driver, plays
// the chime with the flags that are shipped, and with the policy alone; with neither it refuses,
// and the page asks for a touch. Drivers hide this: they bring flags of their own.
func TestAutoplay(t *testing.T) {
	display := xvfb(t)
	o := startOffice(t, "small.yaml")
	for _, x := range []struct {
		name   string
		flags  []string
		policy bool
		want   string
	}{
		{"by hand", nil, false, "refused"},
		{"with the shipped flags", shippedFlags(t), false, "plays"},
		{"with the shipped policy", nil, true, "plays"},
	} {
		t.Run(x.name, func(t *testing.T) {
			address, reports := o.screen(t)
			if x.policy && !policy(t, address) {
				return
			}
			launch(t, display, address+"/hall", x.flags)
			select {
			case got := <-reports:
				if got.Get("sound") != x.want {
					t.Errorf("the screen reports %v, want %s", got, x.want)
				}
				if heard, err := strconv.ParseFloat(got.Get("heard"), 64); x.want == "plays" && (err != nil || heard <= 0) {
					t.Errorf("the sound did not move on: %v", got)
				}
			case <-time.After(20 * time.Second):
				t.Error("the screen reports nothing")
			}
		})
	}
}

// screen is an address under which a browser belongs to the office's wall, and what it reports of
// its sound.
func (o *office) screen(t *testing.T) (address string, reports <-chan url.Values) {
	t.Helper()
	target, err := url.Parse(o.url(""))
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.FlushInterval = -1
	out := make(chan url.Values, 8)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/hall/sound" {
			body, err := io.ReadAll(r.Body)
			if form, bad := url.ParseQuery(string(body)); err == nil && bad == nil {
				out <- form
			}
			r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		}
		r.Header.Set("Authorization", "Bearer "+token("hall"))
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	return server.URL, out
}

// xvfb starts a screen that nobody sees and returns its name.
func xvfb(t *testing.T) string {
	t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "Xvfb", "-displayfd", "3", "-screen", "0", "1280x720x24", "-nolisten", "tcp")
	cmd.ExtraFiles = []*os.File{write}
	if err := cmd.Start(); err != nil {
		t.Fatalf("Xvfb does not start (Debian: apt-get install xvfb): %v", err)
	}
	_ = write.Close()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		_ = read.Close()
	})
	number := make([]byte, 16)
	n, err := read.Read(number)
	if err != nil {
		t.Fatalf("Xvfb: %v", err)
	}
	return ":" + strings.TrimSpace(string(number[:n]))
}

// shippedFlags are those of deploy/kiosk.
func shippedFlags(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "deploy", "kiosk", "flags"))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "--") {
			out = append(out, line)
		}
	}
	return out
}

// policy puts the rule for sound of the shipped policies in force, for an address. It reports false
// where that is not allowed: policies belong to root.
func policy(t *testing.T, address string) bool {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Log("not tried: only root may write Chromium's policies")
		return false
	}
	text, err := os.ReadFile(filepath.Join("..", "deploy", "kiosk", "policies", "avanti.json"))
	if err != nil {
		t.Fatal(err)
	}
	var shipped map[string]any
	if err := json.Unmarshal(bytes.ReplaceAll(text, []byte("http://avanti.lan"), []byte(address)), &shipped); err != nil {
		t.Fatal(err)
	}
	// The others lock the browser to the office; this machine's other browsers are not ours.
	text, err = json.Marshal(map[string]any{"AutoplayAllowlist": shipped["AutoplayAllowlist"]})
	if err != nil {
		t.Fatal(err)
	}
	dir := "/etc/chromium/policies/managed"
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	file, err := os.CreateTemp(dir, "avanti-test-*.json")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Remove(file.Name()) })
	_, err = file.Write(text)
	if err := file.Chmod(0o644); err != nil {
		t.Fatal(err)
	}
	if closed := file.Close(); err != nil || closed != nil {
		t.Fatal(err, closed)
	}
	return true
}

// launch starts Chromium as a person would, with a profile of its own, until the test ends.
func launch(t *testing.T, display, address string, flags []string) {
	t.Helper()
	profile := t.TempDir()
	args := append([]string{"--user-data-dir=" + profile, "--no-first-run", "--disable-gpu", "--window-size=1280,720"}, flags...)
	if os.Geteuid() == 0 {
		args = append(args, "--no-sandbox") // it starts as root in no other way
	}
	cmd := exec.CommandContext(t.Context(), "chromium", append(args, address)...)
	cmd.Env = append(os.Environ(), "DISPLAY="+display, "HOME="+profile, "XDG_RUNTIME_DIR="+profile)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // so that all of its processes end with it
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		_ = cmd.Wait()
	})
}
