// SPDX-License-Identifier: EUPL-1.2

//go:build !race

package app_test

// raced says that the race detector, which makes long tests slow, is on.
const raced = false
