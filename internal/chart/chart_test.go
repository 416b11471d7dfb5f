// SPDX-License-Identifier: EUPL-1.2

package chart_test

import (
	"encoding/xml"
	"errors"
	"html/template"
	"io"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/avanti-queue/avanti/internal/chart"
)

const hostile = `<script>alert("1")</script>'&`

func words() chart.Words { return chart.Words{ID: "w", Title: hostile, Desc: hostile} }

func drawings() map[string]template.HTML {
	return map[string]template.HTML{
		"heat": chart.Heat{
			Words: words(), Rows: []string{hostile, "tue", "wed"}, Columns: []string{"8", hostile},
			Cells: [][]chart.Cell{{{Text: hostile, Value: 5}, {}}, {{Text: "900", Value: 900}, {Text: "-1", Value: -1}}},
		}.Draw(10),
		"band": chart.Band{
			Words: words(), Columns: []string{"8", "", hostile, "10"}, Limit: chart.Mark{Value: 15, Text: hostile}, Marks: []chart.Mark{{}, {Value: 20, Text: hostile}},
			Places: []chart.Place{{Known: true, Low: 1, Middle: 2, High: 3}, {Known: true, Low: 1, Middle: 2, High: 300}, {}, {Known: true}},
		}.Draw(),
		"bars": chart.Bars{Words: words(), Bars: []chart.Bar{{Name: hostile, Text: hostile, Value: 3, Low: 2, High: 4}, {Value: -3}, {Value: 99}}}.Draw(5),
		"stack": chart.Stack{
			Words: words(), Parts: []chart.Part{{Name: hostile, Class: "green"}, {Name: "red", Class: "red"}},
			Wholes: []chart.Whole{{Name: hostile, Shares: []float64{.9, .1}, Texts: []string{"90 %", hostile}}, {Name: "?", Shares: []float64{-1, 7}, Texts: []string{"", ""}}},
		}.Draw(),
		"none": chart.Bars{Words: words()}.Draw(1),
	}
}

// Whatever the texts say, a drawing is one well-formed SVG without script and style.
func TestDrawingsAreDrawings(t *testing.T) {
	for name, drawing := range drawings() {
		d := xml.NewDecoder(strings.NewReader(string(drawing)))
		texts := 0
		for {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v\n%s", name, err, drawing)
			}
			switch e := token.(type) {
			case xml.StartElement:
				if e.Name.Local == "script" || e.Name.Local == "style" {
					t.Errorf("%s has a %s", name, e.Name.Local)
				}
				for _, a := range e.Attr {
					if a.Name.Local == "style" || strings.HasPrefix(a.Name.Local, "on") || strings.Contains(a.Value, "NaN") {
						t.Errorf("%s: %s has %s=%q", name, e.Name.Local, a.Name.Local, a.Value)
					}
				}
			case xml.CharData:
				if string(e) == hostile {
					texts++
				}
			}
		}
		if texts < 2 {
			t.Errorf("%s does not say its title and description", name)
		}
	}
}

func TestLevels(t *testing.T) {
	for value, want := range map[float64]int{-1: 0, 0: 0, 1.9: 0, 2: 1, 5: 2, 9.9: 4, 10: 5, 1e9: 5} {
		if got := chart.Level(value, 10); got != want {
			t.Errorf("%v of 10: level %d, want %d", value, got, want)
		}
	}
}

// schemes are the colours of a page and of the drawings on it, by light and by dark.
func schemes(t *testing.T, page string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, name := range []string{page, "../report/static/chart.css"} {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		light, dark, ok := strings.Cut(string(data), "prefers-color-scheme: dark")
		if !ok {
			t.Fatal("no colours for dark in ", name)
		}
		out["light"] += light
		out["dark"] += dark
	}
	return out
}

// Drawings must be readable by light and by dark (WCAG 2.2, 1.4.3 and 1.4.11): letters on a
// colour, whatever shows a figure on its page, and what is drawn on top of something else.
// Nothing else looks at it.
func TestContrast(t *testing.T) {
	type pair struct {
		sign, ground string
		least        float64
	}
	pairs := []pair{
		{"--bar", "--panel", 3},
		{"--range", "--panel", 3},
		{"--range", "--bar", 3},
		{"--edge", "--panel", 3},
		{"--middle", "--panel", 3},
		{"--middle", "--band", 3},
		{"--limit", "--panel", 4.5},
		{"--limit", "--band", 4.5}, // its name stands above it
		{"--soft", "--panel", 4.5},
		{"--text", "--panel", 4.5},
	}
	for _, face := range []string{"green", "yellow", "red"} {
		pairs = append(pairs, pair{"--" + face, "--panel", 3}, pair{"--on-" + face, "--" + face, 4.5})
	}
	for level := range chart.Levels {
		n := strconv.Itoa(level)
		pairs = append(pairs, pair{"--on-heat-" + n, "--heat-" + n, 4.5})
	}
	for _, page := range []string{"../report/static/paper.css", "../web/static/base.css"} {
		for scheme, css := range schemes(t, page) {
			for _, p := range pairs {
				if c := contrast(colour(t, css, p.sign), colour(t, css, p.ground)); c < p.least {
					t.Errorf("%s, %s: %s on %s has a contrast of %.2f, want %.1f", page, scheme, p.sign, p.ground, c, p.least)
				}
			}
		}
	}
}

// colour returns the luminance of a colour (WCAG 2.2, relative luminance).
func colour(t *testing.T, css, name string) float64 {
	t.Helper()
	m := regexp.MustCompile(regexp.QuoteMeta(name) + `: #([0-9a-f]{3,6});`).FindStringSubmatch(css)
	if m == nil {
		t.Fatalf("no %s", name)
	}
	hex := m[1]
	if len(hex) == 3 {
		hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
	}
	sum := 0.0
	for i, weight := range []float64{.2126, .7152, .0722} {
		v, err := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		x := float64(v) / 255
		if x <= .04045 {
			x /= 12.92
		} else {
			x = math.Pow((x+.055)/1.055, 2.4)
		}
		sum += weight * x
	}
	return sum
}

func contrast(a, b float64) float64 { return (max(a, b) + .05) / (min(a, b) + .05) }
