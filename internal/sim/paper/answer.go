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

// transmitter is the way back to the host.
type transmitter struct {
	flow    byte   // XON or XOFF to be sent before anything else, even inside a block
	queue   []byte // status bytes
	held    [responses][]byte
	current []byte // what is being sent
	sent    int    // how much of it
	kind    response
}

// maxQueue bounds the status bytes that wait; more are dropped.
const maxQueue = 256

// take returns the next byte for the line; flow says that it is not part of what is being sent.
func (t *transmitter) take() (b byte, flow, ok bool) {
	if b := t.flow; b != 0 {
		t.flow = 0
		return b, true, true
	}
	if t.sent == len(t.current) && !t.load() {
		return 0, false, false
	}
	t.sent++
	return t.current[t.sent-1], false, true
}

func (t *transmitter) load() bool {
	t.current, t.sent, t.kind = t.queue, 0, plain
	t.queue = nil
	for k := responseID; k < responses && len(t.current) == 0; k++ {
		t.current, t.kind = t.held[k], k
		t.held[k] = nil
	}
	return len(t.current) > 0
}

// reconnect begins a new line: status bytes for the old one are gone, a response that did not get through is kept.
func (t *transmitter) reconnect() {
	if t.kind < responses && t.sent < len(t.current) && t.held[t.kind] == nil {
		t.held[t.kind] = t.current
	}
	t.current, t.sent, t.queue, t.flow = nil, 0, nil, 0
}

func (t *transmitter) forget(k response) { t.held[k] = nil }

func (p *Printer) mute() bool { return p.t.mute || p.state.silent || p.state.off }

// reply sends status bytes as soon as the line is free.
func (p *Printer) reply(b ...byte) {
	if p.mute() || p.line == nil || len(p.tx.queue)+len(b) > maxQueue {
		return
	}
	p.tx.queue = append(p.tx.queue, b...)
	poke(p.say)
}

// respond sends a block, or keeps it until there is a host.
func (p *Printer) respond(kind response, b ...byte) {
	if p.mute() {
		return
	}
	p.tx.held[kind] = b
	poke(p.say)
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
				continue
			}
		}
		if !flow {
			p.unsent()
		}
		return
	}
}

// unsent takes back the byte that did not get through.
func (p *Printer) unsent() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tx.sent = max(0, p.tx.sent-1)
}
