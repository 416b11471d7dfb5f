// SPDX-License-Identifier: EUPL-1.2

package speech

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

const (
	// speakWithin is how long a sentence may take; espeak-ng needs less than a tenth of a
	// second on a small board.
	speakWithin = 3 * time.Second
	// dieWithin is how long its output is waited for once it was killed.
	dieWithin = time.Second
	// pace is how fast is spoken, in words a minute: slower than espeak-ng's own 175, for
	// a hall that echoes and for people who hear the language as strangers.
	pace = "140"
)

// program is one that speaks, called as espeak-ng is: the voice and the pace as arguments,
// the text at its standard input, a WAV file at its standard output.
type program struct{ path string }

// say returns the text as sound. The program is killed when it takes too long or
// says too much.
func (p program) say(ctx context.Context, lang, text string) (sound, error) {
	ctx, cancel := context.WithTimeout(ctx, speakWithin)
	defer cancel()
	cmd := exec.CommandContext(ctx, p.path, "-v", lang, "-s", pace, "--stdin", "--stdout")
	cmd.Stdin = strings.NewReader(text + "\n")
	out := &bounded{stop: cancel}
	fault := &bounded{}
	cmd.Stdout, cmd.Stderr = out, fault
	cmd.Env = []string{"LC_ALL=C.UTF-8"}
	// A group of its own, so that what it starts dies with it.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = dieWithin
	err := cmd.Run()
	switch {
	case out.full:
		return sound{}, fmt.Errorf("%s: more than %d bytes of sound", p.path, maxOutput)
	case err != nil && ctx.Err() != nil:
		return sound{}, fmt.Errorf("%s: killed after %v: %w", p.path, speakWithin, context.Cause(ctx))
	case err != nil:
		return sound{}, fmt.Errorf("%s: %w: %.200q", p.path, err, fault.buf.String())
	}
	s, err := parseWAV(out.buf.Bytes())
	if err != nil {
		return sound{}, fmt.Errorf("%s: %w", p.path, err)
	}
	if len(s.samples) == 0 {
		return sound{}, fmt.Errorf("%s: it said nothing", p.path)
	}
	return s, nil
}

const maxOutput = 2*maxSamples + headerSize

var errFull = errors.New("too much")

// bounded keeps what a program writes, up to a bound.
type bounded struct {
	buf  bytes.Buffer // not embedded: its ReadFrom knows no bound
	stop func()       // called when there is more; nil: nothing
	full bool
}

func (b *bounded) Write(p []byte) (int, error) {
	if b.buf.Len()+len(p) > maxOutput {
		b.full = true
		if b.stop != nil {
			b.stop()
		}
		return 0, errFull
	}
	return b.buf.Write(p)
}
