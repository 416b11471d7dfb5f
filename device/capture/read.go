// SPDX-License-Identifier: EUPL-1.2

package capture

import (
	"bufio"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

const (
	firstLine = "# avanti capture 1"
	maxLine   = 64 << 10 // bytes of a line
	maxBytes  = 4 << 20  // that were said in all
	maxEvents = 1 << 20
	maxPause  = 24 * time.Hour
)

// Side is who says something.
type Side byte

// The sides of a line.
const (
	Host   Side = '>'
	Device Side = '<'
)

// Event is something that one side said.
type Event struct {
	After time.Duration // since the event before; of the first since the begin
	From  Side
	Data  []byte // at least one byte
}

// Capture is a recorded dialogue.
type Capture struct {
	Notes  []string // without their mark
	Events []Event
}

// Read reads a capture of at most 4 MB of said bytes. The error names the line.
func Read(r io.Reader) (*Capture, error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine)
	c := &Capture{}
	said := 0
	var pause time.Duration
	n := 0
	for lines.Scan() {
		n++
		line := strings.TrimRight(lines.Text(), " \t\r")
		if n == 1 {
			if line != firstLine {
				return nil, fmt.Errorf("capture: line 1: %q: want %q", shorten(line), firstLine)
			}
			continue
		}
		if line == "" {
			continue
		}
		rest := strings.TrimLeft(line[1:], " ")
		switch line[0] {
		case '#':
			c.Notes = append(c.Notes, rest)
		case '~':
			d, err := time.ParseDuration(rest)
			if err != nil || d < 0 || d > maxPause || pause+d > maxPause {
				return nil, fmt.Errorf("capture: line %d: time %q: want one from 0s to 24h, such as 12.5ms", n, shorten(rest))
			}
			pause += d
		case byte(Host), byte(Device):
			data, err := hex.DecodeString(strings.ReplaceAll(rest, " ", ""))
			if err != nil || len(data) == 0 {
				return nil, fmt.Errorf("capture: line %d: %q: want bytes as pairs of hexadecimal digits", n, shorten(rest))
			}
			if said += len(data); said > maxBytes || len(c.Events) == maxEvents {
				return nil, fmt.Errorf("capture: line %d: more than %d bytes or %d lines", n, maxBytes, maxEvents)
			}
			c.Events = append(c.Events, Event{After: pause, From: Side(line[0]), Data: data})
			pause = 0
		default:
			return nil, fmt.Errorf("capture: line %d: %q: want a line that begins with #, >, < or ~", n, shorten(line))
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("capture: line %d: %w", n+1, err)
	}
	if n == 0 {
		return nil, errors.New("capture: it is empty")
	}
	return c, nil
}

func shorten(s string) string { return s[:min(len(s), 40)] }
