// SPDX-License-Identifier: EUPL-1.2

package escpos

import (
	"bytes"
	"strconv"
	"strings"
	"time"

	"github.com/avanti-queue/avanti/device"
	"github.com/avanti-queue/avanti/internal/outline"
)

// Parse reads a profile file, which is YAML of the kind in the directory profiles; file is its
// name for the faults. The error is a *FileFaults with everything that is wrong, each with its
// line, its field and what would be right; after a fault in the syntax there is nothing else to say.
func Parse(file string, data []byte) (Profile, error) {
	t := &tree{file: file, faulty: map[string]bool{}}
	var p Profile
	if top, ok := t.top(data); ok {
		p.read(top)
	}
	if len(t.faults) > 0 {
		return Profile{}, outline.InOrder(t.faults)
	}
	return p, nil
}

func (p *Profile) read(top place) {
	s := top.section()
	name := s.need("name", "the name of the profile")
	p.Name, _ = name.text("a name such as epson-tm-t20iii")
	if p.Name != "" && !plainName(p.Name) {
		name.report(name.is(), "small letters, digits and hyphens, at most 40")
	}
	p.Language = word(s.field("language"), false, LanguageEscpos, LanguageStar)
	p.readPaper(s.need("paper", "the size and the speed of the paper"))
	p.readText(s.need("text", "the code pages"))
	p.readSymbols(s.field("symbols"))
	p.readCut(s.need("cut", "the command of the cutter"))
	p.readStatus(s.field("status"))
	p.readConfirm(s.need("confirm", "by what a slip is confirmed"))
	p.readLine(s.field("line"))
	s.done()
}

