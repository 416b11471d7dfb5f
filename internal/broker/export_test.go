// SPDX-License-Identifier: EUPL-1.2

package broker

import (
	"net"

	"github.com/prometheus/client_golang/prometheus"
)

// NewPipe lets tests hold the pipe against what a net.Conn promises.
func NewPipe() (net.Conn, net.Conn) { return newPipe() }

// ReadConnect lets tests and the fuzzer read first packets.
var ReadConnect = func(r interface{ ReadByte() (byte, error) }) (clientID string, raw []byte, err error) {
	c, err := readConnect(r)
	return c.clientID, c.raw, err
}

// Panics counts the panics of the library.
func (b *Broker) Panics() prometheus.Collector { return b.metrics.panics }

// Explode makes the library panic in the connection of a device.
func Explode(b *Broker, id string) {
	cl, _ := b.server.Clients.Get(id)
	cl.State.Subscriptions = nil
}
