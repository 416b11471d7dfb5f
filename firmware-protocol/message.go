// SPDX-License-Identifier: EUPL-1.2

package fwproto

// Type is the value of key 0 of every message (SPEC 4.1).
type Type uint8

// The message types of protocol version 1.
const (
	TypePress     Type = 1
	TypeReply     Type = 2
	TypeSet       Type = 3
	TypeShown     Type = 4
	TypeState     Type = 5
	TypeHost      Type = 6
	TypeHeartbeat Type = 7
	TypeManifest  Type = 8 // inside an offer, on no topic
	TypeOffer     Type = 9
	TypeReport    Type = 10
	TypeTelemetry Type = 11
	TypeHello     Type = 12 // of pairing, as the next ones
	TypeChallenge Type = 13
	TypeReveal    Type = 14
	TypeGrant     Type = 15
)

// Message is one of [Press], [Reply], [Set], [Shown], [State], [Host],
// [Heartbeat], [Manifest], [Offer], [Report], [Telemetry], [Hello], [Challenge],
// [Reveal] and [Grant].
type Message interface {
	Type() Type
	validate() error
}

// Limits of the values (SPEC 4.2). Lengths are bytes of printable ASCII.
const (
	MaxNumber  = 7  // a ticket's number
	MaxDesk    = 7  // a counter's label
	MaxRows    = 12 // rows of one set
	MaxVersion = 31 // version, firmware and hardware texts
	MaxPath    = 31 // path of a firmware image
	MaxID      = 32 // id of an office or a device
)

// Press is one press of a key (SPEC 5.1). (device, Boot, Seq) identifies it for
// ever: a repetition carries the same three and a greater age.
type Press struct {
	Boot    uint32 `cbor:"1,keyasint,omitempty"` // random, new at each start of the device; never 0
	Seq     uint32 `cbor:"2,keyasint,omitempty"` // counts up from 1 within a boot
	AgeMS   uint32 `cbor:"3,keyasint,omitempty"` // milliseconds between the press and this sending
	Rev     uint64 `cbor:"4,keyasint,omitempty"` // revision of the content the clerk saw; 0: none
	Key     Key    `cbor:"5,keyasint,omitempty"` // which key
	Epoch   uint32 `cbor:"6,keyasint,omitempty"` // of the newest heartbeat heard at this sending; 0: none
	Beat    uint32 `cbor:"7,keyasint,omitempty"` // count of that heartbeat
	SinceMS uint32 `cbor:"8,keyasint,omitempty"` // milliseconds between hearing that heartbeat and this sending
}

// Key is a key of a box. Values that are not listed may come from newer
// firmware: they decode, and are answered with [Denied].
type Key uint8

// The keys.
const (
	KeyNext   Key = 1
	KeyRecall Key = 2
	KeyStart  Key = 3
	KeyFinish Key = 4
	KeyNoShow Key = 5
)

// Reply is the answer to one event (SPEC 5.2).
type Reply struct {
	Boot   uint32 `cbor:"1,keyasint,omitempty"` // as in the event
	Seq    uint32 `cbor:"2,keyasint,omitempty"` // as in the event
	Status Status `cbor:"3,keyasint,omitempty"`
	Number string `cbor:"4,keyasint,omitempty"` // the called number; empty: none
	Rev    uint64 `cbor:"5,keyasint,omitempty"` // revision of the counter after the event
}

// Status is the outcome of an event.
type Status uint8

// The outcomes.
const (
	OK        Status = 1 // done
	Duplicate Status = 2 // seen before, nothing more was done
	Stale     Status = 3 // too old, nothing was done
	Conflict  Status = 4 // the counter had moved on, nothing was done
	Denied    Status = 5 // not allowed, not possible or not understood
	Busy      Status = 6 // nothing was done, the next repetition may succeed
)

// Set is the complete content that a device is to show, never a difference
// (SPEC 5.3).
type Set struct {
	Epoch   uint32 `cbor:"1,keyasint,omitempty"` // of the host that wants it; never 0
	Rev     uint64 `cbor:"2,keyasint,omitempty"` // revision of the content
	TTLms   uint32 `cbor:"3,keyasint,omitempty"` // how long it holds after a heartbeat, in milliseconds; never 0
	Rows    []Row  `cbor:"-"`                    // key 4, newest call first; at most MaxRows
	Lamp    Lamp   `cbor:"5,keyasint,omitempty"`
	Waiting uint32 `cbor:"6,keyasint,omitempty"`  // tickets that wait
	Blank   bool   `cbor:"7,keyasint,omitempty"`  // show nothing, on purpose
	Late    uint32 `cbor:"8,keyasint,omitempty"`  // of those that wait, how many wait longer than they should
	Ring    uint32 `cbor:"9,keyasint,omitempty"`  // when it changes within an epoch, the device sounds once; 0: silence
	Flash   uint32 `cbor:"10,keyasint,omitempty"` // rows that flash: bit 0 for the first
	Arrows  string `cbor:"11,keyasint,omitempty"` // where each row's counter is: u, d, l or r, - for nowhere; at most MaxRows
}

