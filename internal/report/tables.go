// SPDX-License-Identifier: EUPL-1.2

package report

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/forecast"
	"github.com/avanti-queue/avanti/queue/stats"
)

// heads are the texts of a table's head.
func (w *Words) heads(ids ...string) []string {
	for i, id := range ids {
		ids[i] = w.say("col." + id)
	}
	return ids
}

func (w *Words) charterTable(r, before *Report) table {
	t := table{id: "charter", title: w.say("charter"), head: w.heads("indicator", "promised", "achieved", "interval", "n", "verdict")}
	if before != nil {
		t.head = append(t.head, w.say("col.before"))
	}
	for i, k := range r.Charter {
		interval := cell{}
		if k.Achieved.Of >= told {
			interval = text(w.say("interval", "low", w.number(100*k.Low, 0), "high", w.number(100*k.High, 0)))
		}
		row := []cell{
			text(w.indicator(k.Promise, r.office.Settings)),
			{unit: unitShare, n: k.Promise.Share, known: true},
			share(k.Achieved), interval,
			count(k.Achieved.Of), text(w.say("verdict." + string(k.Verdict))),
		}
		if before != nil {
			row = append(row, share(before.Charter[i].Achieved))
		}
		t.rows = append(t.rows, row)
	}
	return t
}

func (w *Words) indicator(p stats.Promise, s *queue.Settings) string {
	groups := w.say("promise.all")
	if p.Groups != nil {
		var names []string
		for _, g := range p.Groups {
			names = append(names, w.group(g, s))
		}
		groups = strings.Join(names, ", ")
	}
	return w.say("promise."+string(p.Measure), "limit", whole(p.Limit), "groups", groups)
}

func (w *Words) hourTable(r *Report) table {
	t := table{id: "when", title: w.say("when.desc"), head: w.heads("time")}
	days := r.days()
	for _, d := range days {
		t.head = append(t.head, w.weekday(d))
	}
	for _, b := range r.openBands() {
		row := []cell{text(clock(b))}
		for _, d := range days {
			waits := r.hours[stats.Hour{Day: d, Band: b}]
			row = append(row, minutes(waits.Mean(), waits.N() >= told))
		}
		t.rows = append(t.rows, row)
	}
	return t
}

func (w *Words) dayTable(r *Report) table {
	t := table{id: "day", title: w.say("day.desc"), head: append(w.heads("time", "issued", "mean", "p10", "median", "p90"), w.within(r))}
	for _, b := range r.openBands() {
		s := r.bands[b]
		t.rows = append(t.rows, []cell{
			text(clock(b)), count(s.Issued), mean(&s.Waits), percentile(&s.Waits, 10), percentile(&s.Waits, 50), percentile(&s.Waits, 90), share(s.Within(r.office.Limit())),
		})
	}
	return t
}

func (w *Words) within(r *Report) string {
	return w.say("col.within", "limit", whole(r.office.Limit()))
}

func (w *Words) groupTable(r, before *Report) table {
	t := table{id: "groups", title: w.say("groups"), head: w.heads("group", "issued", "served", "noshow", "wait", "wait50", "wait90")}
	t.head = append(t.head, w.within(r))
	t.head = append(t.head, w.heads("service", "service90")...)
	if before != nil {
		t.head = append(t.head, w.say("col.wait")+", "+strings.ToLower(w.say("col.before")))
	}
	for _, g := range r.office.Settings.Groups {
		s := r.groups[g.ID]
		if s == nil {
			continue
		}
		row := []cell{
			text(w.name(g.Name, r.office.Settings)), count(s.Issued), count(s.Served), count(s.NoShow), mean(&s.Waits), percentile(&s.Waits, 50), percentile(&s.Waits, 90),
			share(s.Within(r.office.Limit())), mean(&s.Services), percentile(&s.Services, 90),
		}
		if before != nil {
			was := cell{unit: unitMinutes}
			if b := before.groups[g.ID]; b != nil {
				was = mean(&b.Waits)
			}
			row = append(row, was)
		}
		t.rows = append(t.rows, row)
	}
	return t
}

func (w *Words) absentTable(r *Report) table {
	t := table{id: "absent", title: w.say("absent"), head: w.heads("waited", "n", "noshow", "share")}
	for _, a := range r.Total.Absences() {
		t.rows = append(t.rows, []cell{text(w.waited(a)), count(a.Of), count(a.N), share(a.Share)})
	}
	return t
}

func (w *Words) orderTable(r *Report) table {
	t := table{id: "order", title: w.say("order"), head: w.heads("what", "n", "value")}
	overtaken, out := r.Total.Overtaken, r.Total.OutOfOrder
	t.rows = [][]cell{
		{text(w.say("order.overtaken")), count(overtaken.N), share(overtaken)},
		{text(w.say("order.by")), count(overtaken.N), overtakers(&r.Total)},
		{text(w.say("order.out")), count(out.N), share(out)},
	}
	for _, reason := range slices.Sorted(maps.Keys(r.reasons)) {
		name := reason
		if name == "" {
			name = w.say("order.other")
		}
		t.rows = append(t.rows, []cell{text(w.say("order.reason", "reason", name)), count(r.reasons[reason]), share(stats.Share{N: r.reasons[reason], Of: out.Of})})
	}
	return t
}

