// SPDX-License-Identifier: EUPL-1.2

package web_test

import (
	"html"
	"regexp"
	"testing"
	"time"

	"github.com/avanti-queue/avanti/internal/web"
	"github.com/avanti-queue/avanti/queue/staffing"
)

// whatIf is what the page says of a counter more on Mondays.
func whatIf(t *testing.T, h *hall, lang string) string {
	t.Helper()
	w := h.send(t, request{path: "/manager/try?day=1&counters=1&from=16&to=36&lang=" + lang, as: "boss"})
	m := regexp.MustCompile(`<p class="told" role="status">([^<]*)</p>`).FindStringSubmatch(w.Body.String())
	if m == nil {
		t.Fatalf("%d: %s", w.Code, w.Body)
	}
	return html.UnescapeString(m[1])
}

// On a single day a counter more helps a lot, and nobody knows whether it would on another.
func TestTryOneDay(t *testing.T) {
	for days, want := range map[int]map[string]string{
		1: {
			"en": `^Called in time: \d+ points more\. Mean wait: \d+ min less\. With so few days any difference may be chance\.$`,
			"it": `^Chiamati in tempo: \d+ punti in più\. Attesa media: \d+ min in meno\. Con così poche giornate ogni differenza può essere un caso\.$`,
			"ro": `^Chemați la timp: cu \d+ de puncte mai mult\. Așteptare medie: cu \d+ min mai puțin\. Cu atât de puține zile, orice diferență poate fi întâmplătoare\.$`,
			"es": `^Llamados a tiempo: \d+ puntos más\. Espera media: \d+ min menos\. Con tan pocos días cualquier diferencia puede ser casualidad\.$`,
		},
		3: {"en": `^Called in time: \d+ points more \(±\d+\)\. Mean wait: \d+ min less \(±[\d.]+ min\)\. With so few days any difference may be chance\.$`},
		4: {"en": `^Called in time: \d+ points more \(±\d+\)\. Mean wait: \d+ min less \(±[\d.]+ min\)\.$`},
	} {
		l := mondays()
		l.past.Days = l.past.Days[:days]
		h := open(t, nil, func(o *web.Options) { o.Figures = l })
		for lang, want := range want {
			if got := whatIf(t, h, lang); !regexp.MustCompile(want).MatchString(got) {
				t.Errorf("%d days, %s: %q, want %s", days, lang, got, want)
			}
		}
	}
}

// trials are of given figures.
type trials struct {
	*lived
	tried staffing.Tried
}

func (x *trials) Try(staffing.WhatIf, time.Weekday) (staffing.Tried, bool, error) {
	return x.tried, true, nil
}

// Each of the two differences is said by itself to be possibly chance.
func TestTryChance(t *testing.T) {
	const share, chance = "Called in time: 10 points more (±3).", " This difference may be chance."
	for name, test := range map[string]struct {
		gainErr   float64
		soonerErr time.Duration
		want      string
	}{
		"both are sure":     {.03, 2 * time.Minute, share + " Mean wait: 5.0 min less (±2.0 min)."},
		"two errors exact":  {.03, 150 * time.Second, share + " Mean wait: 5.0 min less (±2.5 min)."},
		"waits by chance":   {.03, 3 * time.Minute, share + " Mean wait: 5.0 min less (±3.0 min)." + chance},
		"share by chance":   {.06, 2 * time.Minute, "Called in time: 10 points more (±6)." + chance + " Mean wait: 5.0 min less (±2.0 min)."},
		"both by chance":    {.06, 3 * time.Minute, "Called in time: 10 points more (±6)." + chance + " Mean wait: 5.0 min less (±3.0 min)." + chance},
		"errors of nothing": {0, 0, "Called in time: 10 points more (±0). Mean wait: 5.0 min less (±0.0 min)."},
	} {
		t.Run(name, func(t *testing.T) {
			x := &trials{mondays(), staffing.Tried{
				Weekday: time.Monday, Days: staffing.FewDays, AllBefore: staffing.Estimate{N: 90, Share: .5}, AllAfter: staffing.Estimate{N: 90, Share: .6},
				Gain: .1, GainErr: test.gainErr, Sooner: 5 * time.Minute, SoonerErr: test.soonerErr,
			}}
			h := open(t, nil, func(o *web.Options) { o.Figures = x })
			if got := whatIf(t, h, "en"); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}
