// SPDX-License-Identifier: EUPL-1.2

package mqttlink

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"time"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
)

// sender is the one goroutine that publishes on one connection.
type sender struct {
	*Link
	publish Publish
	epoch   uint32
	beats   uint32
	probe   probe
}

// serve works on one connection until its context ends.
func (l *Link) serve(ctx context.Context, _ uint32, publish Publish) error {
	l.mu.Lock()
	publish = l.traced(publish)
	s := sender{Link: l, publish: publish, epoch: l.epoch}
	l.heard = time.Now()
	l.mu.Unlock()
	l.forgetReplies()
	l.forgetOrders()
	l.setUp(true)
	defer l.setUp(false)

	if err := publish(l.host(s.epoch, true)); err != nil {
		return fmt.Errorf("publish host: %w", err)
	}
	// Beat before the contents, so that each of them counts as it arrives.
	if err := s.beat(); err != nil {
		return err
	}
	beat := time.NewTicker(l.opts.Heartbeat)
	defer beat.Stop()
	for first := true; ; first = false {
		err := s.contents()
		if err == nil && first {
			err = s.probeNext()
		}
		if err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			_ = publish(l.host(s.epoch, false)) // a farewell; the will would say the same
			return nil
		case e := <-l.echoes:
			err = s.returned(e)
		case <-beat.C:
			err = s.beat()
		case <-l.wake:
		}
		if err != nil {
			return err
		}
	}
}

// contents publishes what is new. The replies that were given before go first:
// a clerk waits for them.
func (s *sender) contents() error {
	sets, old := s.takeDirty()
	if err := s.answers(); err != nil {
		return err
	}
	for _, device := range old {
		if err := s.publish(Message{Topic: s.topics.DeviceEvent(device), Retained: true}); err != nil {
			return fmt.Errorf("remove an event: %w", err)
		}
	}
	if err := s.ordered(); err != nil {
		return err
	}
	for _, device := range slices.Sorted(maps.Keys(sets)) {
		set := sets[device]
		set.Epoch, set.TTLms = s.epoch, uint32(s.ttl.Milliseconds())
		payload, err := fwproto.Encode(set)
		if err != nil {
			s.log.Error("the content of a device cannot be sent and is left out", slog.String("device", device), slog.Any("error", err))
			continue
		}
		if err := s.publish(Message{Topic: s.topics.DeviceSet(device), Payload: payload, QoS: 1, Retained: true}); err != nil {
			return fmt.Errorf("publish set: %w", err)
		}
	}
	return nil
}

func (s *sender) answers() error {
	for _, r := range s.replies.take() {
		if err := s.answer(r); err != nil {
			return err
		}
	}
	return nil
}

func (s *sender) answer(r reply) error {
	payload, err := fwproto.Encode(r.Reply)
	if err != nil {
		s.log.Error("a reply cannot be sent and is left out", slog.String("device", r.device), slog.Any("error", err))
		return nil
	}
	if err := s.publish(Message{Topic: s.topics.DeviceReply(r.device), Payload: payload, QoS: 1}); err != nil {
		return fmt.Errorf("publish reply: %w", err)
	}
	return nil
}

// beat sends one heartbeat, unless none of the earlier ones has come back.
func (s *sender) beat() error {
	now := time.Now()
	s.mu.Lock()
	silence := now.Sub(s.heard)
	s.sent = now
	s.mu.Unlock()
	if silence > s.silence {
		return errSilence
	}
	s.beats = s.recent.next(s.epoch, s.opts.Heartbeat)
	_, offset := now.In(s.opts.Location).Zone()
	payload, err := fwproto.Encode(fwproto.Heartbeat{
		Epoch: s.epoch, Count: s.beats, UTCms: uint64(max(now.UnixMilli(), 0)), OffsetMin: int16(offset / 60),
	})
	if err != nil {
		return fmt.Errorf("heartbeat: %w", err)
	}
	if err := s.publish(Message{Topic: s.topics.Heartbeat(), Payload: payload}); err != nil {
		return fmt.Errorf("publish heartbeat: %w", err)
	}
	return nil
}

// host is the birth or the death of an epoch. A version that cannot be sent is
// left out.
func (l *Link) host(epoch uint32, online bool) Message {
	h := fwproto.Host{Epoch: epoch, Online: online, Version: l.opts.Version}
	payload, err := fwproto.Encode(h)
	if err != nil {
		h.Version = ""
		payload, err = fwproto.Encode(h)
	}
	if err != nil {
		panic(err) // an epoch is never 0, and nothing else is left
	}
	return Message{Topic: l.topics.Host(), Payload: payload, QoS: 1, Retained: true}
}

// takeDirty returns the contents that are to be published, and the devices whose kept
// events are to be removed.
func (l *Link) takeDirty() (sets map[string]fwproto.Set, old []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	sets = make(map[string]fwproto.Set, len(l.dirty))
	for device := range l.dirty {
		sets[device] = l.sets[device]
	}
	old = slices.Sorted(maps.Keys(l.old))
	clear(l.dirty)
	clear(l.old)
	return sets, old
}

// forgetReplies drops replies of the last connection.
func (l *Link) forgetReplies() {
	l.metrics.repliesDropped.Add(float64(len(l.replies.take())))
}

func (l *Link) setUp(up bool) {
	l.up.Store(up)
	if up {
		l.metrics.up.Set(1)
		l.metrics.connections.Inc()
	} else {
		l.metrics.up.Set(0)
	}
	if l.opts.OnConnection != nil {
		l.opts.OnConnection(up)
	}
}
