// SPDX-License-Identifier: EUPL-1.2

package config

import "fmt"

// suggest returns `, did you mean "x"?` for the name that s is nearest to, "" when
// none is near: one slip of the finger in three letters.
func suggest(s string, names []string) string {
	best, least := "", max(1, len(s)/3)+1
	for _, name := range names {
		if d := distance(s, name, least); d < least {
			best, least = name, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(" (did you mean %q?)", best)
}

// distance counts the letters to insert, drop, change or swap with the next one
// that lead from a to b (optimal string alignment), or returns limit if there
// are surely that many.
func distance(a, b string, limit int) int {
	if abs(len(a)-len(b)) >= limit {
		return limit
	}
	before, row := []int(nil), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		next := make([]int, len(b)+1)
		next[0] = i
		for j := 1; j <= len(b); j++ {
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			next[j] = min(row[j]+1, next[j-1]+1, row[j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				next[j] = min(next[j], before[j-2]+1)
			}
		}
		before, row = row, next
	}
	return min(row[len(b)], limit)
}

func abs(n int) int { return max(n, -n) }
