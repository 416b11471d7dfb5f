// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/capture"
)

// record identifies the printer, asks how it is, prints the test page, and keeps what passes.
func record(ctx context.Context, b *bench) (err error) {
	file, err := os.OpenFile(b.file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	w := capture.NewWriter(file)
	kept := b.listen(w)
	err = w.Note(fmt.Sprintf("recorded by avantictl on %s from a printer that answers to profile %s, %d baud, flow control %s",
		time.Now().UTC().Format("2006-01-02"), b.profile.Name, b.line.Baud, b.line.FlowControl))
	for _, step := range []struct {
		name string
		do   func(context.Context, *bench) error
	}{{"identify", identify}, {"status", status}, {"test", test}} {
		if err != nil || ctx.Err() != nil {
			break
		}
		fmt.Fprintln(b.out, "---", step.name)
		if err := w.Note(step.name); err != nil {
			return err
		}
		// What goes wrong is what the dialogue is wanted for.
		if failed := step.do(ctx, b); failed != nil && ctx.Err() == nil {
			fmt.Fprintln(b.out, failed)
			err = w.Note("it ended with: " + failed.Error())
		}
	}
	if err := errors.Join(err, kept(), ctx.Err()); err != nil {
		return err
	}
	fmt.Fprintf(b.out, "the dialogue is kept in %s\n", b.file)
	return nil
}

// show prints all bytes that pass.
func (b *bench) show() {
	b.out = &together{w: b.out}
	b.listen(capture.NewWriter(b.out))
}

// listen has all that passes over the ports that are opened written to w. The function tells
// whether that went well.
func (b *bench) listen(w *capture.Writer) func() error {
	var taps []*capture.Tap
	b.tap = func(port device.Port) device.Port {
		tap := capture.NewTap(port, w)
		taps = append(taps, tap)
		return tap
	}
	return func() error {
		var all error
		for _, tap := range taps {
			all = errors.Join(all, tap.Err())
		}
		return all
	}
}

// together lets several goroutines write.
type together struct {
	mu sync.Mutex
	w  io.Writer
}

// Write implements [io.Writer].
func (t *together) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.w.Write(b)
}
