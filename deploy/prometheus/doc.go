// SPDX-License-Identifier: EUPL-1.2

// Package prometheus holds the alert rules for offices that have Prometheus, which its own
// tool checks, and plays on a recorded day.
package prometheus
