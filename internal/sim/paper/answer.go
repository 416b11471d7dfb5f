// SPDX-License-Identifier: EUPL-1.2

package paper

// response is a kind of block that waits until the host takes it. Of each kind only the latest is kept; the kinds are
// sent in this order (Epson, GS ( H, table of responses).
type response int

const (
	responseID response = iota
	responseOffline
	responseClear
	responses
	plain // not kept
)

// block is an answer that is sent in one piece.
type block struct {
	bytes []byte
	kind  response
	then  func() // when the host has taken it; nil for nothing
}

// transmitter is the way back to the host.
type transmitter struct {
	flow    byte    // XON or XOFF to be sent before anything else, even inside a block
	queue   []block // status bytes
	waiting int     // bytes in queue
	held    [responses]block
	current block // what is being sent
	sent    int   // how much of it
}

// maxQueue bounds the status bytes that wait; more are dropped.
const maxQueue = 256

// take returns the next byte for the line; flow says that it is not part of what is being sent.
func (t *transmitter) take() (b byte, flow, ok bool) {
	if b := t.flow; b != 0 {
		t.flow = 0
		return b, true, true
	}
	if t.sent == len(t.current.bytes) && !t.load() {
		return 0, false, false
	}
	t.sent++
	return t.current.bytes[t.sent-1], false, true
}

func (t *transmitter) load() bool {
	t.current, t.sent = block{kind: plain}, 0
	if len(t.queue) > 0 {
		t.current, t.queue = t.queue[0], t.queue[1:]
		t.waiting -= len(t.current.bytes)
		return true
	}
	for k := range t.held {
		if len(t.held[k].bytes) > 0 {
			t.current, t.held[k] = t.held[k], block{}
			return true
		}
	}
	return false
}

// taken reports that the byte that take returned last has got through; it returns what is to be done now.
func (t *transmitter) taken() func() {
	if t.sent < len(t.current.bytes) {
		return nil
	}
	then := t.current.then
	t.current.then = nil
	return then
}

// reconnect begins a new line: status bytes for the old one are gone, a response that did not get through is kept.
func (t *transmitter) reconnect() {
	c := t.current
	if c.kind < responses && t.sent < len(c.bytes) && len(t.held[c.kind].bytes) == 0 {
		t.held[c.kind] = c
	}
	t.current, t.sent, t.queue, t.waiting, t.flow = block{kind: plain}, 0, nil, 0, 0
}

func (t *transmitter) forget(k response) { t.held[k] = block{} }

func (p *Printer) mute() bool { return p.t.mute || p.state.silent || p.state.off }

// reply sends status bytes as soon as the line is free.
func (p *Printer) reply(b ...byte) {
	if len(b) == 0 || p.mute() || p.line == nil || p.tx.waiting+len(b) > maxQueue {
		return
	}
	p.tx.queue = append(p.tx.queue, block{bytes: b, kind: plain, then: p.confirms()})
	p.tx.waiting += len(b)
	poke(p.say)
}

// respond sends a block, or keeps it until there is a host.
func (p *Printer) respond(kind response, b ...byte) {
	if p.mute() {
		return
	}
	p.tx.held[kind] = block{bytes: b, kind: kind, then: p.confirms()}
	poke(p.say)
}

// confirms returns what is to be done when the answer that is being made has been taken.
func (p *Printer) confirms() func() {
	if p.trigger.kind != pointAnswered || !p.trigger.cut || !p.inTurn {
		return nil
	}
	return p.trigger.take()
}

// speak puts answers on the line at the speed of the line.
func (p *Printer) speak(l *line) {
	for {
		p.mu.Lock()
		b, flow, ok := p.tx.take()
		p.mu.Unlock()
		if !ok {
			select {
			case <-p.say:
				continue
			case <-l.down:
				return
			}
		}
		if pause(l.down, p.o.byteTime(1)) {
			if _, err := l.conn.Write([]byte{b}); err == nil {
				p.spoken(flow)
				continue
			}
		}
		if !flow {
			p.unsent()
		}
		return
	}
}

// spoken looks after a byte that got through.
func (p *Printer) spoken(flow bool) {
	if flow {
		return
	}
	p.mu.Lock()
	then := p.tx.taken()
	p.mu.Unlock()
	if then != nil {
		then()
	}
}

// unsent takes back the byte that did not get through.
func (p *Printer) unsent() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tx.sent = max(0, p.tx.sent-1)
}
