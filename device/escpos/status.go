// SPDX-License-Identifier: EUPL-1.2

package escpos

import "github.com/avanti-queue/avanti/device"

// Status is a set of what a printer says of itself, the same for all dialects. The zero value
// is a printer that is well.
type Status uint16

// The members of a status.
const (
	PaperEnd Status = 1 << iota
	NearEnd
	CoverOpen
	CutterError
	HeadHot
	Jam
	LineError   // characters arrived damaged
	SupplyError // its voltage is out of range
	BrokenPart  // an error that it cannot recover from
	Offline     // off line, or in an error of unnamed kind
	Moving      // the motor is on
	Presented   // a slip waits in the presenter
	Overrun     // bytes came when its buffer was full, and are lost
)

// Faults returns what is wrong, the gravest first; a near end of the roll comes last and
// stops nothing. Nil: nothing is wrong. A presented slip is none: the next one may wait for it.
func (s Status) Faults() []device.Fault {
	var faults []device.Fault
	add := func(has Status, code device.FaultCode, detail string) {
		if s&has != 0 {
			faults = append(faults, device.Fault{Code: code, Detail: detail})
		}
	}
	add(CoverOpen, device.FaultCoverOpen, "")
	add(PaperEnd, device.FaultPaperEnd, "")
	add(Jam, device.FaultJam, "")
	add(CutterError, device.FaultCutter, "")
	add(BrokenPart, device.FaultHardware, "it reports an error that it cannot recover from")
	add(SupplyError, device.FaultHardware, "supply voltage out of range")
	add(LineError, device.FaultHardware, "characters arrived damaged: baud rate, parity or cable")
	add(Overrun, device.FaultHardware, "its buffer overflowed: flow control or cable")
	if s&CoverOpen == 0 {
		add(HeadHot, device.FaultHeadHot, "")
	}
	if len(faults) == 0 {
		add(Offline, device.FaultOffline, "")
	}
	if s&PaperEnd == 0 {
		add(NearEnd, device.FaultPaperNearEnd, "")
	}
	return faults
}

// Stopping returns the gravest fault that keeps slips from coming out; nil: none does.
func (s Status) Stopping() *device.Fault {
	for _, f := range s.Faults() {
		if f.Stops() {
			return &f
		}
	}
	return nil
}

// Questions returns what to ask, one after the other, for a whole status; the next only goes
// out when the one before is answered. Nil: the printer says nothing.
func (p Profile) Questions() [][]byte {
	switch p.Status {
	case StatusEpson, StatusLenient:
		return [][]byte{{0x10, 0x04, 1}, {0x10, 0x04, 2}, {0x10, 0x04, 3}, {0x10, 0x04, 4}}
	case StatusCustom:
		return [][]byte{{0x10, 0x04, 20}}
	case StatusStar:
		return [][]byte{{0x1b, 0x06, 0x01}}
	case StatusNippon:
		return [][]byte{{0x1b, 0x76}}
	case StatusNone:
	}
	return nil
}

// Answer says what a reply to the question of that index tells. False: it answers another one.
func (p Profile) Answer(question int, r Reply) (Status, bool) {
	switch r := r.(type) {
	case RealTime:
		return r.status(question + 1), p.Status == StatusEpson
	case Single:
		return RealTime(r).status(question + 1), p.Status == StatusLenient
	case Full:
		return r.status(), p.Status == StatusCustom
	case Star:
		return r.Status(), p.Status == StatusStar
	case Nippon:
		return r.Status(), p.Status == StatusNippon
	}
	return 0, false
}

// Unasked says what a reply tells that is a whole status, whether it was asked for or not. False: it is
// none.
func (p Profile) Unasked(r Reply) (Status, bool) {
	switch r := r.(type) {
	case Auto:
		return r.Status(), p.Status == StatusEpson
	case Full:
		return r.status(), p.Status == StatusCustom
	case Star:
		return r.Status(), p.Status == StatusStar
	}
	return 0, false
}

// AnswerOrdered says what a reply to p.Ordered tells of the paper. False: it answers another
// question.
func (p Profile) AnswerOrdered(r Reply) (Status, bool) {
	switch r := r.(type) {
	case Ordered:
		return r.status(), true
	case Single:
		return Ordered(r).status(), p.Status == StatusLenient
	case PrintEnd:
		return 0, p.Status == StatusStar
	case Nippon:
		return r.Status(), p.Status == StatusNippon
	}
	return 0, false
}

// status reads the answer to DLE EOT n.
func (b RealTime) status(n int) Status {
	switch n {
	case 1:
		return bit(byte(b), 0x08|0x20, Offline)
	case 2:
		return bit(byte(b), 0x04, CoverOpen) | bit(byte(b), 0x20, PaperEnd) | bit(byte(b), 0x40, Offline)
	case 3:
		// 0x40 is an error that goes by itself: a hot head, or a cover opened while printing,
		// which the second answer tells as well.
		return bit(byte(b), 0x04, Jam) | bit(byte(b), 0x08, CutterError) | bit(byte(b), 0x20, BrokenPart) | bit(byte(b), 0x40, HeadHot)
	case 4:
		return bit(byte(b), 0x0c, NearEnd) | bit(byte(b), 0x60, PaperEnd)
	}
	return 0
}

// Status reads the unasked status.
func (a Auto) Status() Status {
	return bit(a[0], 0x08, Offline) | bit(a[0], 0x20, CoverOpen) |
		bit(a[1], 0x04, Jam) | bit(a[1], 0x08, CutterError) | bit(a[1], 0x20, BrokenPart) | bit(a[1], 0x40, HeadHot) |
		bit(a[2], 0x03, NearEnd) | bit(a[2], 0x0c, PaperEnd)
}

// status reads the paper sensor's byte of GS r 1 and ESC v.
func (o Ordered) status() Status {
	return bit(byte(o), 0x03, NearEnd) | bit(byte(o), 0x0c, PaperEnd)
}

// status reads Custom's full status. Two flags are left aside because they stop nothing: a
// command that was not understood, and a mark that was not found.
func (f Full) status() Status {
	paper, user, recoverable, unrecoverable := f[0], f[1], f[2], f[3]
	return bit(paper, 0x01, PaperEnd) | bit(paper, 0x04|0x40, NearEnd) | bit(paper, 0x20, Presented) |
		bit(user, 0x01|0x02, CoverOpen) | bit(user, 0x08, Moving) |
		bit(recoverable, 0x01, HeadHot) | bit(recoverable, 0x02, LineError) | bit(recoverable, 0x08, SupplyError) |
		bit(recoverable, 0x40, Jam) |
		bit(unrecoverable, 0x01|0x02, CutterError) | bit(unrecoverable, 0x04|0x08|0x80, BrokenPart)
}

// bit returns the status if any bit of the mask is set.
func bit(b, mask byte, s Status) Status {
	if b&mask != 0 {
		return s
	}
	return 0
}
