// SPDX-License-Identifier: EUPL-1.2

package stats

import (
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/avanti-queue/avanti/queue"
)

// Version is that of the definitions in this package and of how days are written: days of
// another version are to be collected anew.
const Version = 1

// ErrVersion is of a day that another version has written.
var ErrVersion = errors.New("stats: a day of another version")

// AppendBinary appends the day as [Day.UnmarshalBinary] reads it. The error is always nil.
func (d *Day) AppendBinary(out []byte) ([]byte, error) {
	out = append(out, Version)
	out = text(out, string(d.Date))
	out = number(out, d.Calls)
	out = number(out, len(d.OutOfOrder))
	for _, reason := range slices.Sorted(maps.Keys(d.OutOfOrder)) {
		out = number(text(out, reason), d.OutOfOrder[reason])
	}
	out = number(out, len(d.Cells))
	for i := range d.Cells {
		c := &d.Cells[i]
		out = number(text(out, string(c.Group)), int(c.Band))
		for _, n := range c.counts() {
			out = number(out, *n)
		}
		for _, s := range c.spans() {
			out = s.append(out)
		}
	}
	out = number(out, len(d.Teams))
	for i := range d.Teams {
		t := &d.Teams[i]
		out = number(text(out, string(t.Team)), int(t.Band))
		for _, ms := range []queue.Millis{t.Busy, t.Turn, t.Idle} {
			out = binary.AppendVarint(out, int64(ms))
		}
		out = number(out, len(t.Paused))
		for _, reason := range slices.Sorted(maps.Keys(t.Paused)) {
			out = binary.AppendVarint(text(out, reason), int64(t.Paused[reason]))
		}
	}
	return out, nil
}

func (c *Cell) counts() []*int {
	return []*int{
		&c.Issued, &c.Transferred, &c.Started, &c.Served, &c.NoShow, &c.Cancelled, &c.Expired, &c.Void, &c.Overtaken, &c.Overtakers,
	}
}

func (c *Cell) spans() []*Spans { return []*Spans{&c.Waits, &c.Lost, &c.Walks, &c.Services, &c.Visits} }

func (s *Spans) append(out []byte) []byte {
	out = number(binary.AppendVarint(out, s.Sum), len(s.Seconds))
	last := 0
	for _, m := range s.Seconds {
		out = number(number(out, m.Seconds-last), m.N)
		last = m.Seconds
	}
	return out
}

func number(out []byte, n int) []byte { return binary.AppendVarint(out, int64(n)) }

func text(out []byte, s string) []byte { return append(number(out, len(s)), s...) }

// UnmarshalBinary reads what [Day.AppendBinary] has written. The error is [ErrVersion], or
// says at which byte the day is damaged; then d is not to be used.
func (d *Day) UnmarshalBinary(data []byte) error {
	if len(data) == 0 || data[0] != Version {
		return ErrVersion
	}
	r := &dayReader{data: data, at: 1}
	*d = Day{Date: queue.Date(r.text()), Calls: r.number()}
	for range r.length() {
		if d.OutOfOrder == nil {
			d.OutOfOrder = map[string]int{}
		}
		reason := r.text()
		d.OutOfOrder[reason] = r.number()
	}
	d.Cells = make([]Cell, r.length())
	for i := range d.Cells {
		r.cell(&d.Cells[i])
	}
	d.Teams = make([]Team, r.length())
	for i := range d.Teams {
		r.team(&d.Teams[i])
	}
	if r.fault || r.at != len(data) {
		return fmt.Errorf("stats: a day is damaged at byte %d of %d", r.at, len(data))
	}
	return nil
}

// dayReader reads a day. After a fault everything is 0 and empty.
type dayReader struct {
	data  []byte
	at    int
	fault bool
}

func (r *dayReader) wide() int64 {
	if r.fault {
		return 0
	}
	v, n := binary.Varint(r.data[r.at:])
	if n <= 0 {
		r.fault = true
		return 0
	}
	r.at += n
	return v
}

func (r *dayReader) number() int { return int(r.wide()) }

// length is that of a list or a text: no more than there are bytes left.
func (r *dayReader) length() int {
	n := r.number()
	if n < 0 || n > len(r.data)-r.at {
		r.fault = true
		return 0
	}
	return n
}

func (r *dayReader) text() string {
	n := r.length()
	s := string(r.data[r.at : r.at+n])
	r.at += n
	return s
}

func (r *dayReader) cell(c *Cell) {
	c.Group, c.Band = queue.GroupID(r.text()), Band(r.number())
	for _, n := range c.counts() {
		*n = r.number()
	}
	for _, s := range c.spans() {
		r.spans(s)
	}
}

func (r *dayReader) spans(s *Spans) {
	s.Sum = r.wide()
	n := r.length()
	if n == 0 {
		return
	}
	s.Seconds = make([]Many, n)
	last := 0
	for i := range s.Seconds {
		last += r.number()
		s.Seconds[i] = Many{Seconds: last, N: r.number()}
	}
}

func (r *dayReader) team(t *Team) {
	t.Team, t.Band = TeamID(r.text()), Band(r.number())
	for _, ms := range []*queue.Millis{&t.Busy, &t.Turn, &t.Idle} {
		*ms = queue.Millis(r.wide())
	}
	for range r.length() {
		if t.Paused == nil {
			t.Paused = map[string]queue.Millis{}
		}
		reason := r.text()
		t.Paused[reason] = queue.Millis(r.wide())
	}
}
