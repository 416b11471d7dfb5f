// SPDX-License-Identifier: EUPL-1.2

package schedule

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/avanti-queue/avanti/queue"
)

// mail is a request on its way.
type mail struct {
	request queue.Request
	late    bool   // its sender has tried again meanwhile
	insists bool   // it is sent until the daemon answers
	life    uint64 // with insists: of the daemon that it is for
}

// answer is what the daemon said to a request.
type answer struct {
	first   queue.Seq // of its records, 0 when refused
	n       int
	refusal queue.RefusalCode
	life    uint64 // of the daemon that said it
}

func answerOf(r queue.Result, life uint64) answer {
	a := answer{n: len(r.Records), refusal: refused(r.Err), life: life}
	if a.n > 0 {
		a.first = r.Records[0].Seq
	}
	return a
}

// refused returns why a request was refused, "" if it was not.
func refused(err error) queue.RefusalCode {
	if refusal, ok := errors.AsType[*queue.Refusal](err); ok {
		return refusal.Code
	}
	return ""
}

// by makes an actor with a request id of its own.
func (h *hall) by(role queue.Role, id string) queue.Actor {
	h.requests++
	return queue.Actor{Role: role, ID: id, Request: queue.RequestID(id + "-" + strconv.Itoa(h.requests))}
}

// ask sends a new request; see send.
func (h *hall) ask(role queue.Role, id string, c queue.Command) (queue.Result, bool) {
	return h.send(queue.Request{By: h.by(role, id), Command: c})
}

// send delivers a request, with whatever goes wrong on the way. It returns false
// when there is no answer: the daemon is away or has died over it, the disk is full,
// or the request is late. The same request may be sent again.
func (h *hall) send(r queue.Request) (queue.Result, bool) {
	faults := &h.o.Faults
	if h.dice.chance(faults.Late) {
		h.after(h.dice.between(5*time.Second, 10*time.Minute), deed{kind: mailArrives, mail: &mail{request: r, late: true}})
		return queue.Result{}, false
	}
	if h.down {
		return queue.Result{}, false
	}
	batch := []queue.Request{r}
	if h.dice.chance(faults.Twice) {
		if h.dice.chance(.3) {
			batch = append(batch, r)
		} else {
			h.after(h.dice.between(time.Second, time.Hour), deed{kind: mailArrives, mail: &mail{request: r}})
		}
	}
	if h.dice.chance(faults.Full) {
		h.disk.next = diskFull
	}
	results, ok := h.write(batch...)
	if !ok {
		return queue.Result{}, false
	}
	if len(results) == 2 {
		h.sometime(AnsweredTwiceInOneCommit, results[0].Err == nil)
		if answerOf(results[0], 0) != answerOf(results[1], 0) {
			h.fail(violated("I5", "request %s has two answers in one commit", r.By.Request))
		}
	}
	return results[0], true
}

// receive delivers mail that comes for the second time, or late.
func (h *hall) receive(m *mail) {
	if h.down || m.insists && m.life != h.life {
		return
	}
	before, asked := h.answers[m.request.By.Request]
	stale := h.stale(m.request.Command)
	results, ok := h.write(m.request)
	switch {
	case !ok && m.insists:
		h.after(3*time.Second, deed{kind: mailArrives, mail: m})
	case ok && m.late && !asked:
		h.sometime(LatePressRefused, stale && refused(results[0].Err) == queue.RefusedConflict)
	case ok && asked:
		h.sometime(AnsweredTwiceLater, before.life == h.life && before.n > 0)
		h.sometime(AnsweredAgainAfterRestart, before.life != h.life && before.n > 0)
	}
}

