// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/avanti-queue/avanti/internal/sim/panel"
)

const (
	gathering = 500 // connected devices
	idling    = 30 * time.Second
)

// benchCrowd measures the daemon of a hall with many devices in which nothing happens.
func benchCrowd(ctx context.Context, o options) (rows []row, err error) {
	binary, err := buildDaemon(ctx, o.dir)
	if err != nil {
		return nil, err
	}
	address, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	office, err := crowdedOffice(o.dir, address)
	if err != nil {
		return nil, err
	}
	d, err := startDaemon(ctx, binary, office, filepath.Join(o.dir, "crowd"))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, d.stop()) }()
	ctx, leave := context.WithCancel(ctx)
	var devices sync.WaitGroup
	defer devices.Wait()
	defer leave()
	panels := make([]*panel.Panel, gathering)
	for i := range panels {
		panels[i] = panel.New(panel.Options{ID: crowdID(i), Office: "bench", Password: crowdPassword(i), Dial: tcp(address), Rows: 6})
		devices.Go(func() { _ = panels[i].Run(ctx) }) // its error is always nil
	}
	if err := heard(panels); err != nil {
		return nil, err
	}
	time.Sleep(idling)
	before, err := d.work()
	if err != nil {
		return nil, err
	}
	begin := time.Now()
	time.Sleep(idling)
	after, err := d.work()
	if err != nil {
		return nil, err
	}
	rss, err := d.memory()
	if err != nil {
		return nil, err
	}
	share := 100 * float64(after-before) / float64(time.Since(begin))
	return []row{
		within(fmt.Sprintf("resident memory, idle hall, %d devices", gathering), float64(rss)/(1<<20), 60, "MiB"),
		within(fmt.Sprintf("processor, idle hall, %d devices", gathering), share, 10, "% of a core"),
	}, heard(panels)
}

// heard waits until every panel hears the daemon and has its content.
func heard(panels []*panel.Panel) error {
	for range 600 {
		deaf := 0
		for _, p := range panels {
			if _, honest := p.Content(); !honest {
				deaf++
			}
		}
		if deaf == 0 {
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return errors.New("not every panel hears the daemon")
}

func crowdID(i int) string { return fmt.Sprintf("crowd-%d", i) }

// crowdedOffice writes the office of the bench with many hall panels.
func crowdedOffice(dir, address string) (string, error) {
	text, err := os.ReadFile(benchOffice)
	if err != nil {
		return "", err
	}
	var list strings.Builder
	list.WriteString("mqtt:\n  {listen: \"" + address + "\"}\ndevices:\n")
	for i := range gathering {
		fmt.Fprintf(&list, "  - {id: %s, kind: hall, password_sha256: %q}\n", crowdID(i), fmt.Sprintf("%x", sha256.Sum256([]byte(crowdPassword(i)))))
	}
	path := filepath.Join(dir, "crowd.yaml")
	return path, os.WriteFile(path, []byte(strings.Replace(string(text), "devices:\n", list.String(), 1)), 0o600)
}

// crowdPassword is another one for each: the daemon wants that.
func crowdPassword(i int) string { return password() + " " + strconv.Itoa(i) }

// work returns the processor time that the process has used.
func (d *daemon) work() (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", d.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(text), ") ") // behind the name, which may hold anything
	fields := strings.Fields(rest)
	const user, system, tick = 11, 12, 10 * time.Millisecond
	if len(fields) <= system {
		return 0, fmt.Errorf("no times in %q", text)
	}
	u, err := strconv.Atoi(fields[user])
	if err != nil {
		return 0, err
	}
	s, err := strconv.Atoi(fields[system])
	return time.Duration(u+s) * tick, err
}
