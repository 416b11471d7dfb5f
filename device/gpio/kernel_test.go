// SPDX-License-Identifier: EUPL-1.2

package gpio_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/gpio"
)

const (
	configfs = "/sys/kernel/config/gpio-sim"
	platform = "/sys/devices/platform"
)

// simulate makes a chip of the kernel's gpio-sim with one key and one lamp, and returns the
// directory in which their levels are set and read. Its last element is the chip's name.
func simulate(t *testing.T) string {
	t.Helper()
	if _, err := os.Stat(configfs); err != nil {
		t.Skipf("the kernel has no gpio-sim (%v): modprobe gpio-sim, as root, on a kernel with CONFIG_GPIO_SIM", err)
	}
	device := filepath.Join(configfs, "avanti-test")
	bank := filepath.Join(device, "bank0")
	dirs := []string{device, bank, filepath.Join(bank, "line0"), filepath.Join(bank, "line1")}
	for _, d := range dirs {
		if err := os.Mkdir(d, 0o755); err != nil {
			t.Skipf("gpio-sim is there but cannot be set up: %v", err)
		}
		t.Cleanup(func() {
			if err := os.Remove(d); err != nil {
				t.Errorf("take down gpio-sim: %v", err)
			}
		})
	}
	put(t, filepath.Join(bank, "num_lines"), "2")
	put(t, filepath.Join(bank, "line0", "name"), "AVANTI_KEY")
	put(t, filepath.Join(bank, "line1", "name"), "AVANTI_LAMP")
	put(t, filepath.Join(device, "live"), "1")
	t.Cleanup(func() { put(t, filepath.Join(device, "live"), "0") })
	return filepath.Join(platform, get(t, filepath.Join(device, "dev_name")), get(t, filepath.Join(bank, "chip_name")))
}

func put(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(text))
}

// A key and a lamp on a chip of the real kernel. The chips are looked for once in a program, so
// the part that asks for lines runs in a program of its own.
func TestOnTheKernel(t *testing.T) {
	if dir := os.Getenv("AVANTI_GPIO_SIM"); dir != "" {
		keyAndLamp(t, dir, filepath.Base(dir))
		return
	}
	dir := simulate(t)
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestOnTheKernel$", "-test.v")
	cmd.Env = append(os.Environ(), "AVANTI_GPIO_SIM="+dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func keyAndLamp(t *testing.T, dir, chip string) {
	key, lamp := filepath.Join(dir, "sim_gpio0", "pull"), filepath.Join(dir, "sim_gpio1", "value")
	put(t, key, "pull-up")

	keyLine, err := gpio.Line("AVANTI_KEY")
	if err != nil {
		t.Fatal(err)
	}
	if byNumber, err := gpio.Line(chip + ":0"); err != nil || byNumber != keyLine {
		t.Errorf("by chip and number: %v, %v", byNumber, err)
	}
	lampLine, err := gpio.Line(chip + ":AVANTI_LAMP")
	if err != nil {
		t.Fatal(err)
	}

	events := make(chan device.ButtonEvent, 64)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 2)
	button := gpio.NewButton(gpio.ButtonOptions{Open: opens(keyLine)})
	go func() { ended <- button.Run(ctx, func(e device.ButtonEvent) { events <- e }) }()
	light := gpio.NewLamp(gpio.LampOptions{Open: opens(lampLine)})
	go func() { ended <- light.Run(ctx) }()
	next := func(want device.ButtonEventKind) {
		t.Helper()
		select {
		case e := <-events:
			if e.Kind != want {
				t.Fatalf("%s (%s), want %s", e.Kind, e.Detail, want)
			}
		case <-time.After(5 * time.Second):
			t.Fatalf("no %s", want)
		}
	}
	next(device.ButtonWell)
	for range 20 {
		for range 3 { // bounces
			put(t, key, "pull-down")
			put(t, key, "pull-up")
		}
		put(t, key, "pull-down")
		next(device.ButtonPressed)
		light.Show(device.LampOn)
		<-time.After(60 * time.Millisecond)
		put(t, key, "pull-up")
		<-time.After(100 * time.Millisecond)
		if level := get(t, lamp); level != "1" {
			t.Errorf("lamp at %s", level)
		}
		light.Show(device.LampOff)
	}
	stop()
	for range 2 {
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
	if len(events) > 0 {
		t.Errorf("%v too much", <-events)
	}
}
