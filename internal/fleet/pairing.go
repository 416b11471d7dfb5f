// SPDX-License-Identifier: EUPL-1.2

package fleet

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	fwproto "github.com/avanti-queue/avanti/firmware-protocol"
)

const (
	pairingOpen = 2 * time.Minute
	maxCodes    = 32 // different wrong ones, while the desk is open
	maxArrivals = 5  // connections of the piece
	minCode     = 8  // characters
	lingerGrant = 10 * time.Second
)

// Stage is how far a pairing is.
type Stage string

// The stages.
const (
	StageClosed  Stage = "closed"  // nobody waits
	StageWaiting Stage = "waiting" // for a piece with the code
	StageCompare Stage = "compare" // somebody is to compare the number
	StageDone    Stage = "done"    // the piece is one of the office's
	StageFailed  Stage = "failed"  // see Fault
)

// Why a pairing failed.
const (
	FaultExpired  = "expired"  // the two minutes were over
	FaultCodes    = "codes"    // too many wrong codes, or connections
	FaultExchange = "exchange" // what the piece said does not fit together
	FaultRejected = "rejected" // the numbers differed, or it was called off
)

// Errors of the desk.
var (
	ErrBusy      = errors.New("another pairing is under way")
	ErrStage     = errors.New("the pairing is not at this point")
	ErrElsewhere = errors.New("the broker elsewhere has a list of devices of its own: devices are paired with the embedded broker only")
	ErrCode      = errors.New("a code has at least eight letters and digits")
)

// Pairing is what the supervisor sees of a pairing.
type Pairing struct {
	Stage    Stage
	Ends     time.Time // of waiting and compare
	Maker    string    // the maker's name of the piece, from compare on
	Number   string    // four digits
	Kind     fwproto.Kind
	Firmware string
	Hardware string
	Device   string // as whom it was taken in
	Fault    string
}

// DeskOptions are what a [Desk] is made of. All are required but Authority.
type DeskOptions struct {
	Register *Register
	Office   string
	// Send says something to the piece of that name. It does not wait; what is lost is
	// lost.
	Send func(maker string, m fwproto.Message) bool
	// Drop ends the connection of a user at once.
	Drop func(user string)
	// Authority is the certificate (DER) that devices pin; nil: the hall has no TLS.
	Authority []byte
	Log       *slog.Logger
}

// Desk is where devices come into the office, one at a time (SPEC 13). Its methods may be
// called from any goroutine.
type Desk struct {
	o         DeskOptions
	authority fwproto.Bytes

	mu         sync.Mutex
	now        Pairing
	by         string
	code       [sha256.Size]byte
	wrong      map[[sha256.Size]byte]bool // codes; never more than maxCodes
	admitted   int                        // connections
	commitment fwproto.Bytes
	nonce      fwproto.Bytes // the host's
	granted    fwproto.Grant // while the piece may not have heard it
	round      int           // counts the openings of the desk
	confirming bool
}

// NewDesk returns a desk that is closed.
func NewDesk(o DeskOptions) *Desk {
	d := &Desk{o: o, now: Pairing{Stage: StageClosed}}
	if o.Authority != nil {
		sum := sha256.Sum256(o.Authority)
		d.authority = fwproto.Bytes(sum[:])
	}
	return d
}

// Pairing returns how things stand.
func (d *Desk) Pairing() Pairing {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.now
}

