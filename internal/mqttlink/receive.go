// SPDX-License-Identifier: EUPL-1.2

package mqttlink

import (
	"log/slog"
	"time"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
)

// The reasons for which a message is ignored; they are the values of the metric
// avanti_mqtt_ignored_messages_total.
const (
	ignoredTopic     = "topic"
	ignoredRetained  = "retained_event"
	ignoredTooLong   = "too_long"
	ignoredMalformed = "malformed"
	ignoredOldWill   = "old_will"
)

// reasonFlood is why a device is reported that asks faster than it can be answered.
const reasonFlood = "flood"

// receive takes every message that arrives, in order.
func (l *Link) receive(m Message) {
	if l.opts.OnPassing != nil {
		l.opts.OnPassing(m, false)
	}
	if m.Topic == l.probeTopic() {
		l.receiveProbe(m)
		return
	}
	if maker, leaf, ok := fwproto.ParsePairing(m.Topic); ok && leaf == fwproto.LeafUp && l.opts.OnPairing != nil {
		l.opts.OnPairing(maker, m.Payload)
		return
	}
	device, leaf, ok := l.topics.Parse(m.Topic)
	if !ok {
		l.ignore(device, ignoredTopic, nil)
		return
	}
	switch leaf {
	case fwproto.LeafHeartbeat:
		l.receiveHeartbeat(m)
	case fwproto.LeafEvent:
		l.receiveEvent(device, m)
	case fwproto.LeafState:
		l.receiveState(device, m)
	case fwproto.LeafShown:
		take(l, device, m.Payload, l.opts.OnShown)
	case fwproto.LeafResult:
		take(l, device, m.Payload, l.opts.OnReport)
	case fwproto.LeafTelemetry:
		take(l, device, m.Payload, l.opts.OnTelemetry)
	default:
		l.ignore(device, ignoredTopic, nil)
	}
}

// take decodes what a device says and hands it on.
func take[M fwproto.Message](l *Link, device string, payload []byte, to func(string, M)) {
	said, err := fwproto.Decode[M](payload)
	if err != nil {
		l.ignore(device, ignoredMalformed, err)
	} else if to != nil {
		to(device, said)
	}
}

func (l *Link) receiveHeartbeat(m Message) {
	hb, err := fwproto.Decode[fwproto.Heartbeat](m.Payload)
	if err != nil {
		l.ignore("", ignoredMalformed, err)
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if hb.Epoch == l.epoch {
		l.heard = time.Now()
		l.metrics.roundTrip.Observe(l.heard.Sub(l.sent).Seconds())
	}
}

// receiveEvent hands an event on. One that was kept by a broker is not news: a
// press of last week must not call anybody, and is removed.
func (l *Link) receiveEvent(device string, m Message) {
	err := fwproto.Check(fwproto.LeafEvent, m.Payload)
	switch {
	case len(m.Payload) == 0: // what removes it
	case m.Retained:
		l.ignore(device, ignoredRetained, nil)
		l.mu.Lock()
		l.old[device] = true
		l.mu.Unlock()
		l.rouse()
	case len(m.Payload) > fwproto.MaxPayload(fwproto.TypePress):
		l.ignore(device, ignoredTooLong, nil)
	case err != nil:
		l.ignore(device, ignoredMalformed, err)
	case l.opts.OnEvent != nil:
		l.opts.OnEvent(device, m.Payload)
	}
}

// receiveState hands births and deaths on. The will of a connection can be
// published after the birth of the next; it is recognised by its session.
func (l *Link) receiveState(device string, m Message) {
	state, err := fwproto.Decode[fwproto.State](m.Payload)
	if err != nil {
		l.ignore(device, ignoredMalformed, err)
		return
	}
	if !l.current(device, state) {
		l.ignore(device, ignoredOldWill, nil)
		return
	}
	if l.opts.OnState != nil {
		l.opts.OnState(device, state)
	}
}

func (l *Link) current(device string, state fwproto.State) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if state.Status != fwproto.Lost {
		l.births[device] = state
		return true
	}
	birth, born := l.births[device]
	if born && (state.Boot != birth.Boot || state.Session < birth.Session) {
		return false
	}
	delete(l.births, device)
	return true
}

func (l *Link) ignore(device, reason string, err error) {
	l.metrics.ignored.WithLabelValues(reason).Inc()
	l.log.Debug("message ignored", slog.String("device", device), slog.String("reason", reason), slog.Any("error", err))
	if reason != ignoredOldWill && l.opts.OnRefused != nil {
		l.opts.OnRefused(device, reason)
	}
}
