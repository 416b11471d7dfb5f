// SPDX-License-Identifier: EUPL-1.2

package broker

import (
	"log/slog"
	"sync"
	"time"
)

// The reasons for which something is refused; they are the values of the metric
// avanti_broker_refused_total.
const (
	reasonTooMany     = "too_many_connections"
	reasonTLS         = "tls"
	reasonProtocol    = "protocol"
	reasonLevel       = "protocol_level"
	reasonClientID    = "client_id"
	reasonCredentials = "credentials"
	reasonPairing     = "pairing"
	reasonKeepAlive   = "keep_alive"
	reasonWill        = "will"
	reasonPublish     = "publish"
	reasonSubscribe   = "subscribe"
	reasonRetained    = "retained_event"
	reasonTooLong     = "too_long"
	reasonMalformed   = "malformed"
)

// logEvery is how often the log tells of one device and reason: who sends without
// end must not fill it.
const logEvery = 10 * time.Second

// told is what the log has been told. It has an entry for each device that exists
// and each reason at most.
type told struct {
	mu   sync.Mutex
	last map[refusal]*report
}

type refusal struct{ device, reason string }

type report struct {
	at      time.Time
	skipped int // refusals since then
}

// again reports whether to tell of a refusal, and how many were not told before it.
func (t *told) again(r refusal, now time.Time) (skipped int, tell bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	last, ok := t.last[r]
	switch {
	case !ok:
		t.last[r] = &report{at: now}
		return 0, true
	case now.Sub(last.at) < logEvery:
		last.skipped++
		return 0, false
	}
	skipped = last.skipped
	*last = report{at: now}
	return skipped, true
}

// refused counts, logs and reports. The device must be one that exists, or empty;
// everything else about a refusal is hostile text.
func (b *Broker) refused(device, reason, what string, err error) {
	b.metrics.refused.WithLabelValues(reason).Inc()
	if skipped, tell := b.told.again(refusal{device, reason}, time.Now()); tell {
		b.log.Warn("refused", slog.String("device", device), slog.String("reason", reason), slog.String("what", what),
			slog.Any("error", err), slog.Int("not_told_before", skipped))
	}
	b.opts.OnRefused(device, reason)
}
