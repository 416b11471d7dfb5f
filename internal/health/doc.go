// SPDX-License-Identifier: EUPL-1.2

// Package health knows what troubles the appliance and whether it is alive.
//
// Trouble is a named [Warning] with its cause and what to do about it, raised and
// cleared on the [Board] by whoever notices. Nothing on the board ends the process.
//
// Being alive is another matter: the [Gate] holds the pulses of the parts without
// which the office does not work. The watchdog of the system is fed only while all
// of them beat, so a daemon that runs but does nothing is restarted.
package health
