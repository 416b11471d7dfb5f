// SPDX-License-Identifier: EUPL-1.2

package device

// FaultCode names a kind of fault. Codes are stable: journals and warnings hold them.
type FaultCode string

// The faults of a printer.
const (
	FaultPaperEnd     FaultCode = "paper_end"
	FaultPaperNearEnd FaultCode = "paper_near_end"
	FaultCoverOpen    FaultCode = "cover_open"
	FaultCutter       FaultCode = "cutter"
	FaultHeadHot      FaultCode = "head_hot"
	FaultJam          FaultCode = "jam"
	FaultHardware     FaultCode = "hardware"      // needs a technician
	FaultOffline      FaultCode = "offline"       // off line for a reason that it does not tell
	FaultNotAnswering FaultCode = "not_answering" // the line is open, nothing comes back
	FaultBusy         FaultCode = "busy"          // the caller's time ran out before its turn or during it
	FaultUncleared    FaultCode = "uncleared"     // may still hold bytes of an earlier slip
	FaultLine         FaultCode = "line"          // the port is not there
	FaultRefused      FaultCode = "refused"       // the job is malformed
	FaultPresented    FaultCode = "presented"     // an earlier slip waits to be taken
	FaultStranger     FaultCode = "stranger"      // what answers is not the printer of the profile
)

// Fault is what is wrong with a printer. It is an error.
type Fault struct {
	Code   FaultCode
	Detail string // what was seen, in English, for technicians; may be empty
}

// Stops reports whether the fault keeps slips from coming out. A roll that is near its end
// does not.
func (f *Fault) Stops() bool { return f.Code != FaultPaperNearEnd }

// Error says what is wrong, what to do, and what was seen.
func (f *Fault) Error() string {
	text := "printer: " + f.advice()
	if f.Detail != "" {
		text += " (" + f.Detail + ")"
	}
	return text
}

func (f *Fault) advice() string {
	switch f.Code {
	case FaultPaperEnd:
		return "out of paper: load a roll"
	case FaultPaperNearEnd:
		return "the roll is near its end: have a new one at hand"
	case FaultCoverOpen:
		return "the cover is open: close it"
	case FaultCutter:
		return "the cutter is blocked: open the cover and free the blade"
	case FaultHeadHot:
		return "the print head is too hot: wait until it has cooled"
	case FaultJam:
		return "paper is jammed: take it out"
	case FaultHardware:
		return "a part of it is broken or badly supplied: call a technician"
	case FaultOffline:
		return "it is off line: press its feed button or switch it off and on"
	case FaultNotAnswering:
		return "it does not answer: check its power, its cable and the line settings"
	case FaultBusy:
		return "it had no time for this: try again"
	case FaultUncleared:
		return "it may still hold an earlier slip: wait, or switch it off and on"
	case FaultLine:
		return "its port is not there: check the cable and the configured path"
	case FaultRefused:
		return "the slip cannot be printed as it is"
	case FaultPresented:
		return "a slip waits in its mouth: take it out"
	case FaultStranger:
		return "what answers is not the configured printer: check the path, the profile and the line settings"
	}
	return string(f.Code)
}
