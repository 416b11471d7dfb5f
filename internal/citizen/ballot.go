// SPDX-License-Identifier: EUPL-1.2

package citizen

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"strings"

	"github.com/avanti-queue/avanti/queue"
)

const nonceSize = 10

// Ballot returns a new ballot for whoever gives it out on that day, for example a tablet at a
// counter: nobody can make one without the key, and it counts for nobody else. That it counts
// once is for the one who counts to see to.
func (k Key) Ballot(day queue.Date, holder string) string {
	var nonce [nonceSize]byte
	rand.Read(nonce[:]) // never fails, by its contract
	return crockford().EncodeToString(append(nonce[:], k.sign("ballot", day, holder, nonce[:])...))
}

// Counts reports whether a ballot was given out by the holder on that day.
func (k Key) Counts(day queue.Date, holder, ballot string) bool {
	_, ok := k.opened("ballot", day, holder, ballot, nonceSize)
	return ok
}

// Receipt returns what lets the giver of a vote add a reason to it, and nobody else.
func (k Key) Receipt(day queue.Date, holder string, vote int64) string {
	payload := binary.BigEndian.AppendUint64(nil, uint64(vote))
	return crockford().EncodeToString(append(payload, k.sign("receipt", day, holder, payload)...))
}

// Vote returns the vote of a receipt, false for anything else.
func (k Key) Vote(day queue.Date, holder, receipt string) (vote int64, ok bool) {
	payload, ok := k.opened("receipt", day, holder, receipt, 8)
	if !ok {
		return 0, false
	}
	return int64(binary.BigEndian.Uint64(payload)), true
}

// opened returns what stands in a text of that many bytes that the key has signed.
func (k Key) opened(what string, day queue.Date, holder, text string, size int) ([]byte, bool) {
	if k == (Key{}) || len(text) > 64 {
		return nil, false
	}
	raw, err := crockford().DecodeString(text)
	if err != nil || len(raw) != size+macSize || crockford().EncodeToString(raw) != text { // the decoder overlooks ends of lines
		return nil, false
	}
	return raw[:size], hmac.Equal(raw[size:], k.sign(what, day, holder, raw[:size]))
}

// sign is what a payload is worth for a purpose on that day.
func (k Key) sign(what string, day queue.Date, holder string, payload []byte) []byte {
	mac := hmac.New(sha256.New, k[:])
	mac.Write([]byte(strings.Join([]string{"avanti " + what + " 1", string(day), holder, ""}, "\x00")))
	mac.Write(payload)
	return mac.Sum(nil)[:macSize]
}