// Open waits two minutes for the piece whose label has this code. By is who asked for it:
// an access, never a person.
func (d *Desk) Open(by, code string) error {
	plain := normal(code)
	if len(plain) < minCode {
		return ErrCode
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.busy() {
		if d.by == by && d.code == sha256.Sum256([]byte(plain)) {
			return nil // asked once more
		}
		return ErrBusy
	}
	d.round++
	d.by, d.code = by, sha256.Sum256([]byte(plain))
	d.wrong, d.admitted = map[[sha256.Size]byte]bool{}, 0
	d.commitment, d.nonce, d.granted = "", "", fwproto.Grant{}
	d.now = Pairing{Stage: StageWaiting, Ends: time.Now().Add(pairingOpen)}
	round := d.round
	time.AfterFunc(pairingOpen, func() { d.expire(round) })
	d.o.Log.Info("pairing opened", slog.String("by", by))
	return nil
}

// normal is a code as it is compared: people type labels as they like.
func normal(code string) string {
	return strings.ToUpper(strings.Map(func(r rune) rune {
		if r == '-' || r == ' ' {
			return -1
		}
		return r
	}, code))
}

func (d *Desk) busy() bool { return d.now.Stage == StageWaiting || d.now.Stage == StageCompare }

func (d *Desk) expire(round int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.round == round && d.busy() && !d.confirming {
		d.fail(FaultExpired)
	}
}

// fail ends the pairing. The lock is held.
func (d *Desk) fail(fault string) {
	d.o.Log.Warn("pairing failed", slog.String("fault", fault), slog.String("maker", d.now.Maker), slog.String("by", d.by))
	maker := d.now.Maker
	d.now = Pairing{Stage: StageFailed, Fault: fault, Maker: maker}
	d.code, d.commitment, d.nonce = [sha256.Size]byte{}, "", ""
	if maker != "" {
		d.o.Drop(fwproto.PairingUser(maker))
	}
}

// Admit tells whether a piece may connect. Every wrong code counts, whoever it comes
// from: a code cannot be found by trying. Each counts once: other new pieces that are
// switched on say theirs again and again.
func (d *Desk) Admit(maker string, code []byte) bool {
	got := sha256.Sum256([]byte(normal(string(code))))
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.now.Stage != StageWaiting { // one number for each opening, right or not
		return false
	}
	right := subtle.ConstantTimeCompare(got[:], d.code[:]) == 1
	switch {
	case !right:
		if d.wrong[got] = true; len(d.wrong) >= maxCodes {
			d.fail(FaultCodes)
		}
		return false
	case d.now.Maker != "" && d.now.Maker != maker:
		return false // a code is that of one piece
	case d.admitted >= maxArrivals:
		d.fail(FaultCodes)
		return false
	}
	d.admitted++
	d.commitment, d.nonce = "", ""
	d.now = Pairing{Stage: StageWaiting, Ends: d.now.Ends, Maker: maker}
	return true
}

// Hear takes what a piece says. It does not wait. A piece says everything again until it
// is answered.
func (d *Desk) Hear(maker string, payload []byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.now.Maker != maker:
		return
	case d.now.Stage == StageDone && d.granted.Device != "":
		d.o.Send(maker, d.granted)
		return
	case d.now.Stage != StageWaiting:
		return
	}
	hello, err := fwproto.Decode[fwproto.Hello](payload)
	if err == nil {
		d.challenge(maker, hello)
		return
	}
	reveal, err := fwproto.Decode[fwproto.Reveal](payload)
	if err != nil || d.commitment == "" || fwproto.Commit(maker, reveal.Nonce) != d.commitment {
		d.fail(FaultExchange)
		return
	}
	d.now.Stage = StageCompare
	d.now.Number = fwproto.PairingNumber(maker, reveal.Nonce, d.nonce, d.authority)
}

// challenge answers a hello. The same hello has the same answer; there is no other one on
// one connection.
func (d *Desk) challenge(maker string, hello fwproto.Hello) {
	switch d.commitment {
	case "":
		nonce := make([]byte, fwproto.NonceSize)
		rand.Read(nonce) // never fails, by its contract
		d.commitment, d.nonce = hello.Commitment, fwproto.Bytes(nonce)
		d.now.Kind, d.now.Firmware, d.now.Hardware = hello.Kind, hello.Firmware, hello.Hardware
	case hello.Commitment:
	default:
		d.fail(FaultExchange)
		return
	}
	d.o.Send(maker, fwproto.Challenge{Nonce: d.nonce, Authority: d.authority})
}

// Cancel ends a pairing: the numbers differ, or nobody wants it any more.
func (d *Desk) Cancel() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.busy() || d.confirming {
		return ErrStage
	}
	d.fail(FaultRejected)
	return nil
}

// Confirm takes the piece in, whose number somebody has compared, and sends it what it
// needs. The number stands here once more so that nobody confirms another piece than the
// one that was looked at. The error is [ErrStage], or that of [Register.Admit].
func (d *Desk) Confirm(ctx context.Context, by, number string, who Identity) error {
	d.mu.Lock()
	if d.now.Stage == StageDone && d.now.Number == number && d.now.Device == who.ID {
		d.mu.Unlock()
		return nil // asked once more
	}
	if d.now.Stage != StageCompare || d.confirming || d.now.Number != number {
		d.mu.Unlock()
		return ErrStage
	}
	d.confirming = true
	maker := d.now.Maker
	d.mu.Unlock()

	password := make([]byte, fwproto.PasswordSize)
	rand.Read(password) // never fails, by its contract
	who.Password = sha256.Sum256(password)
	err := d.o.Register.Admit(ctx, by, maker, who)

	d.mu.Lock()
	defer d.mu.Unlock()
	d.confirming = false
	if err != nil {
		if time.Now().After(d.now.Ends) {
			d.fail(FaultExpired)
		}
		return fmt.Errorf("pair %s: %w", who.ID, err)
	}
	d.now = Pairing{Stage: StageDone, Maker: maker, Number: number, Device: who.ID}
	d.code, d.commitment, d.nonce = [sha256.Size]byte{}, "", ""
	d.granted = fwproto.Grant{Device: who.ID, Office: d.o.Office, Password: fwproto.Bytes(password), Authority: d.authority}
	d.o.Send(maker, d.granted)
	round := d.round
	time.AfterFunc(lingerGrant, func() { d.close(round, maker) })
	return nil
}

// close forgets a grant and sends the piece away, which has gone by itself if it has it.
func (d *Desk) close(round int, maker string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.round != round {
		return
	}
	d.granted = fwproto.Grant{}
	d.o.Drop(fwproto.PairingUser(maker))
}
