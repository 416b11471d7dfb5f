// SPDX-License-Identifier: EUPL-1.2

package fleet

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/queue"
)

// maxRefused is how many passwords of an id are remembered as revoked, the newest ones.
const maxRefused = 24

// entry is a device as the register holds it.
type entry struct {
	configured *Identity // nil: the configuration does not name it
	row        store.FleetRow
	heard      Heard
	refused    []refusal
	dirty      bool // heard is newer than the row that is kept
}

// refusal is a password that was revoked: it is none any more, whatever the configuration says.
type refusal struct {
	Sum digest    `json:"sum"`
	At  time.Time `json:"at"`
}

// digest is a sum that is kept as text.
type digest Sum

func (d digest) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, d[:]), nil }

func (d *digest) UnmarshalText(text []byte) error {
	b, err := hex.AppendDecode(nil, bytes.TrimSpace(text))
	if err == nil && len(b) != len(d) {
		err = fmt.Errorf("a sum of %d bytes", len(b))
	}
	copy(d[:], b)
	return err
}

// kept is the text of a row.
type kept struct {
	Heard
	Refused []refusal `json:"refused,omitempty"`
}

// standing is what a device is by the newest word of configuration, pairing and revocation.
type standing struct {
	Identity
	member  bool
	maker   string    // as it was paired, if that pairing stands
	paired  time.Time // zero: no pairing stands
	revoked time.Time // zero: it is not shut out
}

func (e *entry) standing() standing {
	s := standing{Identity: Identity{ID: e.row.ID, Kind: Kind(e.row.Kind), Counter: queue.CounterID(e.row.Counter)}}
	if e.configured != nil {
		s.Identity = *e.configured
	}
	named := e.configuredSum()
	paired := e.row.Password != nil && same(named, e.row.Configured)
	switch {
	case paired && e.row.Revoked.IsZero():
		s.Password, s.maker, s.paired, s.member = *e.row.Password, e.row.Maker, e.row.Paired, true
	case named != nil:
		s.revoked = refusedAt(e.refused, *named)
		s.member = s.revoked.IsZero()
	case e.row.Revoked.IsZero():
		s.member = e.configured != nil // and is to be paired
	default:
		s.revoked = e.row.Revoked
	}
	if !s.member && paired {
		s.maker, s.paired = e.row.Maker, e.row.Paired
	}
	return s
}

func (e *entry) configuredSum() *Sum {
	if e.configured == nil || e.configured.Password == (Sum{}) {
		return nil
	}
	return &e.configured.Password
}

// refusedAt is when a password was revoked; zero: it was not.
func refusedAt(all []refusal, sum Sum) time.Time {
	for _, r := range all {
		if Sum(r.Sum) == sum {
			return r.At
		}
	}
	return time.Time{}
}

// refuse returns what is refused when these are revoked as well; nil is none.
func (e *entry) refuse(at time.Time, sums ...*Sum) []refusal {
	all := slices.Clone(e.refused)
	for _, sum := range sums {
		if sum != nil && *sum != (Sum{}) && refusedAt(all, *sum).IsZero() {
			all = append(all, refusal{digest(*sum), at})
		}
	}
	return all[max(0, len(all)-maxRefused):]
}

// read takes what a row keeps as text. The newest revocation stands beside it, too.
func (e *entry) read() (err error) {
	var k kept
	if e.row.Heard != "" {
		err = json.Unmarshal([]byte(e.row.Heard), &k)
	}
	if err == nil {
		e.heard, e.refused = k.Heard, k.Refused
	}
	if !e.row.Revoked.IsZero() {
		e.refused = e.refuse(e.row.Revoked, e.row.Configured, e.row.Password)
	}
	return err
}

// text is what a row keeps as text.
func text(heard Heard, refused []refusal) string {
	b, err := json.Marshal(kept{heard, refused})
	if err != nil {
		panic(err) // it has texts, numbers and times of this age only
	}
	return string(b)
}

// same reports whether the configuration says what it said.
func same(a, b *Sum) bool { return (a == nil) == (b == nil) && (a == nil || *a == *b) }
