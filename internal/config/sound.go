// SPDX-License-Identifier: EUPL-1.2

package config

import (
	"path/filepath"
	"strings"
	"time"

	"github.com/avanti-queue/avanti/display"
	"github.com/avanti-queue/avanti/queue"
)

// Hall is what the screens of the hall show.
type Hall struct {
	Screens []HallScreen // the first one is that of an address that names none; never empty
	Strip   Strip
}

// HallScreen is a screen on a wall. Screens that hang at the same place share one.
type HallScreen struct {
	ID       string
	Diagonal int // inches, 10 to 200
	Distance int // metres to the farthest seat, 1 to 50
	Theme    Theme
	Silent   bool                              // another one near it makes the sound
	Arrows   map[queue.CounterID]display.Arrow // where counters are as seen from it; nil: it does not say
}

// Strip is what a hall tells of those who wait.
type Strip string

// The strips.
const (
	StripWaits   Strip = "waits"   // how many wait for each group and how long
	StripNumbers Strip = "numbers" // besides, the number of each group that was called last
	StripOff     Strip = "off"
)

// Theme is how bright a screen is.
type Theme string

// The themes.
const (
	ThemeDark  Theme = "dark"
	ThemeLight Theme = "light"
)

// Sound is what a call sounds like.
type Sound struct {
	Calls   Calls
	Volume  int           // percent, 0 to 100
	Hours   []Volume      // parts of the day with another volume
	Program string        // that speaks, a name or a full path; a name that is not installed is no fault
	Clips   string        // full path of a directory with recorded words; "": there are none
	Both    bool          // calls are spoken in the citizen's language too, where it is not the office's own
	Repeat  time.Duration // after which a citizen who has not come is called once more; 0: never
}

// Calls is what is heard of a call.
type Calls string

// What is heard.
const (
	CallsSpoken Calls = "spoken" // a chime and the words, where something speaks
	CallsChime  Calls = "chime"
	CallsSilent Calls = "silent"
)

// Volume is how loud it is in a part of every day.
type Volume struct {
	Span   queue.Span
	Volume int // percent
}

func (r *reader) hall(v value) Hall {
	s := v.section()
	out := Hall{Strip: choice(s.field("strip"), StripWaits, StripWaits, StripNumbers, StripOff)}
	ids := newNames[string]("screen")
	for _, item := range s.field("screens").items("{id, diagonal, distance, theme, silent, arrows}") {
		x := item.section()
		out.Screens = append(out.Screens, HallScreen{
			ID:       ids.define(x.field("id")),
			Diagonal: x.field("diagonal").integer(DefaultDiagonal, 10, 200),
			Distance: x.field("distance").integer(DefaultDistance, 1, 50),
			Theme:    choice(x.field("theme"), ThemeDark, ThemeDark, ThemeLight),
			Silent:   x.field("silent").truth(false),
			Arrows:   r.arrows(x.field("arrows"), KindHall),
		})
		x.done()
	}
	if len(out.Screens) == 0 {
		out.Screens = []HallScreen{{ID: DefaultScreen, Diagonal: DefaultDiagonal, Distance: DefaultDistance, Theme: ThemeDark}}
	}
	s.done()
	return out
}

func readSound(v value) Sound {
	s := v.section()
	out := Sound{
		Calls:   choice(s.field("calls"), CallsSpoken, CallsSpoken, CallsChime, CallsSilent),
		Volume:  s.field("volume").integer(DefaultVolume, 0, 100),
		Both:    choice(s.field("languages"), "both", "both", "office") == "both",
		Program: DefaultProgram,
	}
	const wantHours = `{at: "08:00-09:00", volume: 40}`
	for _, item := range s.field("hours").items(wantHours) {
		x := item.section()
		at := x.need("at", "a part of the day such as 08:00-09:00")
		volume := Volume{Volume: x.need("volume", "percent, 0 to 100").integer(0, 0, 100)}
		if text, ok := at.text("a part of the day such as 08:00-09:00"); ok {
			from, to, _ := strings.Cut(text, "-")
			a, okFrom := minutes(from)
			b, okTo := minutes(to)
			if !okFrom || !okTo || a >= b {
				at.report(at.is()+" is not a part of a day", "a part of the day such as 08:00-09:00")
			}
			volume.Span = queue.Span{From: a, To: b}
		}
		x.done()
		out.Hours = append(out.Hours, volume)
	}
	if p := s.field("program"); !p.absent() {
		const want = "the name of a program such as espeak-ng, or its full path"
		text, ok := p.text(want)
		if ok && (strings.HasPrefix(text, "-") || strings.Contains(text, "/") && !filepath.IsAbs(text)) {
			p.report(p.is(), want)
		}
		out.Program = text
	}
	if c := s.field("clips"); !c.absent() {
		const want = "the full path of a directory with recorded words"
		text, ok := c.text(want)
		if ok && !filepath.IsAbs(text) {
			c.report(c.is()+" is not a full path", want)
		}
		out.Clips = text
	}
	out.Repeat = s.field("repeat").span(DefaultRepeat, 0, 5*time.Minute)
	s.done()
	return out
}
