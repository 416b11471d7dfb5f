// SPDX-License-Identifier: EUPL-1.2

package rs485

import (
	"fmt"
	"strconv"
	"strings"
)

// edi is a counter that hears STX, two digits of address, what to show, ETX, and says nothing. It
// shows digits, blanks, minus signs and points; leading zeroes stay dark.
type edi struct {
	address, places int
	in              bool
	frame           []byte
}

func (e *edi) hear(b byte) heard {
	switch {
	case b == 0x02:
		broken := e.in
		e.in, e.frame = true, nil
		if broken {
			return heard{complaint: "a frame begins within a frame"}
		}
		return heard{}
	case !e.in:
		return heard{complaint: fmt.Sprintf("%02X outside of a frame", b)}
	case b != 0x03:
		if e.frame = append(e.frame, b); len(e.frame) > 40 {
			e.in = false
		}
		return heard{}
	}
	e.in = false
	return e.show(string(e.frame))
}

func (e *edi) quiet() heard { return heard{} }

func (e *edi) show(frame string) heard {
	if len(frame) < 2 {
		return heard{complaint: "no address"}
	}
	address, err := strconv.Atoi(frame[:2])
	if err != nil || strings.Trim(frame[:2], "0123456789") != "" {
		return heard{complaint: fmt.Sprintf("address %q", frame[:2])}
	}
	if address != e.address {
		return heard{}
	}
	data := frame[2:]
	if strings.Trim(data, "0123456789 -.") != "" {
		return heard{complaint: fmt.Sprintf("%q cannot be shown", data)}
	}
	if len(data) > e.places {
		return heard{complaint: fmt.Sprintf("%q on %d places", data, e.places)}
	}
	text := strings.Trim(data, " ")
	for len(text) > 1 && text[0] == '0' {
		text = text[1:]
	}
	return heard{show: &text, frame: true}
}
