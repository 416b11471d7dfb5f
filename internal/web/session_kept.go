// SPDX-License-Identifier: EUPL-1.2

package web

// Sessions are the logins of browsers, to be handed from one server to the next in the same
// process. The zero value has none. It is for one server at a time. Where an access has another
// token than before, whoever knew the old one is not let in by it any more.
type Sessions struct{ sessions *sessions }

// of returns the sessions for a server.
func (k *Sessions) of() *sessions {
	if k == nil {
		return newSessions()
	}
	if k.sessions == nil {
		k.sessions = newSessions()
	}
	return k.sessions
}
