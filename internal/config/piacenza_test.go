// SPDX-License-Identifier: EUPL-1.2

package config_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/avanti-queue/avanti/queue"
	"github.com/google/go-cmp/cmp"
)

// groups are the service groups of Piacenza with the desks that each had before the
// one-stop office.
var groups = []struct {
	id    queue.GroupID
	desks int
}{
	{"certificates", 3},
	{"identity", 4},
	{"residence", 3},
	{"civil-status", 2},
	{"electoral", 1},
	{"taxes", 3},
	{"school", 2},
	{"social", 2},
	{"parking", 1},
	{"registry", 1},
}

func members(s *queue.Settings, id queue.GroupID) []queue.ServiceID {
	var out []queue.ServiceID
	for _, x := range s.Services {
		if x.Group == id {
			out = append(out, x.ID)
		}
	}
	return out
}

func TestPiacenzaServices(t *testing.T) {
	s := load(t, "office/piacenza.yaml").Settings()
	if n := len(s.Services); n < 65 || n > 75 {
		t.Errorf("%d services, want about seventy", n)
	}
	if len(s.Groups) != len(groups) || len(s.Series) != len(groups) {
		t.Fatalf("%d groups and %d series, want %d of each", len(s.Groups), len(s.Series), len(groups))
	}
	for i, g := range groups {
		if s.Groups[i].ID != g.id {
			t.Errorf("group %d is %s, want %s", i, s.Groups[i].ID, g.id)
		}
		if p := s.Series[i].Prefix; len(p) != 1 || strings.Contains("IOQSZ", p) {
			t.Errorf("series %s has prefix %q, want one letter that cannot be confused", s.Series[i].ID, p)
		}
		for _, x := range s.Services {
			if x.Group == g.id && x.Series != s.Series[i].ID {
				t.Errorf("service %s of group %s has series %s, want %s", x.ID, g.id, x.Series, s.Series[i].ID)
			}
		}
	}
	seen := map[string]queue.ServiceID{}
	for _, x := range s.Services {
		for _, l := range s.Languages {
			name := x.Name[l]
			if name == "" || len([]rune(name)) > 40 {
				t.Errorf("service %s in %s: %q, want a name of at most 40 letters", x.ID, l, name)
			}
			if strings.ContainsAny(name, "şţŞŢ") {
				t.Errorf("service %s in %s: %q has a cedilla where Romanian has a comma", x.ID, l, name)
			}
			if other, twice := seen[l+name]; twice {
				t.Errorf("services %s and %s are both %q in %s", other, x.ID, name, l)
			}
			seen[l+name] = x.ID
		}
	}
}

func TestPiacenzaCounters(t *testing.T) {
	s := load(t, "office/piacenza.yaml").Settings()
	cards := members(&s, "identity")
	var multi, all, card int
	for _, c := range s.Counters {
		serves := slices.Concat(c.Preferred, c.Overflow)
		switch hasCards := slices.Contains(serves, cards[0]); {
		case slices.Equal(c.Preferred, cards) && len(serves) == len(s.Services):
			card++
		case len(c.Preferred) == len(s.Services):
			all++
		case !hasCards && len(c.Preferred) == len(s.Services)-len(cards):
			multi++
		default:
			t.Errorf("counter %s prefers %v and helps with %v", c.ID, c.Preferred, c.Overflow)
		}
	}
	if multi != 10 || all != 2 || card != 2 || s.Rule.Preset != queue.PresetOwnClass {
		t.Errorf("%d+%d multi-purpose and %d card counters with rule %s, want 10+2 and 2 with own-class-overflow", multi, all, card, s.Rule.Preset)
	}
}

func TestPiacenzaBefore(t *testing.T) {
	now, before := load(t, "office/piacenza.yaml").Settings(), load(t, "office/piacenza-before.yaml").Settings()
	if before.Rule.Preset != queue.PresetFIFO {
		t.Errorf("rule %s, want fifo", before.Rule.Preset)
	}
	var want [][]queue.ServiceID
	for _, g := range groups {
		for range g.desks {
			want = append(want, members(&before, g.id))
		}
	}
	var got [][]queue.ServiceID
	for _, c := range before.Counters {
		got = append(got, c.Preferred)
		if len(c.Overflow) > 0 {
			t.Errorf("counter %s helps with %v, want specialists", c.ID, c.Overflow)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("desks (-want +got):\n%s", diff)
	}
	// But for the desks and the rule it is the same office.
	before.Counters, before.Rule = now.Counters, now.Rule
	if diff := cmp.Diff(now, before); diff != "" {
		t.Errorf("the offices differ (-now +before):\n%s", diff)
	}
}

func TestPiacenzaHours(t *testing.T) {
	s := load(t, "office/piacenza.yaml").Settings()
	rome, err := time.LoadLocation(s.Zone)
	if err != nil {
		t.Fatal(err)
	}
	// Hours of two weeks and of each public holiday; "" is closed.
	want := map[string]string{
		"2026-11-23": "08:15-17:00", "2026-11-24": "08:15-17:00", "2026-11-25": "08:15-13:30", "2026-11-26": "08:15-17:00",
		"2026-11-27": "08:15-13:30", "2026-11-28": "08:15-12:15", "2026-11-29": "",
	}
	for _, year := range []string{"2026-", "2027-"} {
		for _, day := range []string{"01-01", "01-06", "04-25", "05-01", "06-02", "07-04", "08-15", "10-04", "11-01", "12-08", "12-25", "12-26"} {
			want[year+day] = ""
		}
	}
	for _, easter := range []string{"2026-04-05", "2026-04-06", "2027-03-28", "2027-03-29"} {
		want[easter] = ""
	}
	for date, hours := range want {
		midnight, err := queue.Date(date).Midnight(rome)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, o := range s.Hours.On(midnight) {
			got = append(got, o.From.Format("15:04")+"-"+o.To.Format("15:04"))
		}
		if strings.Join(got, " ") != hours {
			t.Errorf("%s is open %v, want %q", date, got, hours)
		}
	}
	for _, e := range s.Hours.Exceptions {
		if _, known := want[string(e.Date)]; !known {
			t.Errorf("%s is an exception, but no public holiday", e.Date)
		}
	}
}