// fairTable tells how the classes of tickets fared beside each other.
func (w *Words) fairTable(r *Report) table {
	t := table{id: "fair", title: w.say("fair"), head: w.heads("class", "n", "wait", "overtaken", "by", "gini")}
	for _, class := range r.office.Settings.Classes {
		s := r.classes[class.ID]
		if s == nil {
			continue
		}
		gini, ok := s.Waits.Gini()
		t.rows = append(t.rows, []cell{
			text(w.name(class.Name, r.office.Settings)), count(s.Waits.N()), mean(&s.Waits), share(s.Overtaken), overtakers(s),
			{unit: unitShare, n: gini, known: ok},
		})
	}
	return t
}

// overtakers is by how many those were overtaken who were, on average.
func overtakers(s *stats.Summary) cell {
	return cell{unit: unitNumber, n: float64(s.Overtakers) / float64(max(1, s.Overtaken.N)), known: s.Overtaken.N >= told}
}

// teamIDs are the teams that were open, in the order of the counters.
func (r *Report) teamIDs() (ids []stats.TeamID) {
	of := stats.Teams(r.office.Settings)
	for _, c := range r.office.Settings.Counters {
		if id := of[c.ID]; r.teams[id] != nil && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

func (w *Words) teamTable(r *Report) table {
	t := table{id: "teams", title: w.say("teams"), head: w.heads("team", "open", "occupancy", "turn", "idle", "paused")}
	for _, id := range r.teamIDs() {
		x := r.teams[id]
		paused := queue.Millis(0)
		for _, long := range x.Paused {
			paused += long
		}
		open := x.Open()
		of := func(part queue.Millis) cell {
			return cell{unit: unitShare, n: float64(part) / float64(max(1, open)), known: open > 0}
		}
		t.rows = append(t.rows, []cell{text(w.team(id, r.office.Settings)), hours(open), of(x.Busy), of(x.Turn), of(x.Idle), hours(paused)})
	}
	return t
}

func hours(ms queue.Millis) cell {
	return cell{unit: unitHours, n: ms.Duration().Hours(), known: true}
}

func (w *Words) pauseTable(r *Report) table {
	t := table{id: "pauses", title: w.say("col.paused"), head: w.heads("what", "value")}
	sum := map[string]queue.Millis{}
	for _, x := range r.teams {
		for reason, long := range x.Paused {
			sum[reason] += long
		}
	}
	for _, reason := range slices.Sorted(maps.Keys(sum)) {
		name := reason
		if name == "" {
			name = w.say("pause.none")
		}
		t.rows = append(t.rows, []cell{text(w.say("pause", "reason", name)), hours(sum[reason])})
	}
	return t
}

// faceTable tells the faces by wait, and of all; it is empty if there are too few votes.
func (w *Words) faceTable(r *Report) table {
	t := table{id: "faces", title: w.say("faces"), head: append(w.heads("waited", "n"), w.say("face.green"), w.say("face.yellow"), w.say("face.red"))}
	add := func(name string, limit time.Duration) {
		faces, ok := r.votes.Faces("", limit)
		if !ok {
			return
		}
		n := faces[stats.FaceGreen] + faces[stats.FaceYellow] + faces[stats.FaceRed]
		row := []cell{text(name), count(n)}
		for _, f := range []stats.Face{stats.FaceGreen, stats.FaceYellow, stats.FaceRed} {
			row = append(row, share(stats.Share{N: faces[f], Of: n}))
		}
		t.rows = append(t.rows, row)
	}
	add(w.say("faces.all"), 0)
	from := time.Duration(0)
	for _, to := range append(stats.Limits(), time.Hour) {
		a := stats.Absent{From: from, To: to}
		if to == time.Hour {
			a.To = 0
		}
		add(w.waited(a), to)
		from = to
	}
	return t
}

// reasonTable tells what those said who were not content, if enough did.
func (w *Words) reasonTable(r *Report) table {
	t := table{id: "reasons", title: w.say("faces.why"), head: w.heads("reason", "n", "share")}
	reasons, _ := r.votes.Reasons()
	all := 0
	for _, n := range reasons {
		all += n
	}
	for _, reason := range slices.Sorted(maps.Keys(reasons)) {
		t.rows = append(t.rows, []cell{text(w.say("reason." + reason)), count(reasons[reason]), share(stats.Share{N: reasons[reason], Of: all})})
	}
	return t
}

// judged is how good all promises of waits were.
func (r *Report) judged() (all forecast.Score) {
	for _, s := range r.quality {
		all.Join(*s)
	}
	return all
}

func (w *Words) qualityTable(r *Report) table {
	t := table{id: "promises", title: w.say("promises"), head: w.heads("group", "n", "off", "hit", "inside", "above")}
	add := func(name string, s forecast.Score) {
		known := s.N >= told
		t.rows = append(t.rows, []cell{
			text(name), count(s.N), minutes(s.MAE(), known),
			{unit: unitShare, n: s.Hit(), known: known},
			{unit: unitShare, n: s.Coverage(), known: known},
			{unit: unitShare, n: s.Exceedance(), known: known},
		})
	}
	add(w.say("faces.all"), r.judged())
	for _, g := range r.office.Settings.Groups {
		if s := r.quality[g.ID]; s != nil {
			add(w.group(g.ID, r.office.Settings), *s)
		}
	}
	return t
}
