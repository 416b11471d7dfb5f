// SPDX-License-Identifier: EUPL-1.2

package schedule

import (
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// print lets the printer work on an attempt for this life of the daemon.
func (h *hall) print(id queue.TicketID, attempt int) {
	h.after(h.dice.between(1200*time.Millisecond, 3*time.Second),
		deed{kind: printerAnswers, turn: uint64(id), try: attempt, who: int(h.life)})
}

// printed settles an attempt: the paper comes out or not, and the daemon is told.
func (h *hall) printed(d deed) {
	id := queue.TicketID(d.turn)
	t := h.view.Ticket(id)
	if uint64(d.who) != h.life || t == nil || t.Slip.Attempt != d.try {
		return
	}
	report := queue.ReportSlip{Ticket: id, Attempt: d.try, Result: queue.SlipResultPrinted, Level: "A"}
	switch faults := &h.o.Faults; {
	case h.noPaper || h.dice.chance(faults.SlipFails):
		report.Result, report.Level, report.Fault = queue.SlipResultFailed, "", "paper_end"
	case h.dice.chance(faults.SlipUnknown):
		report.Result, report.Level, report.Fault = queue.SlipResultUnknown, "", "no_answer"
	case h.dice.chance(faults.SlipSilent):
		report.Result, report.Level = queue.SlipResultSent, ""
	}
	came := report.Result == queue.SlipResultPrinted || report.Result != queue.SlipResultFailed && h.dice.chance(.5)
	h.emit(t, came)
	h.report(report)
}

// report tells the daemon, until it answers or dies.
func (h *hall) report(r queue.ReportSlip) {
	q := queue.Request{By: h.by(queue.RolePrinter, printer), Command: r}
	if _, ok := h.send(q); !ok {
		h.after(3*time.Second, deed{kind: mailArrives, mail: &mail{request: q, insists: true, life: h.life}})
	}
}

// emit notes what really came out for the newest attempt, once.
func (h *hall) emit(t *queue.Ticket, came bool) {
	if h.emitted[t.ID] == t.Slip.Attempt {
		return
	}
	h.emitted[t.ID] = t.Slip.Attempt
	if !came || t.Slip.Copy {
		return
	}
	if h.papers[t.ID]++; h.papers[t.ID] > 1 {
		h.fail(violated("I4", "%d unmarked papers of %s are in the hall", h.papers[t.ID], t.Number))
	}
}

// losesPapers lets the printer finish or lose what it was working on when the daemon
// died: nobody will ever know.
func (h *hall) losesPapers() {
	for t := range h.view.Tickets() {
		if t.Slip.Result == queue.SlipResultPending {
			h.emit(t, h.dice.chance(.5))
		}
	}
}

// settlesPapers reports, after a start, every slip without an outcome as unknown: a
// paper may exist.
func (h *hall) settlesPapers() {
	for t := range h.view.Tickets() {
		if t.Slip.Result == queue.SlipResultPending {
			h.sometimes[DiedWithSlipPending]++
			h.emitted[t.ID] = t.Slip.Attempt
			h.report(queue.ReportSlip{
				Ticket: t.ID, Attempt: t.Slip.Attempt, Result: queue.SlipResultUnknown, Fault: "daemon_restarted",
			})
		}
	}
}
