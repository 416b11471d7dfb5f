// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"

	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/queue"
)

// keys are the passwords and tokens of one simulated run, made anew each time: an
// office file has none that anybody else could know.
type keys struct {
	devices map[string]string
	access  map[string]string
	list    []config.Access
}

func newKeys(f *config.File) keys {
	k := keys{devices: map[string]string{}, access: map[string]string{}, list: f.Access}
	for i := range f.Devices {
		d := &f.Devices[i]
		k.devices[d.ID], d.Password = secret()
	}
	for i := range f.Access {
		a := &f.Access[i]
		k.access[a.ID], a.Token = secret()
	}
	return k
}

func secret() (text string, hash [32]byte) {
	var b [32]byte
	rand.Read(b[:]) // never fails, by its contract
	text = hex.EncodeToString(b[:])
	return text, sha256.Sum256([]byte(text))
}

// kiosk returns the token of the first kiosk.
func (k keys) kiosk(f *config.File) string {
	for _, a := range f.Access {
		if a.Role == config.RoleKiosk {
			return k.access[a.ID]
		}
	}
	return ""
}

func (k keys) desks(f *config.File) map[queue.CounterID]string {
	out := map[queue.CounterID]string{}
	for _, a := range f.Access {
		if a.Role == config.RoleCounter {
			out[a.Counter] = k.access[a.ID]
		}
	}
	return out
}

// print tells where to look. The part behind # stays in the browser.
func (k keys) print(w io.Writer, base, papers string) {
	fmt.Fprintf(w, "hall      %s/hall\n", base)
	shown := map[config.AccessRole]bool{}
	for _, a := range k.list {
		if shown[a.Role] || a.Role == config.RoleDisplay || a.Role == config.RoleAdmin {
			continue
		}
		shown[a.Role] = true
		fmt.Fprintf(w, "%-9s %s/enter#%s\n", a.Role, base, k.access[a.ID])
	}
	fmt.Fprintf(w, "metrics   %s/metrics\n", base)
	fmt.Fprintf(w, "papers    %s\n\n", papers)
}
