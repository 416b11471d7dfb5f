// SPDX-License-Identifier: EUPL-1.2

package layers_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/avanti-queue/avanti"

// pkg is what go list tells of a package.
type pkg struct {
	ImportPath string
	Doc        string
	Imports    []string
	Deps       []string
}

func list(t *testing.T) map[string]pkg {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-deps", "-json=ImportPath,Doc,Imports,Deps", module+"/...")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	all := map[string]pkg{}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all[p.ImportPath] = p
	}
}

func ours(all map[string]pkg) []pkg {
	var out []pkg
	for path, p := range all {
		if path == module || strings.HasPrefix(path, module+"/") {
			out = append(out, p)
		}
	}
	return out
}

// pure reports whether a package belongs to the ring that touches nothing.
func pure(path string) bool {
	path = strings.TrimPrefix(path, module+"/")
	switch path {
	case "device", "device/escpos", "device/qr", "display", "firmware-protocol", "internal/outline":
		return true
	}
	return path == "queue" || strings.HasPrefix(path, "queue/") && path != "queue/queuetest"
}

func TestPureRingTouchesNothing(t *testing.T) {
	forbidden := []string{"os", "os/exec", "net", "net/http", "database/sql", "log/slog", "log"}
	for _, p := range ours(list(t)) {
		if !pure(p.ImportPath) {
			continue
		}
		for _, i := range p.Imports {
			if slices.Contains(forbidden, i) {
				t.Errorf("%s imports %s: the pure ring touches nothing", p.ImportPath, i)
			}
			if strings.HasPrefix(i, module+"/internal") && !pure(i) {
				t.Errorf("%s imports %s: imports point inwards", p.ImportPath, i)
			}
		}
	}
}

func TestCoreImportsNothingOfOurs(t *testing.T) {
	all := list(t)
	for _, core := range []string{"queue", "device", "firmware-protocol"} {
		p, ok := all[module+"/"+core]
		if !ok {
			t.Fatalf("no package %s", core)
		}
		for _, i := range p.Deps {
			if strings.HasPrefix(i, module) {
				t.Errorf("%s imports %s", core, i)
			}
		}
	}
	for _, i := range all[module+"/display"].Deps {
		if strings.HasPrefix(i, module) && i != module+"/queue" && i != module+"/firmware-protocol" {
			t.Errorf("display imports %s", i)
		}
	}
}

func TestOuterRingDoesNotKnowTheJoiningOne(t *testing.T) {
	joining := []string{module + "/internal/office", module + "/internal/app", module + "/internal/sim"}
	outer := []string{"device/", "internal/store", "internal/broker", "internal/mqttlink", "internal/web", "internal/config", "internal/health", "internal/metrics"}
	for _, p := range ours(list(t)) {
		for _, prefix := range outer {
			if !strings.HasPrefix(p.ImportPath, module+"/"+prefix) {
				continue
			}
			for _, d := range p.Deps {
				for _, j := range joining {
					if d == j || strings.HasPrefix(d, j+"/") {
						t.Errorf("%s depends on %s", p.ImportPath, d)
					}
				}
			}
		}
	}
}

func TestDaemonDoesNotLinkTheSimulator(t *testing.T) {
	all := list(t)
	for _, d := range all[module+"/cmd/avantid"].Deps {
		if strings.HasPrefix(d, module+"/internal/sim") {
			t.Errorf("avantid links %s", d)
		}
	}
}

func TestSimulatorIsTheFarEnd(t *testing.T) {
	for _, p := range ours(list(t)) {
		if !strings.HasPrefix(p.ImportPath, module+"/internal/sim") {
			continue
		}
		for _, d := range p.Deps {
			switch strings.TrimPrefix(d, module+"/") {
			case "device/escpos", "device/thermal", "device/serialport":
				t.Errorf("%s depends on %s: the simulator is a second reading of the manual", p.ImportPath, d)
			}
		}
	}
}

func TestEveryPackageSaysWhatItIs(t *testing.T) {
	for _, p := range ours(list(t)) {
		if p.Doc == "" {
			t.Errorf("%s has no package comment", p.ImportPath)
		}
	}
}
