// SPDX-License-Identifier: EUPL-1.2

package waits

import (
	"bytes"
	"encoding/xml"
	"fmt"
)

// Chart returns the mean absolute errors of each scenario as bars, as an SVG.
func (r *Report) Chart() []byte {
	bars := []struct{ method, name, colour string }{
		{SIM, "Avanti's forecast", "#0b6e4f"},
		{Oracle, "the same, knowing the true figures", "#9ac7b5"},
		{QLPool, "queue × mean service ÷ counters, of all who share them", "#c98a1b"},
		{LESPool, "the last wait", "#8b8b8b"},
		{QLNaive, "own queue × mean service ÷ counters", "#b04a3a"},
	}
	const left, top, width, bar, gap = 60, 90, 900, 11, 16
	most := 1.0
	for _, id := range r.ids {
		for _, b := range bars {
			f, _ := r.figures(id, b.method)
			most = max(most, f.mae)
		}
	}
	group := len(bars)*bar + gap
	height := top + len(r.ids)*group + 40
	var out bytes.Buffer
	p := func(format string, args ...any) { fmt.Fprintf(&out, format+"\n", args...) }
	p(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="system-ui, sans-serif" font-size="13" role="img" aria-labelledby="t d">`, width, height)
	p(`<!-- SPDX-License-Identifier: EUPL-1.2 -->`)
	p(`<title id="t">Mean absolute error of what is told at issue, in minutes</title>`)
	p(`<desc id="d">Eleven invented offices; shorter bars are better. The table beside the chart has the figures.</desc>`)
	p(`<rect width="%d" height="%d" fill="#fff"/>`, width, height)
	for i, b := range bars {
		x, y := left+(i%2)*420, 16+(i/2)*22
		p(`<rect x="%d" y="%d" width="14" height="14" fill="%s"/><text x="%d" y="%d">%s</text>`, x, y, b.colour, x+20, y+12, escape(b.name))
	}
	scale := float64(width-left-60) / most
	for minutes := 0.0; minutes <= most; minutes += 5 {
		x := float64(left) + minutes*scale
		p(`<line x1="%.1f" y1="%d" x2="%.1f" y2="%d" stroke="#ddd"/><text x="%.1f" y="%d" text-anchor="middle" fill="#555">%.0f</text>`,
			x, top-6, x, height-30, x, height-12, minutes)
	}
	for i, id := range r.ids {
		y := top + i*group
		p(`<text x="%d" y="%d" text-anchor="end" font-weight="600">%s</text>`, left-10, y+len(bars)*bar/2+5, escape(id))
		for k, b := range bars {
			f, ok := r.figures(id, b.method)
			if !ok {
				continue
			}
			w := f.mae * scale
			p(`<rect x="%d" y="%d" width="%.1f" height="%d" fill="%s"/><text x="%.1f" y="%d" font-size="10" fill="#333">%.1f</text>`,
				left, y+k*bar, w, bar-1, b.colour, float64(left)+w+4, y+k*bar+bar-2, f.mae)
		}
	}
	p(`<text x="%d" y="%d" text-anchor="end" fill="#555">minutes</text>`, width-4, height-12)
	p(`</svg>`)
	return out.Bytes()
}

func escape(s string) string {
	var out bytes.Buffer
	_ = xml.EscapeText(&out, []byte(s)) // a buffer takes everything
	return out.String()
}
