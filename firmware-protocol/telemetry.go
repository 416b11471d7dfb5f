// SPDX-License-Identifier: EUPL-1.2

package fwproto

// Telemetry is how a device is (SPEC 5.11).
type Telemetry struct {
	Loss    uint8  `cbor:"1,keyasint,omitempty"` // signal received, in dB below 1 mW: 67 is -67 dBm; 0: it has a cable
	Heap    uint32 `cbor:"2,keyasint,omitempty"` // bytes of memory that are free
	Uptime  uint32 `cbor:"3,keyasint,omitempty"` // seconds since its start
	Dropped uint32 `cbor:"4,keyasint,omitempty"` // messages and frames since its start that it could not use
}

// Type implements [Message].
func (Telemetry) Type() Type { return TypeTelemetry }

func (m Telemetry) validate() error { return nil }
