// SPDX-License-Identifier: EUPL-1.2

package schedule

// Rarity is a situation that a run should have been in now and then: a test that
// never was there has not tested it.
type Rarity int

// The rarities.
const (
	AppendFailed Rarity = iota
	AppendRetried
	DiedIdle
	DiedUnstored
	DiedStored
	DiedWithSlipPending
	DiedWithCitizenAtCounter
	AnsweredTwiceInOneCommit
	AnsweredTwiceLater
	AnsweredAgainAfterRestart
	StalePressRefused
	LatePressRefused
	ClockSetForward
	ClockSetBack
	ClockRefused
	SettingsChanged
	SettingsRefused
	DayClosedWithWaiting
	DayCloseRefused
	DayForcedWithCitizen
	DayReopened
	SeriesWrapped
	SeriesExhausted
	QuotaReached
	HoursRefused
	NoShowReturned
	Parked
	TransferredToService
	TransferredToCounter
	ReturnedByClerk
	CalledOutOfOrder
	FinishedByNext
	WaitedPastCap
	AppointmentEarly
	SlipSent
	SlipUnknown
	SlipCopied
	SlipReprinted
	SlipVoided
	Cancelled
	Reclassified
	rarities
)

// String returns the rarity as a test's message names it.
func (r Rarity) String() string {
	return [...]string{
		"append failed", "append retried", "died idle", "died before the commit", "died behind the commit",
		"died with a slip pending", "died with a citizen at a counter", "answered twice in one commit",
		"answered twice later", "answered again after a restart", "stale press refused", "late press refused",
		"clock set forward", "clock set back", "clock refused", "settings changed", "settings refused",
		"day closed with people waiting", "day not closed: a citizen is served", "day forced with a citizen served",
		"day reopened", "series wrapped", "series exhausted", "quota reached", "refused by hours", "no-show returned",
		"parked", "transferred to a service", "transferred to a counter", "returned by a clerk", "called out of order",
		"finished by next", "waited past the cap", "appointment came early", "slip sent", "slip unknown", "slip copied",
		"slip reprinted", "ticket voided for its slip", "cancelled", "reclassified",
	}[r]
}

// Sometimes counts how often each rarity came up.
type Sometimes [rarities]int

// Add adds the counts of another run.
func (s *Sometimes) Add(o Sometimes) {
	for i, n := range o {
		s[i] += n
	}
}

// Never returns the rarities that never came up.
func (s *Sometimes) Never() []Rarity {
	var out []Rarity
	for i, n := range s {
		if n == 0 {
			out = append(out, Rarity(i))
		}
	}
	return out
}
