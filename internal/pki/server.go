// SPDX-License-Identifier: EUPL-1.2

package pki

import (
	"crypto/tls"
	"sync"
	"time"
)

const (
	serverLife = 90 * 24 * time.Hour
	renewAt    = 30 * 24 * time.Hour // before its end
)

// Server returns the TLS settings of a broker that is reached by these names, too. Its
// certificate is renewed in time, whatever the clock does meanwhile.
func (a *Authority) Server(names ...string) *tls.Config {
	s := &server{authority: a, names: names}
	return &tls.Config{
		MinVersion: tls.VersionTLS12,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			return s.certificate(time.Now())
		},
	}
}

// server holds the newest certificate.
type server struct {
	authority *Authority
	names     []string

	mu      sync.Mutex
	current *tls.Certificate
}

func (s *server) certificate(now time.Time) (*tls.Certificate, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current != nil && now.After(s.current.Leaf.NotBefore) && now.Before(s.current.Leaf.NotAfter.Add(-renewAt)) {
		return s.current, nil
	}
	c, err := s.authority.Issue(now, now.Add(serverLife), s.names...)
	if err != nil {
		return nil, err
	}
	s.current = &c
	return s.current, nil
}

// Client returns the TLS settings of a device that has pinned the authority: it trusts
// the broker of the office and nobody else.
func (a *Authority) Client() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: a.Pool(), ServerName: ServerName(a.office)}
}
