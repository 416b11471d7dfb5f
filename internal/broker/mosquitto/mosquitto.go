// SPDX-License-Identifier: EUPL-1.2

// Package mosquitto writes for Debian's Mosquitto 2.0 what the embedded broker knows by
// itself: who may connect, what each may publish and hear, and the settings without
// which it is slow or forgets who is who.
//
// Mosquitto cannot do all that the guard of package broker does. It takes events that
// ask to be kept, payloads that are no messages, and subscriptions that lead to
// nothing; the daemon's link finds these and refuses them itself.
package mosquitto

import (
	"bytes"
	"cmp"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
	"github.com/avanti-queue/avanti/internal/broker"
	"github.com/avanti-queue/avanti/internal/pki"
)

// The files, by their names in the directory.
const (
	ConfFile      = "avanti.conf" // for /etc/mosquitto/conf.d
	PasswordsFile = "passwords"
	ACLFile       = "acl"
	CAFile        = "ca.crt"
	CertFile      = "server.crt"
	KeyFile       = "server.key"
)

// Account is who may connect.
type Account struct{ Name, Password string }

// Hall is what Mosquitto is to know.
type Hall struct {
	Office  string
	Listen  string    // host:port; an empty host: all addresses
	Host    Account   // the daemon
	Devices []Account // their names are their ids
	// At is the directory in which Mosquitto will find the files.
	At string
	// TLS makes a listener with TLS. Authority vouches for the broker then, who is
	// reached by ServerName, from Now on; nil: the broker has a certificate already,
	// and CAFile, CertFile and KeyFile are to be put there.
	TLS        bool
	Authority  *pki.Authority
	ServerName string
	Now        time.Time
}

// File is one file to write.
type File struct {
	Name    string
	Content []byte
	Secret  bool // nobody but Mosquitto may read it
}

// Files returns what is to be written. The error names what Mosquitto could not be told.
func (h Hall) Files() ([]File, error) {
	if err := h.check(); err != nil {
		return nil, err
	}
	conf, err := h.conf()
	if err != nil {
		return nil, err
	}
	files := []File{
		{ConfFile, conf, false},
		{PasswordsFile, h.passwords(), true},
		{ACLFile, h.acl(), false},
	}
	if !h.TLS || h.Authority == nil {
		return files, nil
	}
	cert, err := h.Authority.Issue(h.Now, h.Authority.Ends(), h.ServerName)
	if err != nil {
		return nil, err
	}
	return appendTLS(files, h.Authority, cert)
}

func appendTLS(files []File, a *pki.Authority, cert tls.Certificate) ([]File, error) {
	public, key, err := pki.Encode(cert)
	if err != nil {
		return nil, err
	}
	return append(files, File{CAFile, a.PEM(), false}, File{CertFile, public, false}, File{KeyFile, key, true}), nil
}

func (h Hall) check() error {
	var faults []error
	if !fwproto.ValidID(h.Office) {
		faults = append(faults, fmt.Errorf("the office id %q must be 1 to 32 of a-z, 0-9 and -", h.Office))
	}
	if strings.ContainsFunc(h.At, unprintable) {
		faults = append(faults, fmt.Errorf("the directory %q has a character that cannot stand in the settings", h.At))
	}
	names := map[string]bool{}
	for _, a := range h.accounts() {
		switch {
		case a != h.Host && !fwproto.ValidID(a.Name):
			faults = append(faults, fmt.Errorf("the device id %q must be 1 to 32 of a-z, 0-9 and -", a.Name))
		case a.Name == "" || strings.ContainsAny(a.Name, ":+#/% ") || strings.ContainsFunc(a.Name, unprintable):
			faults = append(faults, fmt.Errorf("the daemon's user name %q is empty or has one of : + # / %% or a space", a.Name))
		case names[a.Name]:
			faults = append(faults, fmt.Errorf("%s is a user twice: the daemon needs a user name that no device has", a.Name))
		}
		names[a.Name] = true
		if a.Password == "" || strings.ContainsRune(a.Password, 0) {
			faults = append(faults, fmt.Errorf("the password of %s is empty or has a byte 0, where Mosquitto stops to read", a.Name))
		}
	}
	return errors.Join(faults...)
}

func unprintable(r rune) bool { return r < ' ' || r == 0x7f }

func (h Hall) accounts() []Account { return append([]Account{h.Host}, h.Devices...) }

func (h Hall) passwords() []byte {
	var b bytes.Buffer
	for _, a := range h.accounts() {
		fmt.Fprintf(&b, "%s:%s\n", a.Name, hash(a.Password))
	}
	return b.Bytes()
}

// acl names what each may do. What it does not name is denied.
func (h Hall) acl() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# The topics of office %s; written by avantictl broker export.\n", h.Office)
	fmt.Fprintf(&b, "\nuser %s\ntopic readwrite %s#\n", h.Host.Name, fwproto.Topics{Office: h.Office}.Root())
	devices := slices.SortedFunc(slices.Values(h.Devices), func(a, b Account) int { return cmp.Compare(a.Name, b.Name) })
	for _, d := range devices {
		fmt.Fprintf(&b, "\nuser %s\n", d.Name)
		publish, subscribe := broker.Grants(h.Office, d.Name)
		for _, topic := range publish {
			fmt.Fprintf(&b, "topic write %s\n", topic)
		}
		for _, topic := range subscribe {
			fmt.Fprintf(&b, "topic read %s\n", topic)
		}
	}
	return b.Bytes()
}

func (h Hall) conf() ([]byte, error) {
	host, port, err := net.SplitHostPort(h.Listen)
	if err != nil {
		return nil, fmt.Errorf("where Mosquitto listens: %w", err)
	}
	at := strings.TrimSuffix(h.At, "/") + "/"
	var b bytes.Buffer
	fmt.Fprintf(&b, `# The hall of office %s, for Mosquitto 2.0; written by avantictl broker export.
# It belongs into /etc/mosquitto/conf.d/, with no other listener beside it.

listener %s
# A device that connects under another's id would throw it out.
use_username_as_clientid true
`, h.Office, strings.TrimSpace(port+" "+host))
	if h.TLS {
		fmt.Fprintf(&b, "cafile %s%s\ncertfile %s%s\nkeyfile %s%s\ntls_version tlsv1.2\n", at, CAFile, at, CertFile, at, KeyFile)
	}
	fmt.Fprintf(&b, `
allow_anonymous false
password_file %s%s
acl_file %s%s

# Without this every answer to a device waits for 40 ms.
set_tcp_nodelay true
# How long a device that is gone is not missed.
max_keepalive %d
# The longest message of the protocol is shorter.
message_size_limit %d
max_packet_size %d
max_queued_messages %d
# What the hall is to show, the daemon says again after each start.
persistence false
`, at, PasswordsFile, at, ACLFile, broker.MaxKeepAlive, fwproto.MaxPayload(fwproto.TypeState), broker.MaxPacket, broker.MaxPending)
	return b.Bytes(), nil
}
