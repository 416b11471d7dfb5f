// SPDX-License-Identifier: EUPL-1.2

package fwproto

import "strconv"

// String gives the name of SPEC 5.1, or the number of an unknown key.
func (k Key) String() string {
	return name([]string{"", "next", "recall", "start", "finish", "no_show"}, uint8(k))
}

// String gives the name of SPEC 5.2, or the number of an unknown status.
func (s Status) String() string {
	return name([]string{"", "ok", "duplicate", "stale", "conflict", "denied", "busy"}, uint8(s))
}

// String gives the name of SPEC 5.3, or the number of an unknown lamp.
func (l Lamp) String() string {
	return name([]string{"off", "on", "blink", "pending"}, uint8(l))
}

// String gives the name of SPEC 5.4, or the number of an unknown reason.
func (b Blank) String() string {
	return name([]string{"none", "no_set", "no_heartbeat", "old_epoch", "wanted"}, uint8(b))
}

// String gives the name of SPEC 5.5, or the number of an unknown presence.
func (p Presence) String() string {
	return name([]string{"", "online", "sleep", "updating", "lost"}, uint8(p))
}

// String gives the name of SPEC 5.5, or the number of an unknown kind.
func (k Kind) String() string {
	return name([]string{"", "box", "panel"}, uint8(k))
}

// String gives the name of SPEC 9.6, or the number of an unknown result.
func (r Result) String() string {
	return name([]string{"", "loading", "confirmed", "refused", "failed", "rolled_back"}, uint8(r))
}

// String gives the name of SPEC 9.6, or the number of an unknown reason.
func (r Reason) String() string {
	return name([]string{
		"none", "signature", "manifest", "kind", "hardware", "group", "release", "least", "size", "expired",
		"download", "digest", "start", "connection", "heartbeats",
	}, uint8(r))
}

func name(names []string, n uint8) string {
	if int(n) < len(names) && names[n] != "" {
		return names[n]
	}
	return strconv.Itoa(int(n))
}

// String gives the name of SPEC 4.1, or the number of an unknown type.
func (t Type) String() string {
	return name([]string{
		"", "press", "reply", "set", "shown", "state", "host", "heartbeat", "manifest", "offer", "report",
		"telemetry", "hello", "challenge", "reveal", "grant",
	}, uint8(t))
}