// Row is one line of a display.
type Row struct {
	Number string // at most MaxNumber characters
	Desk   string // at most MaxDesk characters
}

// Lamp is the lamp of a box.
type Lamp uint8

// The states of a lamp.
const (
	LampOff     Lamp = 0
	LampOn      Lamp = 1
	LampBlink   Lamp = 2
	LampPending Lamp = 3 // a press waits for its reply
)

// Shown is what a device really shows (SPEC 5.4).
type Shown struct {
	Epoch uint32 `cbor:"1,keyasint,omitempty"` // of the set; 0: no set yet
	Rev   uint64 `cbor:"2,keyasint,omitempty"` // of the set
	Blank Blank  `cbor:"3,keyasint,omitempty"` // why nothing is shown; NotBlank: the content is shown
	CRC   uint32 `cbor:"4,keyasint,omitempty"` // CRC-32 of what is shown, see Set.CRC
}

// Blank is the reason why a device shows no content.
type Blank uint8

// The reasons.
const (
	NotBlank         Blank = 0 // the content is shown
	BlankNoSet       Blank = 1 // nothing was ever received
	BlankNoHeartbeat Blank = 2 // the last heartbeat is older than the ttl
	BlankOldEpoch    Blank = 3 // the content is of another epoch than the heartbeat
	BlankWanted      Blank = 4 // the set asks for it
)

// State is the birth and the death of a device (SPEC 5.5). Both share one
// topic, and the pair (Boot, Session) tells to which birth a death belongs.
type State struct {
	Status   Presence `cbor:"1,keyasint,omitempty"`
	Boot     uint32   `cbor:"2,keyasint,omitempty"` // as in Press
	Session  uint32   `cbor:"3,keyasint,omitempty"` // counts the connections of a boot from 1
	Kind     Kind     `cbor:"4,keyasint,omitempty"`
	Firmware string   `cbor:"5,keyasint,omitempty"` // at most MaxVersion characters
	Hardware string   `cbor:"6,keyasint,omitempty"` // at most MaxVersion characters
	Rows     uint8    `cbor:"7,keyasint,omitempty"` // how many rows it can show; 0: none
}

// Presence says whether a device is there.
type Presence uint8

// The presences.
const (
	Online   Presence = 1
	Asleep   Presence = 2
	Updating Presence = 3
	Lost     Presence = 4 // the only one that a will carries
)

// Kind is the kind of a device.
type Kind uint8

// The kinds.
const (
	KindBox   Kind = 1 // keys and a lamp at a counter
	KindPanel Kind = 2 // a number display
)

// Host is the birth and the death of the daemon's link (SPEC 5.6).
type Host struct {
	Epoch   uint32 `cbor:"1,keyasint,omitempty"` // never 0
	Online  bool   `cbor:"2,keyasint,omitempty"`
	Version string `cbor:"3,keyasint,omitempty"` // at most MaxVersion characters
}

// Heartbeat is the pulse of the daemon's link (SPEC 5.7).
type Heartbeat struct {
	Epoch     uint32 `cbor:"1,keyasint,omitempty"` // never 0
	Count     uint32 `cbor:"2,keyasint,omitempty"` // intervals since the epoch began, counted from 1
	UTCms     uint64 `cbor:"3,keyasint,omitempty"` // wall clock, milliseconds since 1970, for displays with a clock only
	OffsetMin int16  `cbor:"4,keyasint,omitempty"` // the office's offset from UTC in minutes, -1080 to 1080
}

// Type implements [Message].
func (Press) Type() Type { return TypePress }

// Type implements [Message].
func (Reply) Type() Type { return TypeReply }

// Type implements [Message].
func (Set) Type() Type { return TypeSet }

// Type implements [Message].
func (Shown) Type() Type { return TypeShown }

// Type implements [Message].
func (State) Type() Type { return TypeState }

// Type implements [Message].
func (Host) Type() Type { return TypeHost }

// Type implements [Message].
func (Heartbeat) Type() Type { return TypeHeartbeat }

// Type implements [Message].
func (Manifest) Type() Type { return TypeManifest }

// Type implements [Message].
func (Offer) Type() Type { return TypeOffer }

// Type implements [Message].
func (Report) Type() Type { return TypeReport }
