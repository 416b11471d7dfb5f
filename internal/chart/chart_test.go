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
			Words: words(), Columns: []string{"8", "", hostile, "10"}, Limit: 15, Marks: []chart.Mark{{}, {Value: 20, Text: hostile}},
			Places: []chart.Place{{Known: true, Low: 1, Middle: 2, High: 3}, {Known: true, Low: 1, Middle: 2, High: 300}, {}, {Known: true}},
		}.Draw(),
		"bars": chart.Bars{Words: words(), Bars: []chart.Bar{{Name: hostile, Text: hostile, Value: 3, Low: 2, High: 4}, {Value: -3}, {Value: 99}}}.Draw(5),
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

// Text on a colour must be readable by light and by dark; nothing else looks at it.
func TestContrast(t *testing.T) {
	data, err := os.ReadFile("../report/static/chart.css")
	if err != nil {
		t.Fatal(err)
	}
	light, dark, ok := strings.Cut(string(data), "prefers-color-scheme: dark")
	if !ok {
		t.Fatal("no colours for dark")
	}
	for scheme, css := range map[string]string{"light": light, "dark": dark} {
		for level := range chart.Levels {
			ground, letters := colour(t, css, "--heat-"+strconv.Itoa(level)), colour(t, css, "--on-heat-"+strconv.Itoa(level))
			if c := contrast(ground, letters); c < 4.5 {
				t.Errorf("%s: text on heat %d has a contrast of %.2f", scheme, level, c)
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
