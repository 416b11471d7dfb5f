// SPDX-License-Identifier: EUPL-1.2

package escpos_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/device/escpos"
)

func TestMeasure(t *testing.T) {
	for _, name := range escpos.Names() {
		p := profile(t, name)
		measured := func(parts ...device.Part) int {
			pieces := p.Pieces(device.Job{ID: "0001", Slip: device.Slip{Number: "A1", Parts: parts}})
			each, whole := p.Measure(pieces)
			sum := 0
			for _, mm := range each {
				sum += mm
			}
			if len(each) != len(pieces) || slices.Min(each) < 0 || sum+len(each) < whole-p.Shortest-15 {
				t.Errorf("%s: %v, in all %d mm", name, each, whole)
			}
			return whole
		}
		line := device.Part{Text: "Anagrafe"}
		large := device.Part{Text: "Anagrafe", Size: device.SizeLarge}
		ten, twenty := measured(slices.Repeat([]device.Part{line}, 30)...), measured(slices.Repeat([]device.Part{line}, 60)...)
		if grown := twenty - ten; grown < 90 || grown > 140 {
			t.Errorf("%s: thirty lines more are %d mm longer, want 112 or so", name, grown)
		}
		if grown := measured(slices.Repeat([]device.Part{large}, 30)...) - ten; grown < 70 {
			t.Errorf("%s: thirty lines of twice the height are %d mm longer, want 90 or so", name, grown)
		}
		many := slices.Repeat([]device.Part{line}, 30)
		symbol := device.Part{Kind: device.PartQR, Text: "https://coda.example.it/t/" + strings.Repeat("7", 22)}
		if grown := measured(append(many, symbol)...) - ten; grown < 12 || grown > 60 {
			t.Errorf("%s: a symbol is %d mm long", name, grown)
		}
	}
}
