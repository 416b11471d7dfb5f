// SPDX-License-Identifier: EUPL-1.2

package stats

import (
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// Version is that of the definitions in this package and of how days are written: days of
// another version are to be collected anew.
const Version = 2

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
	out = number(out, len(d.Classes))
	for i := range d.Classes {
		c := &d.Classes[i]
		out = c.Waits.append(number(number(text(out, string(c.Class)), c.Overtaken), c.Overtakers))
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

// append writes each span by itself, in one, two or four bytes as the longest one takes: there
// are millions in a few years, and so they are read at once. Of the sum it is enough to say by
// how much the seconds were rounded up.
func (s *Spans) append(out []byte) []byte {
	width := 0
	for width < 2 && s.Longest() >= time.Second<<(8<<width) {
		width++
	}
	out = number(out, 4*s.N()+width)
	total := int64(0)
	for _, m := range s.Seconds {
		total += 1000 * int64(m.N) * int64(m.Seconds)
		for range m.N {
			for i := range 1 << width {
				out = append(out, byte(m.Seconds>>(8*i)))
			}
		}
	}
	if len(s.Seconds) > 0 {
		out = binary.AppendVarint(out, total-s.Sum)
	}
	return out
}

func number(out []byte, n int) []byte { return binary.AppendVarint(out, int64(n)) }

func text(out []byte, s string) []byte { return append(number(out, len(s)), s...) }

// UnmarshalBinary reads what [Day.AppendBinary] has written, into the memory of the day that
// d was before. The error is [ErrVersion], or says at which byte the day is damaged; then d is
// not to be used.
func (d *Day) UnmarshalBinary(data []byte) error {
	if len(data) == 0 || data[0] != Version {
		return ErrVersion
	}
	r := &dayReader{data: data, at: 1}
	d.Date, d.Calls, d.OutOfOrder = queue.Date(r.text(string(d.Date))), r.number(), nil
	for range r.length() {
		if d.OutOfOrder == nil {
			d.OutOfOrder = map[string]int{}
		}
		reason := r.text("")
		d.OutOfOrder[reason] = r.number()
	}
	d.Cells = sized(d.Cells, r.length())
	for i := range d.Cells {
		r.cell(&d.Cells[i])
	}
	d.Classes = sized(d.Classes, r.length())
	for i := range d.Classes {
		c := &d.Classes[i]
		c.Class, c.Overtaken, c.Overtakers = queue.ClassID(r.text(string(c.Class))), r.number(), r.number()
		r.spans(&c.Waits)
	}
	d.Teams = sized(d.Teams, r.length())
	for i := range d.Teams {
		r.team(&d.Teams[i])
	}
	if r.fault || r.at != len(data) {
		return fmt.Errorf("stats: a day is damaged at byte %d of %d", r.at, len(data))
	}
	return nil
}

// sized returns a list of a length in the memory of another one, with what is in it.
func sized[T any](list []T, n int) []T { return slices.Grow(list[:0], n)[:n] }

// dayReader reads a day. After a fault everything is 0 and empty.
type dayReader struct {
	data  []byte
	at    int
	fault bool
}

func (r *dayReader) wide() int64 {
	v, n := binary.Varint(r.data[r.at:])
	if n <= 0 || r.fault {
		r.fault = true
		return 0
	}
	r.at += n
	return v
}

func (r *dayReader) number() int {
	if r.at < len(r.data) && r.data[r.at] < 0x80 && !r.fault { // nearly all of them
		b := int(r.data[r.at])
		r.at++
		return b>>1 ^ -(b & 1)
	}
	return int(r.wide())
}

// length is that of a list or a text: no more than there are bytes left.
func (r *dayReader) length() int {
	n := r.number()
	if n < 0 || n > len(r.data)-r.at {
		r.fault = true
		return 0
	}
	return n
}

// text returns the one before if it is the same, which costs no memory.
func (r *dayReader) text(before string) string {
	n := r.length()
	bytes := r.data[r.at : r.at+n]
	r.at += n
	if string(bytes) == before {
		return before
	}
	return string(bytes)
}

// band is one that a day has.
func (r *dayReader) band() Band {
	b := r.number()
	if b < 0 || b >= Bands {
		r.fault = true
		return 0
	}
	return Band(b)
}

func (r *dayReader) cell(c *Cell) {
	c.Group, c.Band = queue.GroupID(r.text(string(c.Group))), r.band()
	for _, n := range c.counts() {
		*n = r.number()
	}
	for _, s := range c.spans() {
		r.spans(s)
	}
}

func (r *dayReader) spans(s *Spans) {
	n := r.number()
	width := n & 3
	n >>= 2
	s.Sum, s.Seconds = 0, s.Seconds[:0]
	if n == 0 {
		return
	}
	if n < 0 || width > 2 || n > (len(r.data)-r.at)>>width {
		r.fault = true
		return
	}
	data := r.data[r.at : r.at+n<<width]
	r.at += len(data)
	list, many, last, total := sized(s.Seconds, n), 0, -1, 0
	for ; len(data) > 0; data = data[1<<width:] {
		x := int(data[0])
		switch width {
		case 1:
			x = int(binary.LittleEndian.Uint16(data))
		case 2:
			x = int(binary.LittleEndian.Uint32(data))
		}
		total += x
		switch {
		case x == last:
			list[many-1].N++
			continue
		case x < last:
			r.fault = true
		}
		list[many], last = Many{Seconds: x, N: 1}, x
		many++
	}
	up := r.wide()
	if up < 0 || up > 1000*int64(n) {
		r.fault = true
	}
	s.Sum, s.Seconds = 1000*int64(total)-up, list[:many]
}

func (r *dayReader) team(t *Team) {
	t.Team, t.Band = TeamID(r.text(string(t.Team))), r.band()
	for _, ms := range []*queue.Millis{&t.Busy, &t.Turn, &t.Idle} {
		*ms = queue.Millis(r.wide())
	}
	clear(t.Paused)
	for range r.length() {
		if t.Paused == nil {
			t.Paused = map[string]queue.Millis{}
		}
		reason := r.text("")
		t.Paused[reason] = queue.Millis(r.wide())
	}
}
