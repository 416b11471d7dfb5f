// SPDX-License-Identifier: EUPL-1.2

package capture

import (
	"sync"
	"time"

	"github.com/avanti-queue/avanti/device"
)

// Tap is a port of which both directions are recorded. Make one with [NewTap].
type Tap struct {
	device.Port

	mu     sync.Mutex
	w      *Writer
	newest time.Time
	err    error
}

var _ device.Port = (*Tap)(nil)

// NewTap returns a port that is p and writes what passes through it to w. Closing it closes p
// and not what w writes to. Nobody else may use w until then.
func NewTap(p device.Port, w *Writer) *Tap { return &Tap{Port: p, w: w, newest: time.Now()} }

// Read implements [device.Port].
func (t *Tap) Read(b []byte) (int, error) {
	n, err := t.Port.Read(b)
	t.add(Device, b[:n])
	return n, err
}

// Write implements [device.Port]. The bytes are recorded before they go out, for an answer may
// come before the call returns; of a write that is cut off a note says so.
func (t *Tap) Write(b []byte) (int, error) {
	t.add(Host, b)
	n, err := t.Port.Write(b)
	if n < len(b) {
		t.note("the last bytes of this were not taken")
	}
	return n, err
}

// Err returns why recording has ended early; nil: it has not.
func (t *Tap) Err() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.err
}

func (t *Tap) add(from Side, data []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.err != nil || len(data) == 0 {
		return
	}
	now := time.Now()
	t.err = t.w.Add(now.Sub(t.newest), from, data)
	t.newest = now
}

func (t *Tap) note(text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.err == nil {
		t.err = t.w.Note(text)
	}
}
