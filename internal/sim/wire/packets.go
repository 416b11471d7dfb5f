// SPDX-License-Identifier: EUPL-1.2

package wire

import (
	"slices"
	"sync"
)

// The first bytes of the packets that matter here (MQTT 3.1.1, 2.2).
const (
	typePublish   = 3
	typeSubscribe = 8
	flagDup       = 0x08
	flagQoS1      = 0x02
)

// maxKept is how many messages a sender keeps for its next connection.
const maxKept = 4

// sender is a device over all of its connections.
type sender struct {
	mu   sync.Mutex
	kept [][]byte // messages that it will send on the next connection
}

func (s *sender) keep(m []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept = append(s.kept, m)
	s.kept = s.kept[max(0, len(s.kept)-maxKept):]
}

func (s *sender) replay() [][]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	kept := s.kept
	s.kept = nil
	return kept
}

// packets finds the MQTT packets in what a device sends.
type packets struct {
	from    *sender
	partial []byte
	waiting []repeat
}

// repeat is a message that is sent again after so many further writes.
type repeat struct {
	message []byte
	after   int
}

// split takes the next bytes and returns copies of the messages of QoS 1 that end in
// them, marked as duplicates, and whether the device has subscribed in them.
func (p *packets) split(b []byte) (messages [][]byte, subscribed bool) {
	p.partial = append(p.partial, b...)
	for {
		n := packetLength(p.partial)
		if n == 0 || n > len(p.partial) {
			return messages, subscribed
		}
		switch first := p.partial[0]; {
		case first>>4 == typeSubscribe:
			subscribed = true
		case first>>4 == typePublish && first&0x06 == flagQoS1:
			m := slices.Clone(p.partial[:n])
			m[0] |= flagDup
			messages = append(messages, m)
		}
		p.partial = p.partial[n:]
	}
}

// packetLength returns the length of the packet that begins here; 0: not known yet.
func packetLength(b []byte) int {
	length := 0
	for i := 1; i < len(b) && i <= 4; i++ {
		length |= int(b[i]&0x7f) << (7 * (i - 1))
		if b[i] < 0x80 {
			return 1 + i + length
		}
	}
	return 0
}

func (p *packets) later(m []byte, writes int) {
	p.waiting = append(p.waiting, repeat{m, writes})
}

// due returns what is to be sent again now. There is nothing inside a packet.
func (p *packets) due() []byte {
	if len(p.partial) > 0 {
		return nil
	}
	var out []byte
	p.waiting = slices.DeleteFunc(p.waiting, func(r repeat) bool {
		if r.after == 0 {
			out = append(out, r.message...)
		}
		return r.after == 0
	})
	for i := range p.waiting {
		p.waiting[i].after--
	}
	return out
}
