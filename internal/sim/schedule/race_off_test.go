// SPDX-License-Identifier: EUPL-1.2

//go:build !race

package schedule_test

const thorough = 1
