// SPDX-License-Identifier: EUPL-1.2

// Package layers holds the tests of the tree's shape: who imports whom, what every
// file and package must say.
package layers