func plainName(s string) bool {
	return len(s) <= 40 && !strings.ContainsFunc(s, func(r rune) bool {
		return r != '-' && (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
}

func (p *Profile) readPaper(at place) {
	s := at.section()
	p.Dots = s.need("dots", "the printable dots of a line").number(96, 1280, 576)
	p.DotsPerMM = s.need("dots_per_mm", "the dots of a millimetre").number(4, 24, 8)
	// Below nine dots there is no letter.
	p.Columns = s.field("columns").number(8, p.Dots/9, p.Dots/fontWidth)
	p.Speed = s.need("speed", "millimetres a second").number(10, 1000, 10)
	p.Length = s.need("length", "millimetres of an ordinary slip").number(20, 1000, 20)
	p.Shortest = s.field("shortest").number(0, 500, 0)
	s.done()
}

func (p *Profile) readText(at place) {
	s := at.section()
	pages := s.need("pages", "a list of code pages")
	items := pages.items("code pages")
	if !pages.absent() && (len(items) == 0 || len(items) > 32) {
		pages.report(strconv.Itoa(len(items))+" pages", "1 to 32")
		items = nil
	}
	numbers, tables := map[byte]bool{}, map[string]bool{}
	for _, item := range items {
		s := item.section()
		at := s.need("number", "the printer's number of the page")
		number := byte(at.number(0, 255, 0))
		if !at.absent() && numbers[number] {
			at.report("page "+at.is()+" stands twice", "each page once")
		}
		numbers[number] = true
		at = s.need("table", "one of "+tableNames)
		if name, ok := at.text("one of " + tableNames); ok {
			switch table := tableOf(name); {
			case table == nil:
				at.report(at.is(), "one of "+tableNames)
			case tables[name]:
				at.report("table "+at.is()+" stands twice", "each table once")
			default:
				p.Pages = append(p.Pages, Page{number, table})
			}
			tables[name] = true
		}
		s.done()
	}
	p.FontB = s.field("font_b").truth()
	at = s.field("double_byte")
	p.DoubleByte = at.truth()
	if p.DoubleByte && p.Language == LanguageStar {
		at.report("true", "false with language star")
	}
	at = s.field("glyphs")
	p.Glyphs = at.truth()
	if p.Glyphs && p.Language == LanguageStar {
		at.report("true", "false with language star")
	}
	s.done()
}

func (p *Profile) readSymbols(at place) {
	s := at.section()
	qr := s.field("qr")
	p.QR = word(qr, true, QREpson, QRCustom, QRStar)
	belongs(p, qr, p.QR == QRStar, p.QR != QRNone)
	p.Module = s.field("module").number(minModule, maxModule, 6)
	image := s.field("image")
	p.Image = word(image, true, ImageRaster, ImageStar, ImageNippon)
	belongs(p, image, p.Image == ImageStar, p.Image != ImageNone)
	logo := s.field("logo")
	p.Logo = word(logo, true, LogoGraphics, LogoFSQ, LogoCustom, LogoStar)
	belongs(p, logo, p.Logo == LogoStar, p.Logo != LogoNone)
	s.done()
}

// belongs reports a word of the other command set.
func belongs(p *Profile, at place, star, given bool) {
	if given && p.Language != "" && star != (p.Language == LanguageStar) {
		at.report(at.is(), "none, or one that belongs to the language "+string(p.Language))
	}
}

func (p *Profile) readCut(at place) {
	s := at.section()
	command := s.need("command", "the bytes that feed and cut")
	p.Cut = command.inOrder()
	if p.Cut != nil && !cuts(p.Language, p.Cut) {
		want := "GS V (1D 56), ESC i (1B 69), ESC m (1B 6D) or FS P (1C 50) in it"
		if p.Language == LanguageStar {
			want = "ESC d (1B 64) in it"
		}
		command.report("no command that cuts", want)
	}
	p.CutTime = time.Duration(s.need("milliseconds", "the time of the cutter and the presenter").number(0, 60_000, 0)) * time.Millisecond
	s.done()
}

// cuts says whether a command of the language that cuts is among the bytes.
func cuts(l Language, command []byte) bool {
	if l == LanguageStar {
		return bytes.Contains(command, []byte("\x1bd"))
	}
	for _, cut := range []string{"\x1dV", "\x1bi", "\x1bm", "\x1cP"} {
		if bytes.Contains(command, []byte(cut)) {
			return true
		}
	}
	return false
}

func (p *Profile) readStatus(at place) {
	s := at.section()
	p.Status = word(s.field("dialect"), true, StatusEpson, StatusLenient, StatusCustom, StatusStar, StatusNippon)
	answers := func(key string, read func(place) []byte) []byte {
		at := s.field(key)
		if !at.absent() && p.Status == StatusNone {
			at.report(at.is(), "nothing: a printer without a status dialect says nothing")
		}
		return read(at)
	}
	p.Auto = answers("auto", place.inOrder)
	p.Clear = answers("clear", place.command)
	p.Recover = answers("recover", place.command)
	p.Cuts = answers("cuts", place.inOrder)
	p.Meter = answers("meter", place.inOrder)
	p.PowerUps = answers("power_ups", place.inOrder)
	p.RealTime = s.field("real_time").truth()
	s.done()
}

func (p *Profile) readConfirm(at place) {
	s := at.section()
	level := s.field("level")
	p.Confirm = word(level, false, device.LevelConfirmed, device.LevelOrdered, device.LevelTimed, device.LevelNone)
	by := s.field("by")
	p.Confirmation = word(by, true, ConfirmationProcess, ConfirmationETB, ConfirmationJob, ConfirmationOrdered, ConfirmationTimed)
	ordered := s.field("ordered")
	p.Ordered = ordered.inOrder()
	s.done()

	if p.Confirm != "" && p.Confirm != levelOf(p.Confirmation) {
		by.report(by.is()+" does not reach level "+string(p.Confirm), "process-id, etb or job-id for A, ordered for B, timed for C, none for 0")
	}
	if p.Confirmation == ConfirmationOrdered && ordered.absent() {
		ordered.report("missing", "the question that is answered in its turn, such as 1D 72 01")
	}
	if p.Ordered != nil && p.Status == StatusNone {
		ordered.report(ordered.is(), "nothing: a printer without a status dialect says nothing")
	}
	if wants := dialectOf(p.Confirmation); wants != StatusNone && wants != p.Status {
		by.report(by.is(), "with it the status dialect "+string(wants))
	}
	if p.Confirmation == ConfirmationETB && p.Auto == nil {
		by.report(by.is(), "with it status.auto, for the counter stands in the unasked status")
	}
}

// levelOf returns the level that a confirmation reaches.
func levelOf(c Confirmation) device.Level {
	switch c {
	case ConfirmationProcess, ConfirmationETB, ConfirmationJob:
		return device.LevelConfirmed
	case ConfirmationOrdered:
		return device.LevelOrdered
	case ConfirmationTimed:
		return device.LevelTimed
	case ConfirmationNone:
	}
	return device.LevelNone
}

// dialectOf returns the only dialect that a confirmation is part of; StatusNone: any.
func dialectOf(c Confirmation) StatusDialect {
	switch c {
	case ConfirmationProcess:
		return StatusEpson
	case ConfirmationETB:
		return StatusStar
	case ConfirmationJob:
		return StatusNippon
	case ConfirmationOrdered, ConfirmationTimed, ConfirmationNone:
	}
	return StatusNone
}

func (p *Profile) readLine(at place) {
	s := at.section()
	baud := s.field("baud")
	p.Baud = baud.number(0, 921_600, 0)
	if p.Baud%300 != 0 {
		baud.report(baud.is(), "a usual speed such as 9600, 19200, 38400 or 115200")
	}
	p.Flow = word(s.field("flow"), false, "none", "rtscts", "xonxoff")
	p.Buffer = s.field("buffer").number(0, 1<<20, 0)
	slack := s.field("slack")
	p.Slack = slack.number(0, 1<<20, 0)
	if p.Slack > 0 && p.Slack >= p.Buffer {
		slack.report(slack.is(), "less than the buffer")
	}
	s.done()
}
