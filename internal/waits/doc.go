// SPDX-License-Identifier: EUPL-1.2

// Package waits judges forecasts of waiting times. It invents months of an office in
// several scenarios, each of which has something that is hard to foresee, lets every
// method say at each ticket how long it is going to wait, and compares with how long
// it did. Methods learn only from what lies before: nothing looks ahead.
package waits
