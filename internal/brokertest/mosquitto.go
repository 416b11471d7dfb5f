// SPDX-License-Identifier: EUPL-1.2

package brokertest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/avanti-queue/avanti/internal/broker/mosquitto"
)

const (
	startWithin = 20 * time.Second
	stopWithin  = 5 * time.Second
	// lifetime ends a Mosquitto whose starter has died.
	lifetime = "600"
)

// Mosquitto is a running Mosquitto. Start it with [StartMosquitto].
type Mosquitto struct {
	// Address is where it listens, on loopback.
	Address string

	conf string
	cmd  *exec.Cmd
	done chan error
}

// FreeAddress returns an address on loopback where nobody listens now.
func FreeAddress(ctx context.Context) (string, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// StartMosquitto writes a hall's files into a directory, which is to exist, and runs
// Debian's Mosquitto with them; the hall's Listen and At are filled in. See
// [RunMosquitto].
func StartMosquitto(ctx context.Context, dir string, hall mosquitto.Hall, extra ...string) (*Mosquitto, error) {
	address, err := FreeAddress(ctx)
	if err != nil {
		return nil, err
	}
	hall.Listen, hall.At = address, dir
	files, err := hall.Files()
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		if err := os.WriteFile(filepath.Join(dir, f.Name), f.Content, 0o600); err != nil {
			return nil, err
		}
	}
	return RunMosquitto(ctx, dir, address, extra...)
}

// RunMosquitto runs Debian's Mosquitto with the files of a directory, included as Debian's
// own settings include them; they make it listen at the address. Extra settings come last
// and win. The caller stops it. The error says so if the program is missing.
func RunMosquitto(ctx context.Context, dir, address string, extra ...string) (*Mosquitto, error) {
	m := &Mosquitto{Address: address, conf: filepath.Join(dir, "main.d", "mosquitto.conf")}
	own := filepath.Join(dir, "main.d", "conf.d")
	if err := os.MkdirAll(own, 0o700); err != nil {
		return nil, err
	}
	fragment, err := os.ReadFile(filepath.Join(dir, mosquitto.ConfFile))
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(own, mosquitto.ConfFile), fragment, 0o600); err != nil {
		return nil, err
	}
	lines := append([]string{"persistence true", "log_dest stderr", "include_dir " + own}, extra...)
	if os.Getuid() == 0 {
		lines = append(lines, "user root") // the directory is ours alone
	}
	if err := os.WriteFile(m.conf, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		return nil, err
	}
	return m, m.Start(ctx)
}

// program finds Mosquitto; Debian keeps it where only root looks.
func program() (string, error) {
	for _, name := range []string{"mosquitto", "/usr/sbin/mosquitto"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("the program mosquitto is missing: apt-get install mosquitto, or make setup-test")
}

// Start starts it again after [Mosquitto.Stop], at the same address. It returns when
// devices can connect.
func (m *Mosquitto) Start(ctx context.Context) error {
	path, err := program()
	if err != nil {
		return err
	}
	// Not bound to ctx: it is stopped in order, and ends by itself if nobody is left to.
	m.cmd = exec.Command("timeout", "-k", "1", lifetime, path, "-c", m.conf) //nolint:noctx // see above
	m.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	log, err := m.cmd.StderrPipe()
	if err != nil {
		return err
	}
	if err := m.cmd.Start(); err != nil {
		return err
	}
	m.done = make(chan error, 1)
	running, said := make(chan bool, 1), &strings.Builder{}
	go func() {
		lines := bufio.NewScanner(log)
		for lines.Scan() {
			if strings.HasSuffix(lines.Text(), " running") {
				running <- true
				break
			}
			said.WriteString(lines.Text() + "\n")
		}
		_, _ = io.Copy(io.Discard, log)
		m.done <- m.cmd.Wait()
	}()
	select {
	case <-running:
		return nil
	case err := <-m.done:
		m.cmd = nil
		return fmt.Errorf("mosquitto does not start: %w\n%s", err, said)
	case <-time.After(startWithin):
		return errors.Join(errors.New("mosquitto does not start"), m.Stop())
	case <-ctx.Done():
		return errors.Join(ctx.Err(), m.Stop())
	}
}

// Stop ends it as systemd does. It can be started again.
func (m *Mosquitto) Stop() error { return m.end(syscall.SIGTERM) }

// Kill ends it as a power cut does.
func (m *Mosquitto) Kill() error { return m.end(syscall.SIGKILL) }

// end sends a signal to the process and the one that bounds it, and waits.
func (m *Mosquitto) end(s syscall.Signal) error {
	if m.cmd == nil {
		return nil
	}
	group := -m.cmd.Process.Pid
	_ = syscall.Kill(group, s) // it may have ended by itself
	select {
	case <-m.done:
	case <-time.After(stopWithin):
		_ = syscall.Kill(group, syscall.SIGKILL)
		<-m.done
	}
	m.cmd = nil
	return nil
}
