// SPDX-License-Identifier: EUPL-1.2

package fwproto

import "errors"

// Check tells what is wrong with a payload that a device has published on one of
// its own leaves; nil: nothing. The error is an [*Error]. An event of a type that is
// not known passes if it has an identity: it can be answered (SPEC 5.1.5).
func Check(leaf Leaf, payload []byte) error {
	var err error
	switch leaf {
	case LeafEvent:
		_, err = Decode[Press](payload)
		var e *Error
		if errors.As(err, &e) && e.Class == UnknownType {
			_, _, err = EventID(payload)
		}
	case LeafState:
		_, err = Decode[State](payload)
	case LeafShown:
		_, err = Decode[Shown](payload)
	case LeafResult:
		_, err = Decode[Report](payload)
	case LeafTelemetry:
		_, err = Decode[Telemetry](payload)
	case LeafUp:
		_, err = Decode[Hello](payload)
		if e, ok := errors.AsType[*Error](err); ok && e.Class == UnknownType {
			_, err = Decode[Reveal](payload)
		}
	default:
		err = fail(UnknownType, "a device publishes nothing on %s", leaf)
	}
	return err
}
