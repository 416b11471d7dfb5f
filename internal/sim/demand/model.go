// SPDX-License-Identifier: EUPL-1.2

package demand

import (
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// Model is the demand on an office and the presence of its clerks, in figures.
type Model struct {
	Name string

	// Week is the mean number of citizens on each [time.Weekday], from 0.
	Week [7]float64
	// Profiles say how the citizens of each [time.Weekday] spread over the day. A day
	// without a profile is even over the hours of opening.
	Profiles [7][]Band
	// Doors is the share of a day's first band that stands at the door when it
	// opens and comes in within a minute, 0 to 1.
	Doors float64
	// DayCV is the coefficient of variation of a whole day's volume, GroupCV that of
	// one group of services on one day. Both are of lognormal factors with mean 1.
	DayCV, GroupCV float64

	// Groups are the figures of each group of services. A group that is not named
	// here has those of Other.
	Groups map[queue.GroupID]Group
	Other  Group
	// Scale multiplies all service times, above 0.
	Scale float64

	// Turnover is what a clerk needs between two citizens.
	Turnover time.Duration
	// Walk is the mean time from the hall to a counter; it is a part of the service time.
	Walk time.Duration
	// NoShow is the share of citizens who leave the hall without a word, 0 to 1.
	NoShow float64
	// Appointments is the share of citizens who come on an appointment, 0 to 1.
	Appointments float64
	// Classes and Languages are shares, 0 to 1; who is in none of them has the
	// office's first. Those that the office does not have are left out.
	Classes   []ClassShare
	Languages []LanguageShare

	Staff Staff
}

// Band is a part of a day in minutes of the local clock, with its share of the
// day's citizens. Shares need not add up to 1.
type Band struct {
	From, To int
	Share    float64
}

// Group is what citizens want of a group of services.
type Group struct {
	Share float64       // of all citizens; shares need not add up to 1
	Mean  time.Duration // service time: from the call to the end
	CV    float64       // coefficient of variation of the service time
}

// ClassShare is how many citizens belong to a class.
type ClassShare struct {
	Class queue.ClassID
	Share float64
}

// LanguageShare is how many citizens choose a language.
type LanguageShare struct {
	Language string
	Share    float64
}

// Staff is when clerks are at their counters. Counters that prefer the same
// services are a team: of a team of two or more, one clerk is always there.
type Staff struct {
	// Present is the share of each team that works on each [time.Weekday], 0 to 1.
	// At least one of a team works.
	Present [7]float64
	// Absent is the chance that a clerk who should work does not come, 0 to 1.
	Absent float64

	// Coffee is one break a day that begins between CoffeeFrom and CoffeeTo, minutes
	// of the local clock. 0: none.
	Coffee               time.Duration
	CoffeeFrom, CoffeeTo int

	// Lunch is one break in LunchShifts shifts from LunchFrom on, taken on days that
	// are open for LunchAfter or longer. 0: none.
	Lunch                  time.Duration
	LunchFrom, LunchShifts int
	LunchAfter             time.Duration

	// Block is work away from the counter that BackOffice of the clerks (0 to 1) have
	// once a day, at any time. 0: none.
	Block      time.Duration
	BackOffice float64
}
