// SPDX-License-Identifier: EUPL-1.2

package serialport

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

const (
	// emptyPause is how long a read rests after a printer that has nothing to say.
	emptyPause = 50 * time.Millisecond
	// closeWithin bounds a Close. A serial driver may keep it for half a minute, in the hope of
	// sending its last bytes to a printer that holds the line.
	closeWithin = time.Second
)

// port is an open line. Everything goes through file, whose descriptor nobody else holds.
type port struct {
	file     *os.File
	terminal bool // it has characters and wires; set before the first call

	mu      sync.Mutex // no call begins and no deadline is set while closing begins
	closing chan struct{}
	calls   sync.WaitGroup // reads and writes under way
}

func newPort(file *os.File) *port { return &port{file: file, closing: make(chan struct{})} }

// setUp locks the file before it changes anything: the line may be another program's.
func (p *port) setUp(c Config) error {
	if err := p.file.SetDeadline(time.Time{}); err != nil {
		return fmt.Errorf("it is no device that can be waited for: %w", err)
	}
	return p.control(func(fd int) error {
		if err := lock(fd); err != nil {
			return err
		}
		terminal, err := setMode(fd, c)
		p.terminal = terminal
		return err
	})
}

// control runs fn on the descriptor, which cannot be closed meanwhile.
func (p *port) control(fn func(fd int) error) error {
	raw, err := p.file.SyscallConn()
	if err != nil {
		return err
	}
	var result error
	if err := raw.Control(func(fd uintptr) { result = fn(int(fd)) }); err != nil {
		return err
	}
	return result
}

func (p *port) closed() bool {
	select {
	case <-p.closing:
		return true
	default:
		return false
	}
}

// begin notes a call that is under way; its end calls p.calls.Done.
func (p *port) begin() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed() {
		return os.ErrClosed
	}
	p.calls.Add(1)
	return nil
}

// Read implements [device.Port]. A read of a device file that has nothing to say may outlast
// its deadline by emptyPause.
func (p *port) Read(b []byte) (int, error) {
	if err := p.begin(); err != nil {
		return 0, err
	}
	defer p.calls.Done()
	for {
		n, err := p.file.Read(b)
		if n > 0 || err == nil {
			return n, nil
		}
		// Printers on USB hand out empty packets while they have nothing to say; those that
		// were built without a way back refuse to be read. Neither is gone.
		mute := errors.Is(err, io.EOF) || errors.Is(err, unix.EINVAL)
		if p.terminal || !mute {
			return 0, p.cause(err)
		}
		select {
		case <-p.closing:
			return 0, os.ErrClosed
		case <-time.After(emptyPause):
		}
	}
}

// Write implements [device.Port].
func (p *port) Write(b []byte) (int, error) {
	if err := p.begin(); err != nil {
		return 0, err
	}
	defer p.calls.Done()
	n, err := p.file.Write(b)
	return n, p.cause(err)
}

// cause says what an error of the file means.
func (p *port) cause(err error) error {
	switch {
	case err == nil:
		return nil
	case p.closed():
		return os.ErrClosed
	case errors.Is(err, io.EOF), errors.Is(err, unix.EIO), errors.Is(err, unix.ENODEV), errors.Is(err, unix.ENXIO):
		return fmt.Errorf("serial port %s: the device is gone: %w", p.file.Name(), err)
	}
	return err
}

// SetReadDeadline implements [device.Port].
func (p *port) SetReadDeadline(t time.Time) error {
	return p.setDeadline(t, (*os.File).SetReadDeadline)
}

// SetWriteDeadline implements [device.Port].
func (p *port) SetWriteDeadline(t time.Time) error {
	return p.setDeadline(t, (*os.File).SetWriteDeadline)
}

func (p *port) setDeadline(t time.Time, set func(*os.File, time.Time) error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed() {
		return os.ErrClosed
	}
	return set(p.file, t)
}

// Close implements [device.Port]. Whoever waits is woken first and has come out before the
// unsent bytes are thrown away: a writer that is held by flow control would fill the place that
// they leave, and the rest of a slip could come out later.
func (p *port) Close() error {
	p.mu.Lock()
	if p.closed() {
		p.mu.Unlock()
		return os.ErrClosed
	}
	close(p.closing)
	woken := p.file.SetDeadline(time.Unix(1, 0))
	p.mu.Unlock()
	if woken == nil {
		p.calls.Wait()
	}
	released := p.control(func(fd int) error { return release(fd, p.terminal) })
	return errors.Join(woken, released, within(closeWithin, p.file.Close))
}

// within waits for do, but no longer than that. What takes longer ends by itself.
func within(limit time.Duration, do func() error) error {
	done := make(chan error, 1)
	go func() { done <- do() }()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case err := <-done:
		return err
	case <-timer.C:
		return fmt.Errorf("serial port: the system still waits for the device to take its last bytes, up to half a minute: %w", os.ErrDeadlineExceeded)
	}
}
