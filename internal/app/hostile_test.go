// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/avanti-queue/avanti/device/escpos"
	"github.com/avanti-queue/avanti/internal/app"
	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/sim/paper"
	"github.com/avanti-queue/avanti/queue"
)

// commands are those of all printers that a text must not bring to the head: initialise, cut, clear at
// once, ask at once, present, store into the memory, set the counters.
const commands = "\x1b@\x1dV\x00\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08\x10\x04\x01\x10\x05\x02\x1cP\x08\x00E\x1e" +
	"\x1dr\x01\x1b\x06\x18\x1b\x1eE\x00\x17\x1dG0XXXX\x1cq\x01\xff\xff\xff\xff\x00\n\r\f"

// TestCommandsInTextsAreRefused: the first line of defence is the configuration.
func TestCommandsInTextsAreRefused(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "testdata", "office", "two-printers.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{`"\e@Informazioni"`, `"Informa\x10\x04\x01zioni"`, `"a\nb"`, `"a\u009bb"`, `"a\u202eb"`, `"😀"`, `"مكتب"`} {
		_, err := config.Parse("x.yaml", []byte(strings.Replace(string(data), `"Informazioni"`, bad, 1)), app.CheckConfig)
		if err == nil || !strings.Contains(err.Error(), "x.yaml:17:") || !strings.Contains(err.Error(), "services[0].name.it") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

// TestHostileTextsReachNoHead: what gets past the configuration comes out as letters or not at all, on
// every printer.
func TestHostileTextsReachNoHead(t *testing.T) {
	hostile := map[string]string{
		"commands":  "prima" + commands + "dopo",
		"overlong":  strings.Repeat("Donaudampfschifffahrtsgesellschaftskapitän", 20),
		"damaged":   "prima \xff\xfe\xc0\x80 dopo",
		"otherways": "prima \u202e\u2066תור 😀👨‍👩‍👧 ﷽ \u009b1m e\u0301\u0301\u0301 dopo",
	}
	for _, profile := range escpos.Names() {
		t.Run(profile, func(t *testing.T) {
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) { hostileTexts(t, dir, profile, hostile) })
		})
	}
}

func hostileTexts(t *testing.T, dir, profile string, hostile map[string]string) {
	file, err := config.Load(filepath.Join("..", "..", "testdata", "office", "two-printers.yaml"), app.CheckConfig)
	if err != nil {
		t.Fatal(err)
	}
	file.Printers[0].Profile = profile
	file.Slip.Advice = queue.Texts{"it": "prima e dopo"}
	r := newRigOf(t, file, at(8, 0), dir)
	defer r.stop()
	pass(20 * time.Second)
	slip := func(name string) (paper.Counters, paper.Sheet) {
		t.Helper()
		before := r.sims["door"].Counters()
		got := r.touch("kiosk-1", name)
		pass(20 * time.Second)
		synctest.Wait()
		now := r.sims["door"].Counters()
		sheets := r.papers()
		s := sheets[len(sheets)-1].Sheet
		want := "printed"
		if profile == "silent" {
			want = "sent"
		}
		if now.Sheets != before.Sheets+1 || s.Number != got.Number || got.Paper.Outcome != want || s.Copy != "" {
			t.Errorf("%s: %+v, sheet %q:\n%s", name, got, s.Number, s.Text)
		}
		for command, n := range before.Ignored {
			now.Ignored[command] -= n
		}
		return now, s
	}
	plain, _ := slip("plain")
	for name, text := range hostile {
		file.Slip.Advice["it"] = text
		counted, s := slip(name)
		if diff := cmp.Diff(plain.Ignored, counted.Ignored); diff != "" {
			t.Errorf("%s: commands that are not ours:\n%s", name, diff)
		}
		if strings.HasPrefix(text, "prima") && (!strings.Contains(s.Text, "prima") || !strings.Contains(s.Text, "dopo")) {
			t.Errorf("%s: the paper says\n%s", name, s.Text)
		}
		if fmt.Sprint(r.app.Office().PrinterReady("door")) != "<nil>" {
			t.Errorf("%s: the printer is not well: %v", name, r.app.Office().PrinterReady("door"))
		}
	}
}
