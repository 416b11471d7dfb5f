// SPDX-License-Identifier: EUPL-1.2

package config

import (
	"fmt"
	"slices"
	"strings"

	"github.com/avanti-queue/avanti/display"
	"github.com/avanti-queue/avanti/queue"
)

func (r *reader) printerList(v value) []Printer {
	var out []Printer
	used := map[string]int{}
	const wantProfile = "the name of a printer profile, or the full path of its file"
	for _, item := range v.items("{id, profile, path, baud, flow, roll}") {
		s := item.section()
		p := Printer{ID: r.printers.define(s.field("id"))}
		p.Profile, _ = s.need("profile", wantProfile).text(wantProfile)
		p.Path = devicePath(s.need("path", "the device file such as /dev/ttyUSB0"), used)
		p.Baud = baud(s.field("baud"))
		p.Flow = choice(s.field("flow"), "", FlowNone, FlowRTSCTS, FlowXonXoff)
		p.Roll = s.field("roll").integer(0, 5, 1000)
		s.done()
		out = append(out, p)
	}
	return out
}

func devicePath(v value, used map[string]int) string {
	const want = "the full path of a device file such as /dev/ttyUSB0"
	s, ok := v.text(want)
	if !ok {
		return ""
	}
	if !strings.HasPrefix(s, "/") {
		v.report(v.is()+" is not a full path", want)
	}
	if line, twice := used[s]; twice {
		v.report(fmt.Sprintf("%s is the printer on line %d already", v.is(), line), "a device file of its own")
	}
	used[s] = v.line
	return s
}

// baud reads a rate that ticket printers know; 0: none is given.
func baud(v value) int {
	bauds := []int{1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200}
	n := v.integer(0, bauds[0], bauds[len(bauds)-1])
	if n != 0 && !slices.Contains(bauds, n) {
		v.report(v.is(), fmt.Sprintf("one of %v", bauds))
	}
	return n
}

func (r *reader) deviceList(v value) []Device {
	var out []Device
	secrets := secrets{}
	for _, item := range v.items("{id, kind, counter, password_sha256, arrows}") {
		s := item.section()
		kind := s.need("kind", "box, panel or hall")
		d := Device{
			ID:       r.devices.define(s.field("id")),
			Kind:     choice(kind, "", KindBox, KindPanel, KindHall),
			Password: secrets.read(s.field("password_sha256")),
		}
		counter := s.field("counter")
		switch d.Kind {
		case KindBox, KindPanel:
			d.Counter = r.counterOf(counter, "the id of the counter it stands at")
		case KindHall:
			forbid(counter, "no counter: a hall panel shows all of them")
		}
		d.Arrows = r.arrows(s.field("arrows"), d.Kind)
		s.done()
		out = append(out, d)
	}
	return out
}

// arrows reads where the counters are as seen from a panel.
func (r *reader) arrows(v value, kind DeviceKind) map[queue.CounterID]display.Arrow {
	if v.absent() {
		return nil
	}
	if kind == KindBox {
		forbid(v, "no arrows: a box has none")
		return nil
	}
	names := map[string]display.Arrow{"up": display.Up, "down": display.Down, "left": display.Left, "right": display.Right}
	out := map[queue.CounterID]display.Arrow{}
	for _, item := range v.items("{counter, to}") {
		s := item.section()
		id := r.counterOf(s.need("counter", "the id of a counter"), "the id of a counter")
		to := s.need("to", "up, down, left or right")
		out[id] = names[choice(to, "", "up", "down", "left", "right")]
		s.done()
	}
	return out
}

func (r *reader) accessList(v value) []Access {
	var out []Access
	ids, secrets := newNames[string]("access"), secrets{}
	for _, item := range v.items("{id, role, counter, token_sha256}") {
		s := item.section()
		role := s.need("role", "kiosk, counter, manager, display or admin")
		a := Access{
			ID:    ids.define(s.field("id")),
			Role:  choice(role, "", RoleKiosk, RoleCounter, RoleManager, RoleDisplay, RoleAdmin),
			Token: secrets.read(s.field("token_sha256")),
		}
		counter := s.field("counter")
		switch a.Role {
		case RoleCounter:
			a.Counter = r.counterOf(counter, "the id of the counter it is for")
		case "":
		default:
			forbid(counter, "a counter for the role counter only")
		}
		s.done()
		out = append(out, a)
	}
	return out
}

func (r *reader) counterOf(v value, want string) queue.CounterID {
	if v.absent() {
		v.report("missing", want)
		return ""
	}
	id, _ := r.counters.refer(v)
	return id
}

func forbid(v value, want string) {
	if !v.absent() {
		v.report(v.is()+" has no meaning here", want)
	}
}

// secrets are the sums of a list, by the line of each.
type secrets map[[32]byte]int

// read reads a sum that nothing else in the list has: who shares a secret cannot be
// told apart or shut out alone.
func (s secrets) read(v value) [32]byte {
	sum := v.hash()
	if sum == ([32]byte{}) {
		return sum
	}
	if line, twice := s[sum]; twice {
		v.report(fmt.Sprintf("the same secret as on line %d", line), "a secret of its own")
		return sum
	}
	s[sum] = v.line
	return sum
}
