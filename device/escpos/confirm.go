// SPDX-License-Identifier: EUPL-1.2

package escpos

import "strconv"

// jobID returns the four printable bytes by which the printer names a job. What is missing or
// unprintable in the id becomes '0'.
func jobID(id string) [4]byte {
	out := [4]byte{'0', '0', '0', '0'}
	for i := range min(len(id), len(out)) {
		if id[i] >= 0x20 && id[i] <= 0x7e {
			out[i] = id[i]
		}
	}
	return out
}

// before appends what stands before the cut, so that the printer can tell of its end; of most
// printers nothing. Nippon's print a job when they have the whole of it, and tell nothing until
// then: as the job is the cut alone, it is soon told of, and a power failure is not taken for the
// time that a slip needs.
func (p *Profile) before(out []byte, id string) []byte {
	if p.Confirmation == ConfirmationJob {
		name := jobID(id)
		out = append(append(out, 0x1d, 0x47, 0x31), name[:]...)
	}
	return out
}

// after appends what stands behind the cut and asks the printer to tell when everything up to
// here is done.
func (p *Profile) after(out []byte, id string) []byte {
	name := jobID(id)
	switch p.Confirmation {
	case ConfirmationProcess:
		out = append(append(out, 0x1d, 0x28, 0x48, 6, 0, 0x30, 0x30), name[:]...)
	case ConfirmationJob:
		out = append(append(out, 0x1d, 0x47, 0x30), name[:]...)
	case ConfirmationETB:
		out = append(out, p.EndJob()...)
	case ConfirmationOrdered:
		out = append(out, p.Ordered...)
	case ConfirmationTimed, ConfirmationNone:
	}
	return out
}

// ClearAnswers reports whether the printer says [Cleared] when p.Clear is done. If not, an answer
// to p.Ordered after it is the proof that nothing is held any more.
func (p Profile) ClearAnswers() bool { return p.Clear != nil && p.Status == StatusEpson }

// EndJob returns what makes the counter of [Star.Ended] rise by one when everything before it is
// printed; nil: the profile does not confirm by it.
func (p Profile) EndJob() []byte {
	if p.Confirmation != ConfirmationETB {
		return nil
	}
	return []byte{0x17}
}

// ResetEnded returns what sets the counter of [Star.Ended] to 0; nil: the profile does not confirm
// by it.
func (p Profile) ResetEnded() []byte {
	if p.Confirmation != ConfirmationETB {
		return nil
	}
	return []byte{0x1b, 0x1e, 0x45, 0}
}

// AnswerCuts says how many cuts a reply to p.Cuts tells. False: it answers another question.
func (p Profile) AnswerCuts(r Reply) (int, bool) { return counter(r, "cuts") }

// AnswerMeter says how many centimetres of paper a reply to p.Meter tells. False: it answers
// another question.
func (p Profile) AnswerMeter(r Reply) (int, bool) { return counter(r, "cm") }

// AnswerPowerUps says how many power-ups a reply to p.PowerUps tells. False: it answers another
// question.
func (p Profile) AnswerPowerUps(r Reply) (int, bool) { return counter(r, "on") }

// counter reads a counter of that unit, or one of Epson's (GS g 2), which have none.
func counter(r Reply, unit string) (int, bool) {
	switch r := r.(type) {
	case Counter:
		return r.Value, r.Unit == unit
	case Block:
		value, err := strconv.ParseUint(r.Data, 10, 62)
		return int(value), err == nil && r.Header == 0x5f
	}
	return 0, false
}
