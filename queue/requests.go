// SPDX-License-Identifier: EUPL-1.2

package queue

import "time"

const (
	maxRequestID = 128
	// memory is how long the answer to a request is kept at least.
	memory = 24 * time.Hour
	// maxRefusals bounds what a stranger can make us remember. Refusals are not in
	// the journal: flash must not wear out under wrong requests.
	maxRefusals = 10_000
)

// requests remembers what was answered to which request.
type requests struct {
	granted map[RequestID]granted
	refused map[RequestID]refused
	// In the order of arrival, for forgetting.
	grantedOrder, refusedOrder []RequestID
}

type granted struct {
	by    Actor
	first Seq
	n     int
	at    time.Time
}

type refused struct {
	by  Actor
	err *Refusal
	at  time.Time
}

func newRequests() requests {
	return requests{granted: map[RequestID]granted{}, refused: map[RequestID]refused{}}
}

// note remembers a committed record as (part of) the answer to its request.
func (q *requests) note(r Record) {
	id := r.By.Request
	if id == "" {
		return
	}
	g, ok := q.granted[id]
	if !ok {
		g = granted{by: r.By, first: r.Seq, at: r.At}
		q.grantedOrder = append(q.grantedOrder, id)
	}
	g.n++
	q.granted[id] = g
	for old := q.grantedOrder[0]; r.At.Sub(q.granted[old].at) > memory; old = q.grantedOrder[0] {
		delete(q.granted, old)
		q.grantedOrder = q.grantedOrder[1:]
	}
}

// refuse remembers a refusal.
func (q *requests) refuse(by Actor, at time.Time, err *Refusal) {
	if by.Request == "" {
		return
	}
	q.refused[by.Request] = refused{by: by, err: err, at: at}
	q.refusedOrder = append(q.refusedOrder, by.Request)
	for {
		old := q.refusedOrder[0]
		if len(q.refusedOrder) <= maxRefusals && at.Sub(q.refused[old].at) <= memory {
			return
		}
		delete(q.refused, old)
		q.refusedOrder = q.refusedOrder[1:]
	}
}

// sameActor reports whether two requests come from the same author.
func sameActor(a, b Actor) bool { return a.Role == b.Role && a.ID == b.ID }
