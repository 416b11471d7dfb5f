// SPDX-License-Identifier: EUPL-1.2

package broker

import (
	"bufio"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"runtime/debug"
	"sync/atomic"
	"time"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
)

// The reasons for which something is refused; they are the values of the metric
// avanti_broker_refused_total.
const (
	reasonTooMany     = "too_many_connections"
	reasonProtocol    = "protocol"
	reasonLevel       = "protocol_level"
	reasonClientID    = "client_id"
	reasonCredentials = "credentials"
	reasonKeepAlive   = "keep_alive"
	reasonWill        = "will"
	reasonPublish     = "publish"
	reasonSubscribe   = "subscribe"
	reasonRetained    = "retained_event"
	reasonTooLong     = "too_long"
)

// conn is a connection as the library sees it: the CONNECT packet that the
// guard has read, then the rest.
type conn struct {
	net.Conn
	broker   *Broker
	host     bool
	id       string
	rights   rights
	first    []byte        // what the library has yet to read of CONNECT
	buf      *bufio.Reader // the rest
	replaced atomic.Bool   // a newer connection has this id
	done     chan struct{} // closed when nothing of this connection is left
}

// Read implements net.Conn.
func (c *conn) Read(p []byte) (int, error) {
	if len(c.first) > 0 {
		n := copy(p, c.first)
		c.first = c.first[n:]
		return n, nil
	}
	return c.buf.Read(p)
}

// Write implements net.Conn. The library goes on after an error, so a client
// that does not read is dropped here.
func (c *conn) Write(p []byte) (int, error) {
	if err := c.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
		return 0, err
	}
	n, err := c.Conn.Write(p)
	if err != nil {
		_ = c.Close()
	}
	return n, err
}

// SetDeadline implements net.Conn. The library moves it with every packet that
// it reads; for writing that would never end.
func (c *conn) SetDeadline(t time.Time) error { return c.SetReadDeadline(t) }

// serve runs one connection from its first byte to its end.
func (b *Broker) serve(c *conn) {
	defer b.forget(c)
	defer func() { _ = c.Close() }()
	if !b.admit(c) {
		return
	}
	if old := b.claim(c); old != nil {
		// Wait until the old one is quite gone. The library would let both
		// overlap, and the old one's clean-up can make the new one deaf.
		old.replaced.Store(true)
		_ = old.Close()
		<-old.done
	}
	b.establish(c)
}

// establish hands the connection to the library. A panic there ends this
// connection and nothing else.
func (b *Broker) establish(c *conn) {
	defer func() {
		if r := recover(); r != nil {
			b.metrics.panics.Inc()
			b.log.Error("the broker panicked and dropped the device; please report it",
				slog.String("device", c.id), slog.String("panic", fmt.Sprint(r)), slog.String("stack", string(debug.Stack())))
		}
	}()
	defer b.sweep(c)
	b.metrics.connected.Inc()
	defer b.metrics.connected.Dec()
	_ = b.server.EstablishConnection("guard", c) // how a device went is no news
}

// sweep removes what the library leaves of a client: after a panic, when it
// could not answer, and when the client wanted its session kept. Every session
// ends with its connection; what waited for a device would reach it late.
func (b *Broker) sweep(c *conn) {
	if cl, ok := b.server.Clients.Get(c.id); ok && cl.Net.Conn == net.Conn(c) {
		b.server.UnsubscribeClient(cl)
		b.server.Clients.Delete(c.id)
	}
}

// claim makes c the connection of its id and gives the one that was.
func (b *Broker) claim(c *conn) (old *conn) {
	b.mu.Lock()
	defer b.mu.Unlock()
	old = b.byID[c.id]
	b.byID[c.id] = c
	return old
}

func (b *Broker) forget(c *conn) {
	b.mu.Lock()
	delete(b.open, c)
	if b.byID[c.id] == c {
		delete(b.byID, c.id)
	}
	b.mu.Unlock()
	close(c.done)
}

// admit reads CONNECT and decides.
func (b *Broker) admit(c *conn) bool {
	_ = c.SetReadDeadline(time.Now().Add(firstPacket))
	c.buf = bufio.NewReaderSize(c.Conn, maxConnect)
	first, err := readConnect(c.buf)
	switch {
	case errors.Is(err, errLevel):
		b.deny(c, badProtocolLevel, "", reasonLevel, err)
		return false
	case err != nil:
		b.refused("", reasonProtocol, "no connection", err)
		return false
	}
	device, code, reason, err := b.judge(c.host, first)
	if err != nil {
		b.deny(c, code, device, reason, err)
		return false
	}
	c.id, c.first = first.clientID, first.raw
	if c.host {
		c.rights = hostRights(b.topics)
	} else {
		c.rights = deviceRights(b.topics, c.id)
	}
	return true
}

func (b *Broker) deny(c *conn, code byte, device, reason string, err error) {
	b.refused(device, reason, "no connection", err)
	_, _ = c.Write(connack(code)) // it is closed next, heard or not
}

// judge tells what is wrong with a CONNECT packet. The device is named once it
// has proved itself.
func (b *Broker) judge(host bool, p connect) (device string, code byte, reason string, err error) {
	switch {
	case host && fwproto.ValidID(p.clientID):
		return "", badIdentifier, reasonClientID, errors.New("the daemon's client id is one that a device could have")
	case host && p.clientID == "":
		return "", badIdentifier, reasonClientID, errors.New("the daemon's client id is empty")
	case !host && !fwproto.ValidID(p.clientID):
		return "", badIdentifier, reasonClientID, fmt.Errorf("client id %q is no device id", p.clientID)
	case !host && p.username != p.clientID:
		return "", badIdentifier, reasonClientID, fmt.Errorf("client id %q differs from user name %q", p.clientID, p.username)
	case !host && !b.knows(p.clientID, p.password):
		return "", badCredentials, reasonCredentials, fmt.Errorf("unknown device or wrong password for %q", p.clientID)
	}
	if !host {
		device = p.clientID
	}
	switch {
	case p.keepAlive == 0 || p.keepAlive > maxKeepAlive:
		return device, notAuthorized, reasonKeepAlive, fmt.Errorf("keep-alive of %d s, must be 1 to %d", p.keepAlive, maxKeepAlive)
	case p.hasWill && len(p.willPayload) == 0:
		return device, notAuthorized, reasonWill, errors.New("the will is empty")
	case p.hasWill && !host && p.willTopic != b.topics.DeviceState(device):
		return device, notAuthorized, reasonWill, fmt.Errorf("the will's topic is %q, must be %q", p.willTopic, b.topics.DeviceState(device))
	case p.hasWill && host && p.willTopic != b.topics.Host():
		return device, notAuthorized, reasonWill, fmt.Errorf("the will's topic is %q, must be %q", p.willTopic, b.topics.Host())
	}
	return device, accepted, "", nil
}

// knows compares in the same time whether or not the device exists.
func (b *Broker) knows(id string, password []byte) bool {
	want, ok := b.opts.Credentials(id)
	got := sha256.Sum256(password)
	return subtle.ConstantTimeCompare(want[:], got[:]) == 1 && ok
}
