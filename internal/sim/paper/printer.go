// SPDX-License-Identifier: EUPL-1.2

package paper

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
)

// Printer is one printer: a mechanism with paper in it, and memory that lasts as long as the power. All methods are
// safe for concurrent use.
type Printer struct {
	o     Options
	t     traits
	table commandTable

	// Each holds at most one token: look again.
	wake, room, say chan struct{}

	mu sync.Mutex // guards all below
	ram
	paper   roll
	state   condition
	line    *line
	trigger trigger
	fire    func() // what a Point that has come wants done
	count   Counters
	odometers
	nv   memory
	done []Sheet // cut or torn off, not yet given to Out
}

// odometers are what the host can ask for.
type odometers struct {
	cuts, powerUps   int
	taken, retracted int // tickets
}

// ram is what a power cut erases.
type ram struct {
	rx    bytes.Buffer // received, not yet executed
	early scanner      // real-time commands among the incoming bytes
	interpreter
	job      job
	ops      []op    // what the mechanism still has to do, before the next byte is looked at
	run      *motion // the part of ops[0] that is under way
	inTurn   bool    // a byte from the buffer is being executed
	busy     bool
	patience patience
	status   reporting
	tx       transmitter
}

// New returns a printer that is switched on, has a full roll of paper and is not connected. Options that no printer can
// have are a programming error and panic.
func New(o Options) *Printer {
	o = o.withDefaults()
	if err := o.check(); err != nil {
		panic(err)
	}
	t := o.traits()
	p := &Printer{
		o: o, t: t, table: commands(t),
		wake: make(chan struct{}, 1), room: make(chan struct{}, 1), say: make(chan struct{}, 1),
	}
	p.state.left = endless
	p.paper.y = t.gap
	p.count.perMM = t.perMM
	p.boot()
	return p
}

// boot is what the printer does when the power has come; p.mu is held, or p is not shared yet.
func (p *Printer) boot() {
	p.state.off, p.state.bootAt = false, time.Time{}
	p.state.jamError = p.state.jammed
	p.powerUps++
	p.nv.ripen()
	p.reset()
}

// reset forgets everything but what is in the lasting memory.
func (p *Printer) reset() {
	if p.busy {
		p.signal(xon)
		poke(p.room)
	}
	flow := p.tx.flow
	p.ram = ram{interpreter: newInterpreter(p.t, p.o.Dots), early: scanner{length: p.t.early()}}
	p.tx.flow = flow
	p.status.remember(p)
}

// line is one connection to a host.
type line struct {
	conn io.ReadWriteCloser
	down chan struct{} // closed when the connection is no more
	once sync.Once
	err  error // why reading ended; set before down is closed, read after
}

func (l *line) drop(err error) {
	l.once.Do(func() {
		l.err = err
		close(l.down)
		_ = l.conn.Close() // why the line ended is known
	})
}

// errUnplugged and errStopped are why we ourselves ended a line.
var (
	errUnplugged = errors.New("paper: the cable was pulled")
	errStopped   = errors.New("paper: stopped")
)

// Serve is the printer at its end of conn until the line is gone or ctx ends. It owns conn and closes it; closing must
// wake a pending Read. When the host hangs up or Unplug is called, Serve prints what it has received, as far as it can,
// and returns nil; when ctx ends it stops at once and returns ctx.Err(). The printer keeps its memory between two
// calls. Only one Serve may run at a time.
func (p *Printer) Serve(ctx context.Context, conn io.ReadWriteCloser) error {
	l := &line{conn: conn, down: make(chan struct{})}
	if err := p.attach(l); err != nil {
		return errors.Join(err, conn.Close())
	}
	defer p.detach()
	stop := context.AfterFunc(ctx, func() { l.drop(errStopped) })
	defer stop()

	var wg sync.WaitGroup
	wg.Go(func() { p.listen(l) })
	wg.Go(func() { p.speak(l) })
	p.work(ctx, l)
	l.drop(errStopped)
	wg.Wait()

	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(l.err, errUnplugged), errors.Is(l.err, io.EOF):
		return nil
	default:
		return fmt.Errorf("paper: read from the line: %w", l.err)
	}
}

func (p *Printer) attach(l *line) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.line != nil {
		return errors.New("paper: the printer is connected already: end the other Serve first")
	}
	p.line = l
	p.tx.reconnect()
	return nil
}

func (p *Printer) detach() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.line = nil
}

// work drives the mechanism.
func (p *Printer) work(ctx context.Context, l *line) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	down := l.down
	for ctx.Err() == nil {
		p.mu.Lock()
		next, due := p.advance(time.Now())
		sheets, fire := p.done, p.fire
		p.done, p.fire = nil, nil
		p.mu.Unlock()
		for _, s := range sheets {
			p.o.Out(s)
		}
		if fire != nil {
			fire()
		}
		if len(sheets) > 0 || fire != nil {
			continue
		}
		if !due && down == nil {
			return
		}
		var alarm <-chan time.Time
		if due {
			timer.Reset(next)
			alarm = timer.C
		}
		select {
		case <-alarm:
		case <-p.wake:
		case <-down:
			down = nil
		case <-ctx.Done():
		}
	}
}

// listen takes bytes off the line at the speed of the line.
func (p *Printer) listen(l *line) {
	buf := make([]byte, 16) // as a UART has
	for {
		room := p.waitRoom(l)
		if room == 0 {
			return
		}
		n, err := l.conn.Read(buf[:min(room, len(buf))])
		p.arrive(l, buf[:n])
		if err != nil {
			l.drop(err)
			return
		}
	}
}

// waitRoom waits until the printer lets the host send and returns how many bytes it may; 0 when the line is down.
func (p *Printer) waitRoom(l *line) int {
	for {
		p.mu.Lock()
		room, ready := p.o.Buffer-p.rx.Len(), true
		if p.o.Flow == Hold {
			ready = !p.state.off && !p.busy
		} else {
			room = p.o.Buffer
		}
		p.mu.Unlock()
		if ready {
			return room
		}
		select {
		case <-p.room:
		case <-l.down:
			return 0
		}
	}
}

// arrive spends the time that b needs on the line and gives it to the printer. A line that goes down meanwhile takes the
// rest of b with it.
func (p *Printer) arrive(l *line, b []byte) {
	for len(b) > 0 {
		n := len(b)
		p.mu.Lock()
		if p.trigger.kind == pointReceived {
			n = min(n, p.trigger.n)
		}
		p.mu.Unlock()

		start, torn := time.Now(), false
		if !pause(l.down, p.o.byteTime(n)) {
			n, torn = min(n, int(time.Since(start)/p.o.byteTime(1))), true
		}
		p.mu.Lock()
		p.receive(b[:n])
		do := p.trigger.received(n)
		p.mu.Unlock()
		poke(p.wake)
		if do != nil {
			do()
		}
		if torn {
			return
		}
		b = b[n:]
	}
}

// pause sleeps for d and reports whether it did: it returns early when stop is closed.
func pause(stop <-chan struct{}, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-stop:
		return false
	}
}

func poke(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
