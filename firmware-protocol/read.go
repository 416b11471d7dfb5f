// SPDX-License-Identifier: EUPL-1.2

package fwproto

// Read decodes a payload of any type, for those who only want to look at it. The error
// is an [*Error].
func Read(payload []byte) (Message, error) {
	if err := checkProfile(payload); err != nil {
		return nil, err
	}
	switch t := typeOf(payload); t {
	case TypePress:
		return read[Press](payload)
	case TypeReply:
		return read[Reply](payload)
	case TypeSet:
		return read[Set](payload)
	case TypeShown:
		return read[Shown](payload)
	case TypeState:
		return read[State](payload)
	case TypeHost:
		return read[Host](payload)
	case TypeHeartbeat:
		return read[Heartbeat](payload)
	case TypeManifest:
		return read[Manifest](payload)
	case TypeOffer:
		return read[Offer](payload)
	case TypeReport:
		return read[Report](payload)
	case TypeTelemetry:
		return read[Telemetry](payload)
	case TypeHello:
		return read[Hello](payload)
	case TypeChallenge:
		return read[Challenge](payload)
	case TypeReveal:
		return read[Reveal](payload)
	case TypeGrant:
		return read[Grant](payload)
	default:
		return nil, fail(UnknownType, "type %d", t)
	}
}

func read[M Message](payload []byte) (Message, error) { return Decode[M](payload) }
