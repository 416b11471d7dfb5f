// SPDX-License-Identifier: EUPL-1.2

package web

import "crypto/sha256"

// Sessions are the logins of browsers, to be handed from one server to the next in the same
// process. The zero value has none. It is for one server at a time.
type Sessions struct {
	sessions *sessions
	tokens   map[string][sha256.Size]byte
}

// of returns the sessions for a server with these accesses. Where an access has another token
// than before, whoever knew the old one is not let in by it any more: all log in anew.
func (k *Sessions) of(list []Access) *sessions {
	if k == nil {
		return newSessions()
	}
	changed := k.sessions == nil
	for _, a := range list {
		if was, known := k.tokens[a.ID]; known && was != a.TokenSHA256 {
			changed = true
		}
	}
	if changed {
		k.sessions = newSessions()
	}
	k.tokens = map[string][sha256.Size]byte{}
	for _, a := range list {
		k.tokens[a.ID] = a.TokenSHA256
	}
	return k.sessions
}
