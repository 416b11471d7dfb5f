// SPDX-License-Identifier: EUPL-1.2

package conformance_test

import (
	"path/filepath"
	"syscall"
	"testing"
)

// TestReferenceDevice works with two reference devices and a real daemon over TCP:
// calls, recalls, shows, loses the daemon, loses the broker, finds both again.
func TestReferenceDevice(t *testing.T) {
	t.Parallel() // it waits most of the time
	h := openHall(t)
	memory := filepath.Join(t.TempDir(), "boot")
	panel := startDevice(t, h.address, "panel-1", "-p", "4")
	box := startDevice(t, h.address, "box-1", "-m", memory)
	panel.until(t, "online, session 1")
	box.until(t, "online, session 1")

	// The counter is free, then somebody comes, and is called and called again.
	counter, _ := h.app.Office().View().Counter("c1")
	h.ask("desk-1", "/api/v1/counters/c1/open", map[string]any{"seen": counter.Seen})
	panel.until(t, "shows  at 1")
	first := h.ticket()
	box.until(t, "lamp on")
	box.until(t, "waiting 1")
	box.press(t, "n")
	box.until(t, "lamp pending")
	box.untilAll(t, "reply ok "+first, "lamp blink", "revision")
	panel.until(t, "shows "+first+" at 1")
	box.press(t, "r")
	box.untilAll(t, "reply ok "+first, "revision") // before it, a press would be about what is over: conflict
	box.press(t, "s")
	box.until(t, "reply ok")
	box.until(t, "lamp off")

	// The daemon stops: nothing is vouched for any more. Its successor is believed.
	h.stopDaemon()
	panel.until(t, "shows no connection: no heartbeat")
	h.startDaemon()
	panel.until(t, "shows "+first+" at 1", "session 2")

	// A panel that does not answer is an alarm (SPEC 5.4.2).
	second := h.ticket()
	box.until(t, "waiting 1")
	stopped(t, panel, func() {
		box.press(t, "n")
		box.until(t, "reply ok "+second)
		h.log.until(t, "name=display_unconfirmed subject=panel-1")
	})
	panel.until(t, "shows "+second+" at 1")
	h.log.until(t, "warning cleared\" name=display_unconfirmed subject=panel-1")

	// Without a broker a press is given up, and is not made good later.
	third := h.ticket()
	box.until(t, "waiting 1")
	h.stopBroker()
	panel.until(t, "shows no connection: no heartbeat")
	box.until(t, "connection lost")
	box.press(t, "n")
	box.until(t, "lamp pending")
	box.press(t, "n")
	box.until(t, "ignored, a press waits for its reply")
	box.until(t, "alarm: no reply")
	h.startBroker(h.address)
	box.until(t, "online, session")
	panel.until(t, "shows "+second+" at 1", third)
	box.until(t, "waiting 1", "reply")

	// The box starts again, with another boot id, and its first press is its own.
	box.stop()
	before := read(t, memory)
	box = startDevice(t, h.address, "box-1", "-m", memory)
	box.until(t, "waiting 1")
	box.press(t, "n")
	box.until(t, "reply ok "+third)
	panel.until(t, "shows "+third+" at 1")
	if after := read(t, memory); after == before {
		t.Errorf("the boot id is %s after a restart, too", after)
	}
}

// TestReferenceSignals: somebody comes and the box sounds; they wait too long and its lamp
// hurries; a called number flashes, with the arrow to its counter, until its citizen has
// come.
func TestReferenceSignals(t *testing.T) {
	t.Parallel()
	h := openHall(t, "target: 20m", "target: 1s", "- {id: panel-1, kind: panel, counter: c1}",
		"- {id: panel-1, kind: hall, arrows: [{counter: c1, to: left}]}")
	panel := startDevice(t, h.address, "panel-1", "-p", "2")
	box := startDevice(t, h.address, "box-1")
	panel.until(t, "shows no connection: no set")
	counter, _ := h.app.Office().View().Counter("c1")
	h.ask("desk-1", "/api/v1/counters/c1/open", map[string]any{"seen": counter.Seen})
	box.until(t, "online, session 1")
	box.until(t, "revision", "sound")
	first := h.ticket()
	box.until(t, "sound ring")
	box.until(t, "lamp on")
	box.until(t, "lamp hurry")
	box.press(t, "n")
	box.until(t, "lamp pending", "sound ring")
	box.untilAll(t, "reply ok "+first, "sound done", "lamp blink", "revision")
	panel.until(t, "shows "+first+" at 1 left flashing")
	box.press(t, "s")
	box.until(t, "reply ok")
	panel.until(t, "shows "+first+" at 1 left", "flashing")
	h.ticket() // the counter is not free: nothing sounds
	box.until(t, "waiting 1", "sound ring")
}

// stopped stops a device's process while something is done.
func stopped(t *testing.T, d *terminal, do func()) {
	t.Helper()
	if err := d.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = d.cmd.Process.Signal(syscall.SIGCONT) }()
	do()
}
