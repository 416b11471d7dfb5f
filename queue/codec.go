// SPDX-License-Identifier: EUPL-1.2

package queue

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// EncodeEvent returns the name and the JSON body under which the journal keeps an
// event. Bodies are deterministic: equal events give equal bytes.
func EncodeEvent(e Event) (kind string, body []byte, err error) {
	body, err = json.Marshal(e)
	if err != nil {
		return "", nil, fmt.Errorf("queue: encode %T: %w", e, err)
	}
	return EventKind(e), body, nil
}

// DecodeEvent is the inverse of [EncodeEvent]. A field that this version does not
// know is an error: it comes from a newer version, whose facts must not be lost.
func DecodeEvent(kind string, body []byte) (Event, error) {
	e, known, err := decodeBody(kind, body)
	if !known {
		return nil, fmt.Errorf("queue: event %q is not known to this version: use the version that wrote the journal, or a newer one", kind)
	}
	if err != nil {
		return nil, fmt.Errorf("queue: decode %s: %w", kind, err)
	}
	return e, nil
}

// EventKind returns the journal's name of an event.
func EventKind(e Event) string {
	switch e.(type) {
	case SettingsChanged:
		return "settings_changed"
	case DayOpened:
		return "day_opened"
	case DayClosed:
		return "day_closed"
	case ClockStepped:
		return "clock_stepped"
	case NumbersSkipped:
		return "numbers_skipped"
	case CounterOpened:
		return "counter_opened"
	case CounterPaused:
		return "counter_paused"
	case CounterClosed:
		return "counter_closed"
	case TicketIssued:
		return "ticket_issued"
	case TicketCalled:
		return "ticket_called"
	case TicketRecalled:
		return "ticket_recalled"
	case ServiceStarted:
		return "service_started"
	case TicketReturned:
		return "ticket_returned"
	case TicketParked:
		return "ticket_parked"
	case TicketTransferred:
		return "ticket_transferred"
	case TicketReclassified:
		return "ticket_reclassified"
	case TicketPassed:
		return "ticket_passed"
	case TicketClosed:
		return "ticket_closed"
	case CallUndone:
		return "call_undone"
	case StepUndone:
		return "step_undone"
	case SlipRequested:
		return "slip_requested"
	case SlipPrinted:
		return "slip_printed"
	case SlipSent:
		return "slip_sent"
	case SlipFailed:
		return "slip_failed"
	case SlipUnknown:
		return "slip_unknown"
	}
	panic(fmt.Sprintf("queue: event %T has no name", e))
}

func decodeBody(kind string, body []byte) (e Event, known bool, err error) {
	switch kind {
	case "settings_changed":
		e, err = decode[SettingsChanged](body)
	case "day_opened":
		e, err = decode[DayOpened](body)
	case "day_closed":
		e, err = decode[DayClosed](body)
	case "clock_stepped":
		e, err = decode[ClockStepped](body)
	case "numbers_skipped":
		e, err = decode[NumbersSkipped](body)
	case "counter_opened":
		e, err = decode[CounterOpened](body)
	case "counter_paused":
		e, err = decode[CounterPaused](body)
	case "counter_closed":
		e, err = decode[CounterClosed](body)
	case "ticket_issued":
		e, err = decode[TicketIssued](body)
	case "ticket_called":
		e, err = decode[TicketCalled](body)
	case "ticket_recalled":
		e, err = decode[TicketRecalled](body)
	case "service_started":
		e, err = decode[ServiceStarted](body)
	case "ticket_returned":
		e, err = decode[TicketReturned](body)
	case "ticket_parked":
		e, err = decode[TicketParked](body)
	case "ticket_transferred":
		e, err = decode[TicketTransferred](body)
	case "ticket_reclassified":
		e, err = decode[TicketReclassified](body)
	case "ticket_passed":
		e, err = decode[TicketPassed](body)
	case "ticket_closed":
		e, err = decode[TicketClosed](body)
	case "call_undone":
		e, err = decode[CallUndone](body)
	case "step_undone":
		e, err = decode[StepUndone](body)
	case "slip_requested":
		e, err = decode[SlipRequested](body)
	case "slip_printed":
		e, err = decode[SlipPrinted](body)
	case "slip_sent":
		e, err = decode[SlipSent](body)
	case "slip_failed":
		e, err = decode[SlipFailed](body)
	case "slip_unknown":
		e, err = decode[SlipUnknown](body)
	default:
		return nil, false, nil
	}
	return e, true, err
}

func decode[E Event](body []byte) (Event, error) {
	var e E
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(&e); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something stands behind it")
	}
	return e, nil
}

// clone returns a copy that shares nothing, as the journal would give it back.
func (s *Settings) clone() (Settings, error) {
	body, err := json.Marshal(s)
	if err != nil {
		return Settings{}, err
	}
	var out Settings
	err = json.Unmarshal(body, &out)
	return out, err
}
