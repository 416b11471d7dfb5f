// SPDX-License-Identifier: EUPL-1.2

package rs485

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// silence ends a frame where nothing else does.
const silence = 10 * time.Millisecond

// Options say what hangs on the line.
type Options struct {
	Protocol string // "edi", "board", "callshop", "callshop-concentrator" or "modbus"
	// Panels are the addresses; one that stands twice is two panels on one address.
	Panels []int
	Places int           // digits of each panel
	Turn   time.Duration // between a frame and its answer
	Echo   bool          // the adapter hears itself
	Seed   uint64        // of the noise
}

// Noise is what happens to each byte on the line, both ways, as probabilities.
type Noise struct{ Flip, Drop, Extra float64 }

// Bus is a line with panels. Use [New].
type Bus struct {
	o Options

	mu         sync.Mutex
	dice       *rand.Rand
	noise      Noise
	noisy      bool // there was noise at some time
	panels     []*panel
	violations []string
	frames     int
}

// panel is one display and what was on it.
type panel struct {
	reader  reader
	address int
	off     bool
	mute    bool
	text    string
	seen    []string
}

// reader takes the bytes of the line as one panel's firmware does. Show is what it shows then, if
// anything new; answer is what it says; a complaint is about a frame that no host should have sent.
type reader interface {
	hear(b byte) heard
	quiet() heard // the line is silent
}

type heard struct {
	show      *string
	answer    []byte
	complaint string
	frame     bool // a frame was understood
}

// New returns a line that waits for Serve. Its panels are dark.
func New(o Options) (*Bus, error) {
	b := &Bus{o: o, dice: rand.New(rand.NewPCG(o.Seed, o.Seed))}
	for _, address := range o.Panels {
		r, err := newReader(o.Protocol, address, o.Places)
		if err != nil {
			return nil, err
		}
		b.panels = append(b.panels, &panel{reader: r, address: address, seen: []string{""}})
	}
	return b, nil
}

func newReader(protocol string, address, places int) (reader, error) {
	switch protocol {
	case "edi":
		return &edi{address: address, places: places}, nil
	case "board":
		return &board{id: byte(address)}, nil
	case "callshop":
		return &callshop{}, nil
	case "callshop-concentrator":
		return &callshop{port: address}, nil
	case "modbus":
		return &modbus{id: byte(address), registers: make([]uint16, places)}, nil
	}
	return nil, fmt.Errorf("rs485: no panels of the kind %q", protocol)
}

// SetNoise changes what happens to bytes from now on.
func (b *Bus) SetNoise(n Noise) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.noise = n
	b.noisy = b.noisy || n != Noise{}
}

// Power switches a panel off, which makes it dark, or on again.
func (b *Bus) Power(i int, on bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	p := b.panels[i]
	p.off = !on
	p.light("")
}

// Mute makes a panel keep its answers, as with a broken wire, or give them again.
func (b *Bus) Mute(i int, mute bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.panels[i].mute = mute
}

// Text is what panel i shows, without blanks before and after.
func (b *Bus) Text(i int) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.panels[i].text
}

// Seen is all that panel i has shown, in order, the dark one at first included.
func (b *Bus) Seen(i int) []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.panels[i].seen)
}

// Frames is how many frames were understood by some panel.
func (b *Bus) Frames() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.frames
}

// Violations are the frames that a host must not send, in words. A line that was ever noisy has
// none: nobody can tell then whose fault it was.
func (b *Bus) Violations() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.noisy {
		return nil
	}
	return slices.Clone(b.violations)
}

func (p *panel) light(text string) {
	if text != p.text {
		p.text = text
		p.seen = append(p.seen, text)
	}
}

// Serve is the line until ctx ends or the host closes it. It closes the line. The error is nil.
func (b *Bus) Serve(ctx context.Context, line io.ReadWriteCloser) error {
	chunks := make(chan []byte)
	go func() {
		defer close(chunks)
		for {
			buffer := make([]byte, 256)
			n, err := line.Read(buffer)
			if n > 0 {
				chunks <- buffer[:n]
			}
			if err != nil {
				return
			}
		}
	}()
	defer func() {
		// What fails here is what the host has closed already.
		_ = line.Close()
		for range chunks {
		}
	}()
	quiet := time.NewTimer(silence)
	defer quiet.Stop()
	for {
		var answer []byte
		select {
		case <-ctx.Done():
			return nil
		case chunk, ok := <-chunks:
			if !ok {
				return nil
			}
			answer = b.take(chunk)
			quiet.Reset(silence)
			if b.o.Echo && !b.send(line, chunk) {
				return nil
			}
		case <-quiet.C:
			answer = b.silence()
		}
		if answer == nil {
			continue
		}
		if !b.turn(ctx, chunks) || !b.send(line, b.disturb(answer)) {
			return nil
		}
	}
}

// turn waits before an answer. A host that talks meanwhile destroys both.
func (b *Bus) turn(ctx context.Context, chunks <-chan []byte) bool {
	timer := time.NewTimer(b.o.Turn)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return false
		case <-timer.C:
			return true
		case _, ok := <-chunks:
			if !ok {
				return false
			}
			b.mu.Lock()
			b.violations = append(b.violations, "the host talks while a panel is about to answer")
			b.mu.Unlock()
		}
	}
}

func (b *Bus) send(line io.Writer, data []byte) bool {
	_, err := line.Write(data)
	return err == nil || errors.Is(err, io.ErrShortWrite)
}

// take gives bytes from the host to all panels.
func (b *Bus) take(chunk []byte) []byte {
	return b.all(b.disturb(chunk), func(r reader, c byte) heard { return r.hear(c) })
}

func (b *Bus) silence() []byte {
	return b.all([]byte{0}, func(r reader, _ byte) heard { return r.quiet() })
}

// all lets each panel take the bytes, and puts together what they answer.
func (b *Bus) all(data []byte, take func(reader, byte) heard) []byte {
	b.mu.Lock()
	defer b.mu.Unlock()
	var answer []byte
	for _, c := range data {
		for _, p := range b.panels {
			if p.off {
				continue
			}
			h := take(p.reader, c)
			if h.frame {
				b.frames++
			}
			if h.show != nil {
				p.light(*h.show)
			}
			if h.complaint != "" {
				b.violations = append(b.violations, fmt.Sprintf("panel %d: %s", p.address, h.complaint))
			}
			if h.answer != nil && !p.mute {
				answer = collide(answer, h.answer)
			}
		}
	}
	return answer
}

// collide is what a line carries when two speak.
func collide(a, b []byte) []byte {
	if a == nil {
		return b
	}
	out := slices.Clone(a)
	for i := range out {
		out[i] |= b[i%len(b)] >> 1
	}
	return out
}

// disturb is what the noise leaves of bytes.
func (b *Bus) disturb(data []byte) []byte {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.noise == (Noise{}) {
		return data
	}
	var out []byte
	for _, c := range data {
		if b.dice.Float64() < b.noise.Drop {
			continue
		}
		if b.dice.Float64() < b.noise.Flip {
			c ^= 1 << b.dice.IntN(8)
		}
		out = append(out, c)
		if b.dice.Float64() < b.noise.Extra {
			out = append(out, byte(b.dice.IntN(256)))
		}
	}
	return out
}
