// SPDX-License-Identifier: EUPL-1.2

package queue

// Settings are everything about an office that decisions depend on. They enter
// the journal as [SettingsChanged]; see [Settings.Validate] for what holds.
type Settings struct {
	Office    OfficeID   `json:"office"`
	Name      Texts      `json:"name"`
	Zone      string     `json:"zone"`      // IANA name, for example Europe/Rome
	Languages []string   `json:"languages"` // the first one is the office's own
	Hours     Calendar   `json:"hours"`
	Groups    []Group    `json:"groups"`
	Services  []Service  `json:"services"`
	Series    []Series   `json:"series"`
	Classes   []Class    `json:"classes"` // the first one is given to tickets that name none
	Counters  []Counter  `json:"counters"`
	Rule      Rule       `json:"rule"`
	NoShow    NoShow     `json:"no_show"`
	Slips     SlipPolicy `json:"slips"`

	// FinishOnNext lets "next" on a counter with a citizen finish that citizen first.
	FinishOnNext bool `json:"finish_on_next,omitzero"`
	// LetPass is how often a citizen may let the one behind go first, 0 to 9.
	LetPass int `json:"let_pass,omitzero"`
	// Outcomes are the codes a finish may carry besides none.
	Outcomes []string `json:"outcomes,omitempty"`
}

// Group is a set of services that share a line in statistics and metrics.
type Group struct {
	ID   GroupID `json:"id"`
	Name Texts   `json:"name"`
}

// Service is something citizens come for.
type Service struct {
	ID     ServiceID `json:"id"`
	Group  GroupID   `json:"group"`
	Series SeriesID  `json:"series"`
	Name   Texts     `json:"name"`

	Target Millis    `json:"target_ms,omitzero"` // wait aimed at; 0: the rule's
	Quota  int       `json:"quota,omitzero"`     // tickets a day; 0: no limit
	Hours  *Calendar `json:"hours,omitempty"`    // when tickets are given; nil: the office's
}

// Series is a sequence of printed numbers. It starts anew each day.
type Series struct {
	ID     SeriesID `json:"id"`
	Prefix string   `json:"prefix,omitzero"` // up to 3 of A-Z, 0-9
	Width  int      `json:"width"`           // digits, zero-padded, 1 to 4
	First  int      `json:"first"`           // at least 0
	Last   int      `json:"last"`            // fits the width; after it comes First, without numbers still alive
}

// Class is a kind of ticket with its own place in the calling rule.
type Class struct {
	ID   ClassID `json:"id"`
	Name Texts   `json:"name"`

	Target Millis `json:"target_ms,omitzero"` // wait aimed at; 0: the service's
	Credit Millis `json:"credit_ms,omitzero"` // head start
	Cap    Millis `json:"cap_ms,omitzero"`    // 0: the rule's
}

// Counter is a place where citizens are served, with what it may serve.
type Counter struct {
	ID        CounterID   `json:"id"`
	Label     string      `json:"label"`              // what panels show, 1 to 7 printable ASCII characters
	Preferred []ServiceID `json:"preferred"`          // called first
	Overflow  []ServiceID `json:"overflow,omitempty"` // called when no preferred service waits
}

// NoShow says when a called citizen may be given up.
type NoShow struct {
	Calls        int    `json:"calls"`                     // calls made at least, 1 or more
	After        Millis `json:"after_ms"`                  // since the last call at least
	ReturnWithin Millis `json:"return_within_ms,omitzero"` // a no-show may come back that long, once; 0: never
}

// SlipPolicy says what happens to a ticket when nobody knows whether its paper
// came out.
type SlipPolicy struct {
	OnUnknown UnknownSlip `json:"on_unknown"`
	CopyFor   Millis      `json:"copy_for_ms,omitzero"` // a marked copy only that long after issue
}

// UnknownSlip is the rule for a slip whose fate is unknown.
type UnknownSlip string

// The rules for a slip whose fate is unknown. The zero value is not valid.
const (
	UnknownKeep UnknownSlip = "keep" // the number stands, staff see the doubt
	UnknownCopy UnknownSlip = "copy" // one copy, marked as such, while the citizen is there
	UnknownVoid UnknownSlip = "void" // the number is void, the citizen takes a new one
)
