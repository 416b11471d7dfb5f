// SPDX-License-Identifier: EUPL-1.2

// Package mqttlink is the daemon's end of the MQTT wire, to the embedded broker
// or to another.
//
// A [Link] holds the newest wanted content of every device, not a queue of
// changes: after each connection it names a new epoch and publishes all of it
// again. It beats once a second; a device shows content only while it hears
// beats of the content's own epoch. If the link does not hear its own beats for
// fifteen seconds, the connection is dead whatever the socket says, and is
// built anew.
//
// [Session], which keeps one connection, serves the devices of the simulator
// too.
package mqttlink

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
)

const (
	defaultHeartbeat = time.Second
	beatsPerTTL      = 5 // a device may miss four beats
	minSilence       = 15 * time.Second
)

// DefaultClientID is the daemon's client id. No device can have it: it is no
// fwproto.ValidID.
const DefaultClientID = "_host"

// Options says how a link works.
type Options struct {
	// Office is the id of the office; a fwproto.ValidID.
	Office string
	// Dial opens a connection to the broker; it must return when its context
	// ends.
	Dial func(context.Context) (net.Conn, error)
	// ClientID must be the only one of its name at the broker; empty:
	// DefaultClientID.
	ClientID string
	// Username and Password are for an external broker; empty: none.
	Username, Password string
	// Epoch is the epoch of the first connection; each further one counts up.
	// It should be random, so that no two starts of the daemon share one; 0
	// counts as 1.
	Epoch uint32
	// Version is the daemon's version for the host topic; at most 31 characters
	// of ASCII.
	Version string
	// Heartbeat is the time between two beats; 0: one second. Content expires
	// after five of them.
	Heartbeat time.Duration
	// Location is the office's time zone, for displays with a clock; nil: UTC.
	Location *time.Location
	// OnEvent takes the payload of an event, not yet decoded. OnShown and
	// OnState take what a device says of itself; the death of a connection that
	// a newer one has replaced is left out. All are called from the link's
	// goroutines and must not block; nil: not called. So are those below.
	OnEvent func(device string, payload []byte)
	OnShown func(device string, shown fwproto.Shown)
	OnState func(device string, state fwproto.State)
	// OnTelemetry and OnReport take how a device is, and what became of an offer.
	OnTelemetry func(device string, t fwproto.Telemetry)
	OnReport    func(device string, r fwproto.Report)
	// OnPairing takes what devices say that belong to no office, not yet decoded;
	// nil: the link does not listen to them.
	OnPairing func(maker string, payload []byte)
	// OnPassing sees every message as it is received or handed over to be sent. It
	// must change nothing of it.
	OnPassing func(m Message, sent bool)
	// OnRefused is told of messages that were ignored because they should not
	// have been sent. The device is that of the topic, whether or not it exists;
	// empty: none.
	OnRefused func(device, reason string)
	// OnConnection is told when the link comes and goes; OnFailure why it went or
	// did not come, at each attempt; see [Session].
	OnConnection func(up bool)
	OnFailure    func(error)
	// OnRoundTrip is told once for each connection how long the broker takes to
	// acknowledge a message of QoS 1 and to pass it on, the median of some.
	OnRoundTrip func(time.Duration)
	// Log takes warnings; nil: none.
	Log *slog.Logger
	// Registerer takes the metrics; nil: none.
	Registerer prometheus.Registerer
}

// Link is the daemon's connection to the devices of one office. Make it with
// [New]; its methods may be called from any goroutine, before, during and after
// Run.
type Link struct {
	opts    Options
	topics  fwproto.Topics
	ttl     time.Duration
	silence time.Duration
	log     *slog.Logger
	metrics metrics
	replies replies
	orders  chan order
	echoes  chan echo
	wake    chan struct{}
	recent  recent
	up      atomic.Bool

	mu     sync.Mutex
	sets   map[string]fwproto.Set   // the newest for each device
	dirty  map[string]bool          // those that are not published in this epoch
	births map[string]fwproto.State // of this connection
	old    map[string]bool          // devices with an event that a broker keeps
	epoch  uint32
	sent   time.Time // when the newest beat was sent
	heard  time.Time // when a beat of this epoch was last heard
}

