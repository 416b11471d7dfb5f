// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/avanti-queue/avanti/internal/sim/paper"
	"github.com/avanti-queue/avanti/queue"
)

// papersHold holds everything that came out of the printers against the journal (I4) and says what
// does not hold: at most one unmarked paper of a number, none of a number that nobody gave, none
// recorded as printed that is not there, no number both printed and void, no doubt that is left
// unsettled.
func papersHold(records []queue.Record, sheets []paper.Sheet) []string {
	var wrong []string
	say := func(format string, a ...any) { wrong = append(wrong, "I4: "+fmt.Sprintf(format, a...)) }
	unmarked, marked := map[string]int{}, map[string]int{}
	numbered := regexp.MustCompile(`^[A-Z]+[0-9]+$`) // a slip that was cut off early bears none
	for _, s := range sheets {
		for _, number := range s.Numbers {
			if !numbered.MatchString(number) {
				continue
			}
			if s.Copy == "" {
				unmarked[number]++
			} else {
				marked[number]++
			}
		}
	}
	number := map[queue.TicketID]string{}
	copies := map[queue.TicketID]map[int]bool{} // whether an attempt is a marked copy, by its count
	open := map[queue.TicketID]bool{}           // papers that were asked for and have no fate
	printed, void := map[queue.TicketID]bool{}, map[queue.TicketID]bool{}
	for _, r := range records {
		switch e := r.Event.(type) {
		case queue.TicketIssued:
			number[e.Ticket], copies[e.Ticket], open[e.Ticket] = e.Number, map[int]bool{}, e.Printer != ""
		case queue.SlipRequested:
			copies[e.Ticket][e.Attempt], open[e.Ticket] = e.Copy, true
		case queue.SlipPrinted:
			open[e.Ticket], printed[e.Ticket] = false, true
			there := unmarked
			if copies[e.Ticket][e.Attempt] {
				there = marked
			}
			if there[number[e.Ticket]] == 0 {
				say("attempt %d at %s is recorded as printed, and there is no such paper", e.Attempt, number[e.Ticket])
			}
		case queue.SlipSent:
			open[e.Ticket] = false
		case queue.SlipFailed:
			open[e.Ticket] = false
		case queue.SlipUnknown:
			open[e.Ticket] = false
		case queue.TicketClosed:
			void[e.Ticket] = e.End == queue.EndVoid
		}
	}
	given := map[string]bool{}
	for id, n := range number {
		given[n] = true
		if open[id] {
			say("nobody has said what became of the paper of %s", n)
		}
		if printed[id] && void[id] {
			say("%s is printed, and void", n)
		}
	}
	for n, count := range unmarked {
		if count > 1 {
			say("%d unmarked papers of %s", count, n)
		}
	}
	for _, papers := range []map[string]int{unmarked, marked} {
		for n := range papers {
			if !given[n] {
				say("a paper of %s, a number that nobody gave", n)
			}
		}
	}
	slices.Sort(wrong)
	return wrong
}
