// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// mosquitto is Debian's broker in a process of its own, on loopback.
type mosquitto struct {
	cmd     *exec.Cmd
	address string
}

// startMosquitto starts it as avantictl configures it, but open to everybody here.
func startMosquitto(ctx context.Context, dir string) (*mosquitto, error) {
	address, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, "mosquitto.conf")
	text := fmt.Sprintf("listener %s %s\nallow_anonymous true\npersistence false\nset_tcp_nodelay true\n", port, host)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		return nil, err
	}
	m := &mosquitto{cmd: exec.CommandContext(ctx, "/usr/sbin/mosquitto", "-c", path), address: address}
	if err := m.cmd.Start(); err != nil {
		return nil, fmt.Errorf("%w; make setup-test installs it", err)
	}
	for range 200 {
		c, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
		if err == nil {
			return m, c.Close()
		}
		time.Sleep(10 * time.Millisecond)
	}
	return nil, errors.Join(errors.New("mosquitto does not listen"), m.stop())
}

func (m *mosquitto) stop() error {
	if err := m.cmd.Process.Signal(os.Interrupt); err != nil {
		return err
	}
	_ = m.cmd.Wait() // how it ended is no news
	return nil
}
