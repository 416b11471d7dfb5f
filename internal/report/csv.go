// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/avanti-queue/avanti/queue/stats"
)

// CSV writes all tables, one behind the other, each under its title, as spreadsheets of this
// language read them: with a byte order mark, and for all but English with semicolons and a
// decimal comma. Minutes and hours have two decimals, shares are in percent.
func (w *Words) CSV(to io.Writer, r, before *Report) error {
	out := bufio.NewWriter(to)
	_, _ = out.WriteString("\ufeff") // a later error stays in out
	c := csv.NewWriter(out)
	c.UseCRLF = true
	point := "."
	if w.Lang != "en" {
		c.Comma, point = ';', ","
	}
	for i, t := range w.tables(r, before) {
		rows := [][]string{{t.title}, t.head}
		if i > 0 {
			rows = append([][]string{nil}, rows...)
		}
		for _, row := range t.rows {
			var cells []string
			for _, x := range row {
				cells = append(cells, strings.ReplaceAll(x.plain(), ".", point))
			}
			for j, x := range row {
				if x.unit == unitText {
					cells[j] = harmless(x.text)
				}
			}
			rows = append(rows, cells)
		}
		for _, row := range rows {
			if err := c.Write(row); err != nil {
				return fmt.Errorf("report: %w", err)
			}
		}
	}
	c.Flush()
	if err := c.Error(); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return nil
}

// Plain writes all tables for programs: RFC 4180, UTF-8, a decimal point, and one figure a
// line. Columns: table, row, place (of the column, from 1), column, unit (count, minutes, hours, share of
// 1, number or text), value; what is not known has none.
func (w *Words) Plain(to io.Writer, r, before *Report) error {
	c := csv.NewWriter(to)
	c.UseCRLF = true
	if err := c.Write([]string{"table", "row", "place", "column", "unit", "value"}); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	for _, t := range w.tables(r, before) {
		for _, row := range t.rows {
			for i, x := range row[1:] {
				value := x.plain()
				switch {
				case x.unit == unitText:
					value = harmless(x.text)
				case x.unit == unitShare && x.known:
					value = strconv.FormatFloat(x.n, 'f', 4, 64)
				}
				err := c.Write([]string{t.id, harmless(row[0].text), strconv.Itoa(i + 1), harmless(t.head[i+1]), x.unit.name(), value})
				if err != nil {
					return fmt.Errorf("report: %w", err)
				}
			}
		}
	}
	c.Flush()
	if err := c.Error(); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return nil
}

func (u unit) name() string {
	return [...]string{unitText: "text", unitCount: "count", unitMinutes: "minutes", unitHours: "hours", unitShare: "share", unitNumber: "number"}[u]
}

// plain is the figure with a point, "" for none.
func (c cell) plain() string {
	switch {
	case !c.known:
		return ""
	case c.unit == unitText:
		return c.text
	case c.unit == unitCount:
		return strconv.FormatFloat(c.n, 'f', 0, 64)
	case c.unit == unitShare:
		return strconv.FormatFloat(100*c.n, 'f', 2, 64)
	}
	return strconv.FormatFloat(c.n, 'f', 2, 64)
}

// harmless keeps a spreadsheet from taking a text for a formula: reasons are what people typed.
func harmless(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\n", rune(s[0])) {
		return "'" + s
	}
	return s
}

// tables are all there is to a report, with the one that is too long for a page.
func (w *Words) tables(r, before *Report) []table {
	out := []table{
		w.charterTable(r, before), w.groupTable(r, before), w.dayTable(r), w.hourTable(r), w.absentTable(r),
		w.orderTable(r), w.fairTable(r), w.teamTable(r), w.pauseTable(r), w.faceTable(r), w.reasonTable(r), w.qualityTable(r), w.cellTable(r),
	}
	for i := range out {
		for j, h := range out[i].head {
			out[i].head[j] = harmless(h)
		}
	}
	return out
}

// cellTable is by group, weekday and half hour.
func (w *Words) cellTable(r *Report) table {
	t := table{id: "cells", title: w.say("hoursheet"), head: w.heads("group", "day", "time", "issued", "served", "noshow", "n", "mean", "median", "p90", "longest")}
	for _, limit := range stats.Limits() {
		t.head = append(t.head, w.say("col.within", "limit", whole(limit)))
	}
	for _, g := range r.office.Settings.Groups {
		for _, d := range r.days() {
			for _, b := range r.openBands() {
				if s := r.cells[hourOf{g.ID, stats.Hour{Day: d, Band: b}}]; s != nil {
					t.rows = append(t.rows, append([]cell{text(w.group(g.ID, r.office.Settings)), text(w.weekday(d)), text(clock(b))}, cellRow(s)...))
				}
			}
		}
	}
	return t
}

func cellRow(s *stats.Summary) []cell {
	row := []cell{
		count(s.Issued), count(s.Served), count(s.NoShow), count(s.Waits.N()),
		mean(&s.Waits), percentile(&s.Waits, 50), percentile(&s.Waits, 90), minutes(s.Waits.Longest(), s.Waits.N() >= told),
	}
	for _, limit := range stats.Limits() {
		row = append(row, share(s.Within(limit)))
	}
	return row
}
