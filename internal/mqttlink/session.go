// SPDX-License-Identifier: EUPL-1.2

package mqttlink

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"
	"github.com/eclipse/paho.mqtt.golang/packets"
)

const (
	keepAlive      = 10 * time.Second
	pingTimeout    = 5 * time.Second
	connectTimeout = 5 * time.Second
	writeTimeout   = 2 * time.Second // also what a Publish costs that meets the loss of its connection
	quiesce        = 250 * time.Millisecond
	retryPause     = time.Second
)

// ErrCredentials is why a broker lets nobody in with this user name and password.
var ErrCredentials = errors.New("the broker refuses the user name or the password")

// Message is one message on a topic.
type Message struct {
	Topic    string
	Payload  []byte // owned by whoever receives the Message
	QoS      byte   // 0 or 1
	Retained bool   // to send: keep it; received: it was kept, it is not news
	// Acknowledged is called when the broker has acknowledged a message of QoS 1 that
	// was sent, or the connection has ended: it tells the time and proves nothing.
	// nil: not called.
	Acknowledged func()
}

// Publish hands one message to the connection. A nil error means that it was
// handed over, and nothing about its delivery: only an answer of the other end
// proves that.
type Publish func(Message) error

// Session keeps one MQTT 3.1.1 connection: it connects, subscribes, lets Serve
// work, and begins again a second after the connection is lost.
//
// Each connection has a client of its own. The reconnection that the client
// library offers would send unacknowledged messages again beside those of the
// new connection, so that a stale one could end up as the newest, and it would
// never free their ids; here nothing of an old connection survives it.
type Session struct {
	// Dial opens the connection; it must return when its context ends.
	Dial func(context.Context) (net.Conn, error)
	// ClientID, Username and Password say who connects.
	ClientID, Username, Password string
	// Filters are subscribed to, each with its QoS.
	Filters map[string]byte
	// Will gives the message that the broker publishes when the connection is
	// lost. It is called before each connection, counted from 1.
	Will func(connection uint32) Message
	// OnMessage takes what arrives, in order, from one goroutine; messages may
	// arrive before Serve is called. It must not block.
	OnMessage func(Message)
	// Serve works on a connection, counted as for Will, until its context ends,
	// which it does with the connection. It is the only one to publish. If it
	// returns earlier, the connection is closed; an error is logged.
	Serve func(ctx context.Context, connection uint32, publish Publish) error
	// OnFailure is told why a connection did not come about or was lost, each time
	// anew; the error may be [ErrCredentials] or that of Dial. It must not block;
	// nil: not called.
	OnFailure func(error)
	// Log takes warnings; nil: none.
	Log *slog.Logger
}

// Run keeps the connection until ctx ends. The error is always nil.
func (s Session) Run(ctx context.Context) error {
	log := s.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	told := ""
	for n := uint32(1); ctx.Err() == nil; n++ {
		// An outage is told once for each cause, not once a second.
		if err := s.connection(ctx, n); err != nil && ctx.Err() == nil {
			if err.Error() != told {
				told = err.Error()
				log.Warn("no connection to the broker; retrying", slog.String("client", s.ClientID), slog.String("error", told))
			}
			if s.OnFailure != nil {
				s.OnFailure(err)
			}
		}
		select {
		case <-ctx.Done():
		case <-time.After(retryPause):
		}
	}
	return nil
}

// connection runs one connection from its dial to its end.
func (s Session) connection(ctx context.Context, n uint32) error {
	gone, lost := context.WithCancelCause(context.WithoutCancel(ctx))
	defer lost(nil)
	up, down := context.WithCancel(ctx)
	defer down()
	defer context.AfterFunc(gone, down)()

	client, err := s.connect(up, n, lost)
	if err != nil {
		return err
	}
	defer client.Disconnect(uint(quiesce.Milliseconds()))
	if err := s.subscribe(up, client); err != nil {
		return err
	}
	err = s.Serve(up, n, func(m Message) error { return publish(client, m) })
	if gone.Err() != nil {
		return fmt.Errorf("connection lost: %w", context.Cause(gone))
	}
	return err
}

// connect makes a client and waits until it is connected or has failed, which
// it has when ctx ends.
func (s Session) connect(ctx context.Context, n uint32, lost context.CancelCauseFunc) (paho.Client, error) {
	connected := func() bool { return true }
	opts := s.options(n)
	opts.SetConnectionLostHandler(func(_ paho.Client, err error) { lost(err) })
	opts.SetCustomOpenConnectionFn(func(*url.URL, paho.ClientOptions) (net.Conn, error) {
		dialling, cancel := context.WithTimeout(ctx, connectTimeout)
		defer cancel()
		c, err := s.Dial(dialling)
		if err == nil {
			connected = context.AfterFunc(ctx, func() { _ = c.Close() })
		}
		return c, err
	})
	client := paho.NewClient(opts)
	token := client.Connect()
	<-token.Done() // within connectTimeout
	connected()
	switch err := token.Error(); {
	case errors.Is(err, packets.ErrorRefusedBadUsernameOrPassword), errors.Is(err, packets.ErrorRefusedNotAuthorised):
		return nil, fmt.Errorf("connect: %w", ErrCredentials)
	case err != nil:
		return nil, fmt.Errorf("connect: %w", err)
	}
	return client, nil
}

// options are the settings of the client library; none is left to its defaults
// where the default waits for ever or keeps something.
func (s Session) options(n uint32) *paho.ClientOptions {
	o := paho.NewClientOptions()
	o.AddBroker("tcp://broker") // the library wants one; Dial knows better
	o.SetProtocolVersion(4)
	o.SetClientID(s.ClientID)
	o.SetUsername(s.Username)
	o.SetPassword(s.Password)
	o.SetCleanSession(true)
	o.SetOrderMatters(true)
	o.SetAutoReconnect(false)
	o.SetConnectRetry(false)
	o.SetResumeSubs(false)
	o.SetKeepAlive(keepAlive)
	o.SetPingTimeout(pingTimeout)
	o.SetConnectTimeout(connectTimeout)
	o.SetWriteTimeout(writeTimeout)
	if s.Will != nil {
		will := s.Will(n)
		o.SetBinaryWill(will.Topic, will.Payload, will.QoS, will.Retained)
	}
	// The default handler stands before the connection, so nothing that comes
	// early is lost.
	o.SetDefaultPublishHandler(func(_ paho.Client, m paho.Message) {
		s.OnMessage(Message{Topic: m.Topic(), Payload: m.Payload(), QoS: m.Qos(), Retained: m.Retained()})
	})
	return o
}

func (s Session) subscribe(ctx context.Context, client paho.Client) error {
	token := client.SubscribeMultiple(s.Filters, nil)
	select {
	case <-token.Done():
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(connectTimeout):
		return errors.New("subscribe: the broker does not answer")
	}
	if err := token.Error(); err != nil {
		return fmt.Errorf("subscribe: %w", err)
	}
	for filter, code := range token.(*paho.SubscribeToken).Result() {
		if code > 1 {
			return fmt.Errorf("subscribe: the broker refuses %q", filter)
		}
	}
	return nil
}

// publish does not wait for the token: it may complete without any delivery.
func publish(client paho.Client, m Message) error {
	token := client.Publish(m.Topic, m.QoS, m.Retained, m.Payload)
	if m.Acknowledged != nil {
		go func() {
			<-token.Done()
			m.Acknowledged()
		}()
	}
	select {
	case <-token.Done():
		return token.Error()
	default:
		return nil
	}
}