var errSilence = errors.New("the link does not hear its own heartbeat")

// New makes a link that does nothing until [Link.Run].
func New(o Options) *Link {
	o.ClientID = cmp.Or(o.ClientID, DefaultClientID)
	o.Heartbeat = cmp.Or(o.Heartbeat, defaultHeartbeat)
	o.Location = cmp.Or(o.Location, time.UTC)
	o.Log = cmp.Or(o.Log, slog.New(slog.DiscardHandler))
	return &Link{
		opts:    o,
		topics:  fwproto.Topics{Office: o.Office},
		ttl:     beatsPerTTL * o.Heartbeat,
		silence: max(minSilence, beatsPerTTL*o.Heartbeat),
		log:     o.Log.With(slog.String("component", "mqttlink")),
		metrics: newMetrics(o.Registerer),
		replies: replies{count: map[string]int{}},
		orders:  make(chan order, maxOrders),
		echoes:  make(chan echo, 2),
		wake:    make(chan struct{}, 1),
		sets:    map[string]fwproto.Set{},
		dirty:   map[string]bool{},
		births:  map[string]fwproto.State{},
		old:     map[string]bool{},
	}
}

// Run keeps the link until ctx ends. A broker that is away is logged and tried
// again every second. The error is always nil.
func (l *Link) Run(ctx context.Context) error {
	filters := map[string]byte{
		l.topics.Every(fwproto.LeafEvent):     1,
		l.topics.Every(fwproto.LeafState):     1,
		l.topics.Every(fwproto.LeafShown):     1,
		l.topics.Every(fwproto.LeafResult):    1,
		l.topics.Every(fwproto.LeafTelemetry): 0,
		l.topics.Heartbeat():                  0,
		l.probeTopic():                        0,
	}
	if l.opts.OnPairing != nil {
		filters[fwproto.EveryPairing()] = 1
	}
	return Session{
		Dial:      l.opts.Dial,
		ClientID:  l.opts.ClientID,
		Username:  l.opts.Username,
		Password:  l.opts.Password,
		Filters:   filters,
		Will:      func(n uint32) Message { return l.host(l.begin(n), false) },
		OnMessage: l.receive,
		Serve:     l.serve,
		OnFailure: l.opts.OnFailure,
		Log:       l.log,
	}.Run(ctx)
}

// Set makes this the wanted content of a device. Epoch and TTLms are filled in
// by the link. It never blocks; of several sets for one device, the newest is
// published, at once or when the link is up. The link keeps set.Rows.
func (l *Link) Set(device string, set fwproto.Set) {
	l.mu.Lock()
	l.sets[device], l.dirty[device] = set, true
	l.mu.Unlock()
	l.rouse()
}

// rouse makes the sender look for what is new.
func (l *Link) rouse() {
	select {
	case l.wake <- struct{}{}:
	default: // it is awake
	}
}

// Reply answers an event. It never blocks: when the link is down, when 256 replies
// wait, or 32 for this device, the reply is dropped and counted, and the device, which
// repeats its event, must be answered again.
func (l *Link) Reply(device string, r fwproto.Reply) {
	if l.up.Load() {
		ok, full := l.replies.add(reply{device, r})
		if ok {
			l.rouse()
			return
		}
		if full && l.opts.OnRefused != nil {
			l.opts.OnRefused(device, reasonFlood)
		}
	}
	l.metrics.repliesDropped.Inc()
}

// Connected tells whether the link is up.
func (l *Link) Connected() bool { return l.up.Load() }

// begin starts the epoch of connection n and forgets what belonged to the last.
func (l *Link) begin(n uint32) uint32 {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.epoch = max(l.opts.Epoch, 1) + n - 1
	if l.epoch < n { // it wrapped around; 0 is no epoch
		l.epoch++
	}
	clear(l.births)
	for device := range l.sets {
		l.dirty[device] = true
	}
	return l.epoch
}
