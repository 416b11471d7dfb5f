// SPDX-License-Identifier: EUPL-1.2

package broker

import (
	"errors"
	"fmt"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
)

// pairingRights are those of a device that belongs to no office (SPEC 13.3).
func pairingRights(maker string) rights {
	return rights{
		own: func(topic string) (fwproto.Leaf, bool) {
			name, leaf, ok := fwproto.ParsePairing(topic)
			return leaf, ok && name == maker
		},
		says: func(leaf fwproto.Leaf) (topicRule, bool) {
			return topicRule{leaf: leaf, maxPayload: fwproto.MaxPayload(fwproto.TypeHello), momentary: true}, leaf == fwproto.LeafUp
		},
		hears: func(leaf fwproto.Leaf) bool { return leaf == fwproto.LeafDown },
	}
}

// judgePairing is judge for a device that belongs to no office (SPEC 13.2). The code is
// looked at last: every wrong one counts.
func (b *Broker) judgePairing(maker string, p connect) (code byte, reason string, err error) {
	switch {
	case p.username != p.clientID:
		return badIdentifier, reasonClientID, fmt.Errorf("client id %q differs from user name %q", p.clientID, p.username)
	case p.keepAlive == 0 || p.keepAlive > MaxKeepAlive:
		return notAuthorized, reasonKeepAlive, fmt.Errorf("keep-alive of %d s, must be 1 to %d", p.keepAlive, MaxKeepAlive)
	case p.hasWill:
		return notAuthorized, reasonWill, errors.New("a will of a device that belongs to no office")
	case b.opts.Pairing == nil || !b.opts.Pairing(maker, p.password):
		return badCredentials, reasonPairing, fmt.Errorf("nobody waits for %q, or its code is wrong", maker)
	}
	return accepted, "", nil
}
