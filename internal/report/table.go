// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"time"

	"github.com/avanti-queue/avanti/queue/stats"
)

// table is what a part of the report says in figures.
type table struct {
	id, title string
	head      []string
	rows      [][]cell
}

// unit is what a cell counts.
type unit uint8

const (
	unitText unit = iota
	unitCount
	unitMinutes
	unitHours
	unitShare
	unitNumber // with a decimal
)

// cell is a figure or a text. One that is not known is told by nobody.
type cell struct {
	unit  unit
	text  string
	n     float64
	known bool
}

func text(s string) cell { return cell{unit: unitText, text: s, known: true} }

func count(n int) cell { return cell{unit: unitCount, n: float64(n), known: true} }

func minutes(d time.Duration, known bool) cell {
	return cell{unit: unitMinutes, n: d.Minutes(), known: known}
}

// mean is that of spans, if there are enough of them.
func mean(s *stats.Spans) cell { return minutes(s.Mean(), s.N() >= told) }

func percentile(s *stats.Spans, percent int) cell { return minutes(s.Percentile(percent)) }

func share(s stats.Share) cell { return cell{unit: unitShare, n: s.Value(), known: s.Of >= told} }

// tell writes a cell as people read it.
func (w *Words) tell(c cell) string {
	switch {
	case !c.known:
		return "–"
	case c.unit == unitText:
		return c.text
	case c.unit == unitCount:
		return w.number(c.n, 0)
	case c.unit == unitMinutes:
		return w.minutes(time.Duration(c.n * float64(time.Minute)))
	case c.unit == unitHours:
		return w.say("hours", "n", w.number(c.n, 0))
	case c.unit == unitShare:
		return w.share(c.n)
	default:
		return w.number(c.n, 1)
	}
}
