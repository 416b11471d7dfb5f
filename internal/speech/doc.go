// SPDX-License-Identifier: EUPL-1.2

// Package speech makes the sound of the hall and the kiosk: a chime, spoken calls and
// texts that are read aloud, as WAV.
//
// Words come from clips that people recorded or from a program such as espeak-ng that
// is run for each sentence. Either may be missing: then there is the chime alone. What
// is spoken of a call is its number and its counter, never a person or a service.
package speech
