// SPDX-License-Identifier: EUPL-1.2

package gpio

import (
	"strings"
	"testing"

	periph "periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/gpio/gpioreg"
)

func TestLineThatIsNotThere(t *testing.T) {
	for name, want := range map[string]string{
		"NO_SUCH_LINE":   "GPIO line NO_SUCH_LINE: ",
		"gpiochip99:1":   "GPIO line gpiochip99:1: ",
		"":               "no name",
		"gpiochip0:":     "no name",
		":GPIO17":        "no chip before the colon",
		"gpiochip0:-1":   "GPIO line gpiochip0:-1: ",
		"gpiochip0:9999": "GPIO line gpiochip0:9999: ",
	} {
		p, err := Line(name)
		if err == nil || p != nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, %v", name, p, err)
		}
	}
}

type registered struct{ periph.PinIO }

func (registered) Name() string { return "AVANTI_TEST" }

func TestLineOfTheRegistry(t *testing.T) {
	if err := gpioreg.Register(registered{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := gpioreg.Unregister("AVANTI_TEST"); err != nil {
			t.Error(err)
		}
	})
	p, err := Line("AVANTI_TEST")
	if err != nil || p.Name() != "AVANTI_TEST" {
		t.Errorf("%v, %v", p, err)
	}
}

func FuzzSplit(f *testing.F) {
	for _, s := range []string{"GPIO17", "gpiochip0:17", "pinctrl-bcm2711:GPIO17", ":", "a:", ":a", "a:b:c", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		chip, line, err := split(name)
		if err != nil {
			if chip != "" || line != "" {
				t.Errorf("%q: %q, %q beside %v", name, chip, line, err)
			}
			return
		}
		joined := line
		if chip != "" {
			joined = chip + ":" + line
		}
		if line == "" || joined != name {
			t.Errorf("%q became %q, %q", name, chip, line)
		}
	})
}
