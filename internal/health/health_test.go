// SPDX-License-Identifier: EUPL-1.2

package health_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/avanti-queue/avanti/internal/health"
	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
)

func board() (*health.Board, *prometheus.Registry, *bytes.Buffer) {
	reg, log := prometheus.NewRegistry(), &bytes.Buffer{}
	return health.NewBoard(reg, slog.New(slog.NewTextHandler(log, nil))), reg, log
}

func names(b *health.Board) (out []string) {
	for _, w := range b.List() {
		out = append(out, fmt.Sprintf("%s %s/%s", w.Severity, w.Name, w.Subject))
	}
	return out
}

func TestListIsSortedByWeight(t *testing.T) {
	b, _, _ := board()
	b.Raise(health.Warning{Name: "update", Severity: health.Notice})
	b.Raise(health.Warning{Name: "printer", Subject: "p2", Severity: health.Degraded})
	b.Raise(health.Warning{Name: "printer", Subject: "p1", Severity: health.Degraded})
	b.Raise(health.Warning{Name: "broker", Severity: health.Degraded})
	b.Raise(health.Warning{Name: "disk", Severity: health.Critical})
	want := []string{"critical disk/", "warning broker/", "warning printer/p1", "warning printer/p2", "notice update/"}
	if diff := cmp.Diff(want, names(b)); diff != "" {
		t.Errorf("list (-want +got):\n%s", diff)
	}
	b.Clear("printer", "p1")
	b.Clear("printer", "p3")
	if diff := cmp.Diff([]string{want[0], want[1], want[3], want[4]}, names(b)); diff != "" {
		t.Errorf("list after a clear (-want +got):\n%s", diff)
	}
}

// pass lets time pass in a bubble.
func pass(d time.Duration) { <-time.After(d) }

func TestRaisedAgainGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _, log := board()
		began := time.Now()
		b.Raise(health.Warning{Name: "printer", Severity: health.Degraded, Cause: "paper near end"})
		pass(time.Minute)
		b.Raise(health.Warning{Name: "printer", Severity: health.Degraded, Cause: "cover open"})
		b.Raise(health.Warning{Name: "printer", Severity: health.Critical, Cause: "paper end"})
		want := []health.Warning{{Name: "printer", Severity: health.Critical, Since: began, Cause: "paper end"}}
		if diff := cmp.Diff(want, b.List()); diff != "" {
			t.Errorf("list (-want +got):\n%s", diff)
		}
		b.Clear("printer", "")
		if n := strings.Count(log.String(), "\n"); n != 3 {
			t.Errorf("%d lines logged, want raised, worse, cleared:\n%s", n, log)
		}
		if !strings.Contains(log.String(), "after=1m0s") {
			t.Errorf("the log does not say how long it stood:\n%s", log)
		}
		pass(time.Minute)
		b.Raise(health.Warning{Name: "printer", Severity: health.Notice})
		if since := b.List()[0].Since; !since.Equal(began.Add(2 * time.Minute)) {
			t.Errorf("a new trouble stands since %v, want now", since)
		}
	})
}

func TestWatchersNeverBlock(t *testing.T) {
	b, _, _ := board()
	changes, stop := b.Watch()
	for range 3 { // more than the channel holds
		b.Raise(health.Warning{Name: "broker", Severity: health.Degraded})
		b.Clear("broker", "")
	}
	<-changes
	select {
	case <-changes:
		t.Error("a second value without a change")
	default:
	}
	w := health.Warning{Name: "broker", Severity: health.Degraded}
	b.Raise(w)
	<-changes
	w.Since = b.List()[0].Since
	b.Raise(w)
	select {
	case <-changes:
		t.Error("told of a change where nothing changed")
	default:
	}
	stop()
	stop()
	b.Clear("broker", "")
	if _, open := <-changes; open {
		t.Error("the channel is open after stop")
	}
}

func TestMetrics(t *testing.T) {
	b, reg, _ := board()
	b.Raise(health.Warning{Name: "printer", Subject: "p1", Severity: health.Degraded})
	b.Raise(health.Warning{Name: "printer", Subject: "p2", Severity: health.Degraded})
	b.Raise(health.Warning{Name: "printer", Subject: "p2", Severity: health.Degraded, Cause: "cover open"})
	b.Raise(health.Warning{Name: "printer", Subject: "p1", Severity: health.Critical})
	b.Raise(health.Warning{Name: "broker", Severity: health.Degraded})
	b.Clear("broker", "")
	b.Clear("broker", "")
	want := `
# HELP avanti_warning Warnings that stand, by kind and severity; 0 after the last one has been cleared.
# TYPE avanti_warning gauge
avanti_warning{name="broker",severity="warning"} 0
avanti_warning{name="printer",severity="critical"} 1
avanti_warning{name="printer",severity="warning"} 1
`
	if err := testutil.GatherAndCompare(reg, strings.NewReader(want)); err != nil {
		t.Error(err)
	}
	if problems, err := testutil.GatherAndLint(reg); err != nil || len(problems) > 0 {
		t.Errorf("lint: %v %v", problems, err)
	}
}

func TestManyAtOnce(t *testing.T) {
	b, _, _ := board()
	changes, stop := b.Watch()
	var raisers, reader sync.WaitGroup
	reader.Go(func() {
		for range changes {
			b.List()
		}
	})
	for i := range 8 {
		raisers.Go(func() {
			for range 100 {
				b.Raise(health.Warning{Name: "n", Subject: fmt.Sprint(i), Severity: health.Notice})
				b.Clear("n", fmt.Sprint(i))
			}
		})
	}
	raisers.Wait()
	stop()
	reader.Wait()
	if got := b.List(); len(got) != 0 {
		t.Errorf("%v still stand", got)
	}
}

func TestGate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g health.Gate
		alive := func(want string) {
			t.Helper()
			err := g.Alive(time.Now())
			if got := fmt.Sprint(err); err == nil && want != "" || err != nil && got != want {
				t.Errorf("after %v: got %v, want %q", time.Now().Format("04:05"), err, want)
			}
		}
		alive("")
		engine, link := g.Expect("engine", 10*time.Second), g.Expect("link", 3*time.Second)
		pass(3 * time.Second)
		alive("")
		pass(time.Second)
		alive("link is silent for 4s, expected every 3s")
		pass(7 * time.Second)
		alive("engine is silent for 11s, expected every 10s\nlink is silent for 11s, expected every 3s")
		link.Beat()
		alive("engine is silent for 11s, expected every 10s")
		engine.Beat()
		alive("")
		link.Stop()
		link.Stop()
		pass(5 * time.Second)
		alive("")
		link.Beat()
		engine.Stop()
		pass(time.Hour)
		alive("")
	})
}
