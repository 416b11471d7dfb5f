// SPDX-License-Identifier: EUPL-1.2

package wire

import (
	"math/rand/v2"
	"net"
	"slices"
	"sync"
	"time"
)

// connection is two ends with the network between them.
type connection struct {
	network   *Network
	near, far net.Conn
	once      sync.Once
	gone      chan struct{} // closed when it has been aborted
}

// abort ends both ends at once, as a reset does.
func (c *connection) abort() {
	c.once.Do(func() {
		close(c.gone)
		_ = c.near.Close()
		_ = c.far.Close()
	})
}

// lane is one direction of a connection: bytes on their way, in order.
type lane struct {
	*connection
	from, to net.Conn
	dice     *rand.Rand
	packets  *packets // nil: bytes are only bytes

	mu     sync.Mutex
	queue  []parcel
	ended  time.Time // when the sender hung up; zero: it has not
	news   chan struct{}
	newest time.Time // no parcel is due before the one in front of it
}

// parcel is what one write put on the way.
type parcel struct {
	bytes []byte
	due   time.Time
	last  bool // the sender has hung up behind this
}

func newLane(c *connection, from, to net.Conn, dice *rand.Rand) *lane {
	return &lane{connection: c, from: from, to: to, dice: dice, news: make(chan struct{}, 1)}
}

// take reads what the sender writes until it hangs up.
func (l *lane) take() {
	buf := make([]byte, 16<<10)
	for {
		k, err := l.from.Read(buf)
		if k > 0 {
			l.send(slices.Clone(buf[:k]))
		}
		if err != nil {
			l.put(parcel{last: true})
			return
		}
	}
}

// send puts bytes on the way, and some messages twice.
func (l *lane) send(b []byte) {
	o := l.network.opts
	if o.Break > 0 && l.dice.Float64() < o.Break {
		l.network.count(func(c *Counters) { c.Broken++ })
		l.abort()
		return
	}
	l.put(parcel{bytes: b})
	if l.packets == nil || o.Again == 0 {
		return
	}
	messages, subscribed := l.packets.split(b)
	if subscribed {
		for _, m := range l.packets.from.replay() {
			l.network.count(func(c *Counters) { c.Replayed++ })
			l.packets.later(m, 0)
		}
	}
	for _, m := range messages {
		switch x := l.dice.Float64(); {
		case x < o.Again/2:
			l.packets.from.keep(m)
		case x < o.Again:
			l.network.count(func(c *Counters) { c.Again++ })
			l.packets.later(m, l.dice.IntN(3))
		}
	}
	if again := l.packets.due(); len(again) > 0 {
		l.put(parcel{bytes: again})
	}
}

// put gives a parcel its time of arrival.
func (l *lane) put(p parcel) {
	o := l.network.opts
	p.due = time.Now().Add(o.Delay)
	if o.Jitter > 0 {
		p.due = p.due.Add(time.Duration(l.dice.Int64N(int64(o.Jitter))))
	}
	for pause := firstPause; o.Loss > 0 && l.dice.Float64() < o.Loss; pause = min(2*pause, lastPause) {
		l.network.count(func(c *Counters) { c.Lost++ })
		p.due = p.due.Add(pause)
	}
	l.mu.Lock()
	if p.due.Before(l.newest) {
		p.due = l.newest
	}
	l.newest = p.due
	if p.last {
		l.ended = time.Now()
	}
	l.queue = append(l.queue, p)
	l.mu.Unlock()
	select {
	case l.news <- struct{}{}:
	default:
	}
}

// give delivers what is due until the sender has hung up or the receiver is gone.
func (l *lane) give() {
	for {
		p, ok := l.next()
		if !ok {
			select {
			case <-l.news:
				continue
			case <-l.gone:
				return
			}
		}
		if !l.until(time.After(time.Until(p.due))) || !l.arrive() {
			return
		}
		if p.last {
			_ = l.to.Close() // the two ends of a pipe know only one kind of closing
			return
		}
		if _, err := l.to.Write(p.bytes); err != nil {
			return // nobody is there; the other direction says so to the sender
		}
		if each := l.network.opts.Each; each > 0 && !l.until(time.After(each)) {
			return
		}
	}
}

func (l *lane) next() (parcel, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.queue) == 0 {
		return parcel{}, false
	}
	p := l.queue[0]
	l.queue = l.queue[1:]
	return p, true
}

// arrive waits while the network is cut. Then the parcel comes when its sender tries
// it again, which it does ever more seldom; false: it never does.
func (l *lane) arrive() bool {
	begin, held := time.Now(), false
	for pause := firstPause; ; pause = min(2*pause, lastPause) {
		if _, up := l.network.whole(); up {
			if held {
				l.network.count(func(c *Counters) {
					c.Held++
					if time.Since(begin) > 5*time.Second {
						c.Late++
					}
				})
			}
			return true
		}
		held = true
		if !l.until(time.After(pause)) || l.orphan() {
			l.abort()
			return false
		}
	}
}

// orphan reports whether the sender hung up so long ago that its system gives up.
func (l *lane) orphan() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return !l.ended.IsZero() && time.Since(l.ended) > orphaned
}

// until waits for a moment; false: the connection is gone.
func (l *lane) until(moment <-chan time.Time) bool {
	select {
	case <-moment:
		return true
	case <-l.gone:
		return false
	}
}