// write hands a batch to the writer and checks all that comes of it. It returns
// false when nobody was answered.
func (h *hall) write(batch ...queue.Request) ([]queue.Result, bool) {
	newest := h.view.At()
	if _, open := h.view.Day(); !open && !h.now.Add(h.clock.wall).Before(newest) {
		h.clock.believe(h.now, newest)
	}
	at, step := h.clock.read(h.now)
	own := 0
	if step > 0 {
		own = 1
		note := queue.Request{By: system("clock"), Command: queue.StepClock{By: queue.MillisOf(step)}}
		batch = append([]queue.Request{note}, batch...)
	}
	if h.doom != noMishap {
		h.disk.next = h.doom
	}
	stale := h.stale(batch[own].Command)
	results, records := h.writer.Write(h.ctx, at, batch)
	h.disk.next = noMishap
	if h.disk.struck {
		h.struck(results)
		return nil, false
	}
	if step > 0 && results[0].Err == nil {
		h.clock.office = h.clock.wall
	}
	before := h.checked
	h.take(records)
	if h.view = h.writer.View(); h.view.Seq() != h.checked {
		h.fail(violated("I9", "the view is at record %d, the commit ends at %d", h.view.Seq(), h.checked))
	}
	for i, r := range results[own:] {
		q := batch[own+i]
		if _, told := h.answers[q.By.Request]; !told && len(records) == 0 {
			if err := h.checker.Refused(latest(at.UTC(), newest), q.Command, r.Err); err != nil {
				h.fail(err)
			}
		}
		h.answered(q, r, stale && i == 0, before)
	}
	h.react(records)
	return results[own:], true
}

// take checks new records and counts them.
func (h *hall) take(records []queue.Record) {
	for _, r := range records {
		if err := h.checker.Record(r); err != nil {
			h.fail(err)
		}
		h.digest.record(r)
		h.figures.Record(r)
		h.checked = r.Seq
		if e, ok := r.Event.(queue.SettingsChanged); ok {
			h.o.Settings.Series = e.Settings.Series
		}
	}
}

// answered checks an answer.
func (h *hall) answered(q queue.Request, r queue.Result, stale bool, before queue.Seq) {
	code := refused(r.Err)
	if r.Err != nil && code == "" {
		h.fail(fmt.Errorf("the daemon says to %T: %w", q.Command, r.Err))
		return
	}
	given := answerOf(r, h.life)
	old := given.n > 0 && given.first <= before // told again
	if was, ok := h.answers[q.By.Request]; ok {
		same := was.first == given.first && was.n == given.n && was.refusal == given.refusal
		if !same && (was.n > 0 || was.life == h.life) {
			h.fail(violated("I5", "request %s of %T has two answers: %+v, then %+v", q.By.Request, q.Command, was, given))
		}
	} else if old && h.life == 1 {
		h.fail(violated("I5", "request %s of %T was never answered, yet its records are old", q.By.Request, q.Command))
	}
	if stale && !old && r.Err == nil {
		h.fail(violated("I5", "a stale press, %T by %s, was granted", q.Command, q.By.ID))
	}
	h.sometime(StalePressRefused, stale && code == queue.RefusedConflict)
	if q.By.Request != "" {
		h.answers[q.By.Request] = given
	}
	h.refusals(code)
}

func (h *hall) refusals(code queue.RefusalCode) {
	switch code {
	case queue.RefusedClock:
		h.sometimes[ClockRefused]++
	case queue.RefusedSettings:
		h.sometimes[SettingsRefused]++
	case queue.RefusedQuota:
		h.sometimes[QuotaReached]++
	case queue.RefusedHours:
		h.sometimes[HoursRefused]++
	case queue.RefusedExhausted:
		h.sometimes[SeriesExhausted]++
	default: // every day's
	}
}

// stale reports whether a command carries a revision that its counter has left.
func (h *hall) stale(c queue.Command) bool {
	counter, seen, ok := intent(c)
	if !ok {
		return false
	}
	status, ok := h.view.Counter(counter)
	return ok && status.Seen != seen
}

// intent returns the counter that a command is about and the revision that the
// clerk saw, ok false if the command is not a clerk's.
func intent(c queue.Command) (queue.CounterID, queue.Revision, bool) {
	switch c := c.(type) {
	case queue.OpenCounter:
		return c.Counter, c.Seen, true
	case queue.PauseCounter:
		return c.Counter, c.Seen, true
	case queue.CloseCounter:
		return c.Counter, c.Seen, true
	case queue.CallNext:
		return c.Counter, c.Seen, true
	case queue.CallTicket:
		return c.Counter, c.Seen, true
	case queue.Recall:
		return c.Counter, c.Seen, true
	case queue.Start:
		return c.Counter, c.Seen, true
	case queue.Finish:
		return c.Counter, c.Seen, true
	case queue.GiveUp:
		return c.Counter, c.Seen, true
	case queue.Return:
		return c.Counter, c.Seen, true
	case queue.Park:
		return c.Counter, c.Seen, true
	case queue.Transfer:
		return c.Counter, c.Seen, true
	}
	return "", 0, false
}
