// SPDX-License-Identifier: EUPL-1.2

package mqttlink

import (
	"slices"
	"time"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
)

// probes is how many round trips are measured on each connection; the first ones are
// faster than what follows, because TCP acknowledges at once while it is young.
const probes = 40

// probe measures what a broker needs to answer a message of QoS 1: it is over when both
// the acknowledgement and the message itself are back. The broker sends the two one after
// the other and gets nothing in between, as when it acknowledges a press and passes the
// reply on; one whose sockets collect small packets then waits for a TCP acknowledgement
// that the other side delays.
type probe struct {
	count uint32 // of the one under way
	sent  time.Time
	half  bool // one of the two is back
	took  []time.Duration
}

// echo is one of the two.
type echo struct {
	epoch, count uint32
	at           time.Time
}

// probeTopic is heard by the daemon alone (SPEC 2.6).
func (l *Link) probeTopic() string { return l.topics.Root() + "probe" }

// receiveProbe notes a probe that has come back.
func (l *Link) receiveProbe(m Message) {
	p, err := fwproto.Decode[fwproto.Heartbeat](m.Payload)
	if err != nil {
		l.ignore("", ignoredMalformed, err)
		return
	}
	l.echoed(p.Epoch, p.Count)
}

func (l *Link) echoed(epoch, count uint32) {
	select {
	case l.echoes <- echo{epoch, count, time.Now()}:
	default: // nobody waits for so many
	}
}

// probeNext sends the next probe.
func (s *sender) probeNext() error {
	s.probe.count++
	count := s.probe.count
	payload, err := fwproto.Encode(fwproto.Heartbeat{Epoch: s.epoch, Count: count})
	if err != nil {
		return err
	}
	s.probe.sent, s.probe.half = time.Now(), false
	return s.publish(Message{
		Topic: s.probeTopic(), Payload: payload, QoS: 1,
		Acknowledged: func() { s.echoed(s.epoch, count) },
	})
}

// returned takes what has come back of a probe, and sends the next one or tells the
// result when it is complete.
func (s *sender) returned(e echo) error {
	if e.epoch != s.epoch || e.count != s.probe.count || len(s.probe.took) == probes {
		return nil // of another connection, or a repetition
	}
	if !s.probe.half {
		s.probe.half = true
		return nil
	}
	took := e.at.Sub(s.probe.sent)
	s.metrics.probe.Observe(took.Seconds())
	if s.probe.took = append(s.probe.took, took); len(s.probe.took) < probes {
		return s.probeNext()
	}
	slices.Sort(s.probe.took)
	if s.opts.OnRoundTrip != nil {
		s.opts.OnRoundTrip(s.probe.took[probes/2])
	}
	return nil
}
