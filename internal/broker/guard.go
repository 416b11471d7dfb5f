// SPDX-License-Identifier: EUPL-1.2

package broker

import (
	"bufio"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"runtime/debug"
	"sync/atomic"
	"time"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
)

// conn is a connection as the library sees it: the CONNECT packet that the
// guard has read and what came with it, then the rest.
type conn struct {
	net.Conn
	broker   *Broker
	host     bool
	id       string
	rights   rights
	proof    [32]byte      // sum of the device's password; zero: it is none
	first    []byte        // what the guard has read and the library has not
	replaced atomic.Bool   // a newer connection has this id
	crowded  atomic.Bool   // it was closed to make room
	done     chan struct{} // closed when nothing of this connection is left
}

// Read implements net.Conn.
func (c *conn) Read(p []byte) (int, error) {
	if len(c.first) == 0 {
		c.first = nil
		return c.Conn.Read(p)
	}
	n := copy(p, c.first)
	c.first = c.first[n:]
	return n, nil
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

// Close implements net.Conn. It never waits: what TLS would say in farewell could
// meet a peer that does not read.
func (c *conn) Close() error {
	if t, ok := c.Conn.(*tls.Conn); ok {
		return t.NetConn().Close()
	}
	return c.Conn.Close()
}

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
	if b.dismissed(c) {
		return
	}
	b.establish(c)
}

// dismissed reports that a device lost its right to connect after it was admitted and
// before its connection could be found to be ended.
func (b *Broker) dismissed(c *conn) bool {
	if c.proof == [32]byte{} {
		return false // it has not shown a device's password
	}
	now, ok := b.opts.Credentials(c.id)
	return !ok || now != c.proof
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
	b.known(c)
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
	deadline := time.Now().Add(firstPacket)
	first, reason, err := c.readFirst(deadline)
	switch {
	case errors.Is(err, errLevel):
		b.deny(c, badProtocolLevel, "", reasonLevel, err)
		return false
	case c.crowded.Load():
		b.refused("", reasonTooMany, "no connection", errTooMany)
		return false
	case err != nil:
		b.refused("", reason, "no connection", err)
		return false
	}
	device, code, reason, err := b.judge(c.host, first)
	if err != nil {
		b.deny(c, code, device, reason, err)
		return false
	}
	b.known(c)
	c.id, c.first = first.clientID, first.raw
	maker, pairing := fwproto.PairingMaker(c.id)
	switch {
	case c.host:
		c.rights = hostRights(b.topics)
	case pairing:
		c.rights = pairingRights(maker)
	default:
		c.rights = deviceRights(b.topics, c.id)
		c.proof = sha256.Sum256(first.password)
	}
	return true
}

// readFirst reads CONNECT, with the handshake of TLS before it, if there is one.
func (c *conn) readFirst(deadline time.Time) (p connect, reason string, err error) {
	if t, ok := c.Conn.(*tls.Conn); ok {
		_ = t.SetDeadline(deadline)
		if err := t.HandshakeContext(context.Background()); err != nil {
			return p, reasonTLS, fmt.Errorf("TLS: %w", err)
		}
	}
	_ = c.SetReadDeadline(deadline)
	r := bufio.NewReaderSize(c.Conn, maxConnect)
	if p, err = readConnect(r); err != nil {
		return p, reasonProtocol, err
	}
	behind, err := r.Peek(r.Buffered()) // a client need not wait for the answer
	p.raw = append(p.raw, behind...)
	return p, reasonProtocol, err
}

func (b *Broker) deny(c *conn, code byte, device, reason string, err error) {
	b.refused(device, reason, "no connection", err)
	_, _ = c.Write(connack(code)) // it is closed next, heard or not
}

// judge tells what is wrong with a CONNECT packet, and of which device.
func (b *Broker) judge(host bool, p connect) (device string, code byte, reason string, err error) {
	switch {
	case host && fwproto.ValidID(p.clientID):
		return "", badIdentifier, reasonClientID, errors.New("the daemon's client id is one that a device could have")
	case host && p.clientID == "":
		return "", badIdentifier, reasonClientID, errors.New("the daemon's client id is empty")
	}
	if maker, ok := fwproto.PairingMaker(p.username); ok && !host {
		code, reason, err = b.judgePairing(maker, p)
		return "", code, reason, err
	}
	if !host {
		device = b.claimed(p.username)
	}
	own := b.topics.Host()
	if !host {
		own = b.topics.DeviceState(p.username)
	}
	switch {
	case !host && !fwproto.ValidID(p.clientID):
		return device, badIdentifier, reasonClientID, fmt.Errorf("client id %q is no device id", p.clientID)
	case !host && p.username != p.clientID:
		return device, badIdentifier, reasonClientID, fmt.Errorf("client id %q differs from user name %q", p.clientID, p.username)
	case !host && !b.knows(p.username, p.password):
		return device, badCredentials, reasonCredentials, fmt.Errorf("unknown device or wrong password for %q", p.username)
	case p.keepAlive == 0 || p.keepAlive > MaxKeepAlive:
		return device, notAuthorized, reasonKeepAlive, fmt.Errorf("keep-alive of %d s, must be 1 to %d", p.keepAlive, MaxKeepAlive)
	case p.hasWill && len(p.willPayload) == 0:
		return device, notAuthorized, reasonWill, errors.New("the will is empty")
	case p.hasWill && p.willTopic != own:
		return device, notAuthorized, reasonWill, fmt.Errorf("the will's topic is %q, must be %q", p.willTopic, own)
	case p.hasWill && !host:
		if state, err := fwproto.Decode[fwproto.State](p.willPayload); err != nil || state.Status != fwproto.Lost {
			return device, notAuthorized, reasonWill, errors.Join(errors.New("the will does not say that the device is lost"), err)
		}
	}
	return device, accepted, "", nil
}

// claimed returns the device that somebody claims to be; empty: there is none.
func (b *Broker) claimed(username string) string {
	if _, ok := b.opts.Credentials(username); ok && fwproto.ValidID(username) {
		return username
	}
	return ""
}

// knows compares in the same time whether or not the device exists.
func (b *Broker) knows(id string, password []byte) bool {
	want, ok := b.opts.Credentials(id)
	got := sha256.Sum256(password)
	return subtle.ConstantTimeCompare(want[:], got[:]) == 1 && ok
}
