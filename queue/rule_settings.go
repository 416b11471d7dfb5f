// SPDX-License-Identifier: EUPL-1.2

package queue

// Rule is the published calling rule: of the tickets a counter may serve, call the
// one with the greatest (now - due + credit) / target; equal values in the order of
// issue. Target, credit and cap come from the class, then the service, then here.
type Rule struct {
	Preset Preset `json:"preset"`
	Target Millis `json:"target_ms"` // above zero
	Cap    Millis `json:"cap_ms"`    // age after which a ticket outranks all but older ones; above zero

	// Tolerance lets an appointment be called that long before its slot.
	Tolerance Millis `json:"tolerance_ms,omitzero"`
	// LateAfter turns an appointment into a walk-in that long after its slot; 0: never.
	LateAfter Millis `json:"late_after_ms,omitzero"`
}

// Preset is a rule by name: which of the numbers count.
type Preset string

// The presets. The zero value is not valid.
const (
	// PresetFIFO calls in the order of issue across all that a counter may serve.
	PresetFIFO Preset = "fifo"
	// PresetTargets calls by urgency: the wait as a share of the wait aimed at.
	PresetTargets Preset = "targets"
	// PresetPriorityCapped calls classes with a credit first, until another ticket reaches the cap.
	PresetPriorityCapped Preset = "priority-capped"
	// PresetAppointments calls due appointments first, until another ticket reaches the cap.
	PresetAppointments Preset = "appointments-first"
	// PresetOwnClass calls a counter's preferred services first, others when none of those waits.
	PresetOwnClass Preset = "own-class-overflow"
)
