// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
)

// passed is a message as the daemon tells of it.
type passed struct {
	At                         time.Time
	Sent, Retained             bool
	Topic, Hex, Message, Fault string
	Missed                     int
}

// traceDevices prints what passes until somebody stops it or the daemon ends.
func traceDevices(ctx context.Context, j *deviceJob) error {
	body, err := j.daemon.stream(ctx, "devices/trace")
	if err != nil {
		return err
	}
	defer func() { _ = body.Close() }()
	lines := bufio.NewScanner(body)
	for lines.Scan() {
		data, ok := strings.CutPrefix(lines.Text(), "data: ")
		if !ok {
			continue
		}
		var p passed
		if err := json.Unmarshal([]byte(data), &p); err != nil {
			return fmt.Errorf("the daemon says what is not understood: %w", err)
		}
		j.tell(p)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err := lines.Err(); err != nil {
		return err
	}
	return io.ErrUnexpectedEOF
}

// tell prints one message: when, which way, where, the bytes and what they say.
func (j *deviceJob) tell(p passed) {
	parts := strings.Split(p.Topic, "/")
	if p.Missed > 0 {
		fmt.Fprintf(j.out, "... %d messages were not told\n", p.Missed)
	}
	if parts[len(parts)-1] == "hb" && !j.beats {
		return
	}
	if j.only != "" && (len(parts) < 2 || parts[len(parts)-2] != j.only) {
		return
	}
	way := "<"
	if p.Sent {
		way = ">"
	}
	if p.Retained {
		way = "*"
	}
	said := p.Message
	if p.Fault != "" {
		said = "not understood: " + p.Fault
	}
	fmt.Fprintf(j.out, "%s %s %s %s\n    %s\n", p.At.Local().Format("15:04:05.000"), way, p.Topic, dash(p.Hex), said)
}
