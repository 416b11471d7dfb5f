// SPDX-License-Identifier: EUPL-1.2

// Package citizen makes the tokens that lead a citizen's phone to the page of one ticket.
//
// A token is the ticket's id and a code over the id and the office's day that nobody can make
// without the office's key. Nothing is stored of it, nobody can guess it, and it means nothing
// on another day.
package citizen

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"strings"

	"github.com/avanti-queue/avanti/queue"
)

// Length is how many characters a token has.
const Length = 24

// KeySize is the size of a key in bytes.
const KeySize = 32

const (
	idSize  = 5  // bytes: a thousand thousand million records
	macSize = 10 // bytes: 80 bits that one can only guess
)

// Key is what an office's tokens are made with. It is a secret: keep it where only the daemon
// reads it. The zero value is no key: no token is good.
type Key [KeySize]byte

// Pages are the pages of an office's tickets.
type Pages struct {
	Key     Key
	Address string // where phones reach the office, http(s)://host[:port]; "": nowhere
}

// URL returns the address of the page of a ticket of that day; "" where phones reach nothing.
func (p Pages) URL(day queue.Date, id queue.TicketID) string {
	if p.Address == "" || p.Key == (Key{}) {
		return ""
	}
	return p.Address + "/t/" + p.Key.Token(day, id)
}

// crockford is Crockford's base 32: no letter of it is taken for a digit.
func crockford() *base32.Encoding {
	return base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)
}

// Token returns the token of a ticket of that day: [Length] capital letters and digits. The id
// is at least 0 and below 2^40.
func (k Key) Token(day queue.Date, id queue.TicketID) string {
	var raw [idSize + macSize]byte
	copy(raw[:], idBytes(id))
	copy(raw[idSize:], k.code(day, id))
	return crockford().EncodeToString(raw[:])
}

// Parse returns the ticket of a token of that day, false for anything else. Small letters are as
// good as capital ones, and O, I and L are read as the digits that they look like.
func (k Key) Parse(day queue.Date, token string) (queue.TicketID, bool) {
	if len(token) != Length || k == (Key{}) {
		return 0, false
	}
	token = strings.NewReplacer("O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(token))
	raw, err := crockford().DecodeString(token)
	if err != nil || len(raw) != idSize+macSize {
		return 0, false
	}
	id := queue.TicketID(binary.BigEndian.Uint64(append(make([]byte, 8-idSize, 8), raw[:idSize]...)))
	return id, hmac.Equal(raw[idSize:], k.code(day, id))
}

// code is what the ticket's id is worth on that day.
func (k Key) code(day queue.Date, id queue.TicketID) []byte {
	mac := hmac.New(sha256.New, k[:])
	mac.Write([]byte("avanti ticket 1\x00" + string(day) + "\x00"))
	mac.Write(idBytes(id))
	return mac.Sum(nil)[:macSize]
}

func idBytes(id queue.TicketID) []byte {
	return binary.BigEndian.AppendUint64(nil, uint64(id))[8-idSize:]
}
